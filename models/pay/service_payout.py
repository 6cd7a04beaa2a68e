from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.fields import Command

from ..logic.stripe_amount import from_minor_units
from ..logic.stripe_payout import read_parts
from ..settings.row_lock import wait_for_rows


class ServicePayout(models.Model):
    """Money that Stripe sent to the bank: what it is made of, and its entry, which empties the clearing account."""

    _name = "service.payout"
    _description = "Stripe Payout"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "arrival_on desc, id desc"
    _rec_name = "payout_ref"
    _mail_post_access = "read"

    provider_id = fields.Many2one("payment.provider", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    payout_ref = fields.Char(string="Stripe's Number", required=True, readonly=True)
    arrival_on = fields.Date(string="At the Bank", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    line_ids = fields.One2many("service.payout.line", "payout_id", readonly=True)
    amount_gross = fields.Monetary(string="Gross", compute="_compute_amounts")
    amount_fee = fields.Monetary(string="Fees", compute="_compute_amounts")
    difference = fields.Monetary(compute="_compute_amounts", help="What of the payout Stripe does not explain.")

    # what became of it
    state = fields.Selection(
        selection=[("check", "To look at"), ("booked", "Booked"), ("failed", "Came back")],
        default="check",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    reason = fields.Char(readonly=True, help="Why it is not booked.")
    entry_id = fields.Many2one("account.move", readonly=True, index="btree_not_null")

    _payout_uniq = models.UniqueIndex("(provider_id, payout_ref)")

    # === COMPUTE METHODS === #

    @api.depends("amount", "line_ids.gross", "line_ids.fee", "line_ids.net")
    def _compute_amounts(self):
        for payout in self:
            payout.amount_gross = sum(payout.line_ids.mapped("gross"))
            payout.amount_fee = sum(payout.line_ids.mapped("fee"))
            payout.difference = payout.amount - sum(payout.line_ids.mapped("net"))

    # === ACTION METHODS === #

    def action_check(self):
        """Look again whether all parts of the payouts are known, and book those of which they are."""
        self.check_access("read")
        wait_for_rows(self)
        # In sudo mode because nobody writes payouts by hand.
        for payout in self.sudo().filtered(lambda payout: payout.state == "check"):
            payout._match()

    # === BUSINESS METHODS - PAYOUT === #

    def _job_check(self):
        """Look again at a payout; one that is booked stays as it is.

        :return: What the job page shows as the result.
        :rtype: str
        """
        self.ensure_one()
        self.action_check()
        return self.reason or self.env._("Booked.")

    def _take_payout(self, provider, payout):
        """Keep a payout and what it is made of, once, and book it if nothing is unknown.

        :param provider: The account, locked.
        :param dict payout: As Stripe has it now.
        :return: The payout.
        :rtype: recordset of `service.payout`
        """
        found = self.search([("provider_id", "=", provider.id), ("payout_ref", "=", payout["id"])])
        if not found and payout["status"] in ("paid", "failed"):
            found = self.create(self._prepare_payout_values(provider, payout))
        wait_for_rows(found)
        if found.state == "check":
            found._match()
        if payout["status"] in ("failed", "canceled") and found.state == "booked":
            found.state = "failed"
        return found

    def _match(self):
        """Find what the lines are about, and post the entry; where something is unknown, say so and post nothing.

        Note: `self.ensure_one()`
        """
        self.ensure_one()
        self.line_ids._match()
        self.reason = self._get_problem()
        if self.reason:
            self._tell()
            return
        self.entry_id = self._post_payout()
        self.state = "booked"
        self.activity_ids.action_feedback(feedback=self.env._("It is booked."))

    def _tell(self):
        user = self.company_id._get_job_responsible()
        if user and not self.activity_ids:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("A payout of Stripe's cannot be booked"),
                note=self.reason,
                user_id=user.id,
            )

    # === GETTERS === #

    def _get_problem(self):
        """Return why the payout cannot be booked, False if it can.

        Note: `self.ensure_one()`

        :rtype: str or bool
        """
        self.ensure_one()
        unknown = self.line_ids.filtered(lambda line: not line.is_known)
        if unknown:
            return self.env._("%(count)s parts are not known here, such as %(ref)s.", count=len(unknown),
                              ref=unknown[0].source_ref or unknown[0].balance_ref)  # fmt: skip
        if not self.currency_id.is_zero(self.difference):
            return self.env._("Stripe does not say what all of it is made of: book it by hand.")
        if not self._get_clearing_account():
            return self.env._("The journal of the Stripe account has no account for outstanding receipts.")
        if not self.company_id.transfer_account_id:
            return self.env._("The company has no account for transfers.")
        return False

    @api.model
    def _prepare_payout_values(self, provider, payout, **extra):
        """Return what a payout is made of.

        :param provider: The account.
        :param dict payout: As Stripe has it.
        :rtype: dict
        :raise StripeGatewayError: If its parts cannot be read.
        """
        code = payout["currency"].upper()
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)], limit=1)
        entries = provider._get_gateway().list("balance_transactions", {"payout": payout["id"]})
        lines = [
            {
                "balance_ref": part.ref,
                "kind": part.kind,
                "source_ref": part.source,
                "gross": from_minor_units(part.gross, code),
                "fee": from_minor_units(part.fee, code),
                "net": from_minor_units(part.net, code),
            }
            for part in read_parts(entries, payout["id"])
        ]
        return {
            "provider_id": provider.id,
            "company_id": provider.company_id.id,
            "payout_ref": payout["id"],
            "arrival_on": datetime.fromtimestamp(payout["arrival_date"], UTC).date(),
            "currency_id": currency.id,
            "amount": from_minor_units(payout["amount"], code),
            "line_ids": [Command.create(line) for line in lines],
            **extra,
        }
