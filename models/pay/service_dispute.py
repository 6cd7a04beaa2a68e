from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..logic.stripe_amount import from_minor_units
from ..logic.stripe_dispute import OVER, STATUSES
from ..settings.row_lock import wait_for_rows


class ServiceDispute(models.Model):
    """A customer who asks the bank for the money of a card payment back: what it is about, and what became of it.

    While the bank decides, the customer owes the money as an open item of its own. Once it is won that is gone; once it
    is lost somebody decides whether the invoice is due again, or is a bad debt.
    """

    _name = "service.dispute"
    _description = "Dispute of a Card Payment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "opened_at desc, id desc"
    _rec_name = "dispute_ref"
    _mail_post_access = "read"

    # what Stripe tells
    provider_id = fields.Many2one("payment.provider", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    dispute_ref = fields.Char(string="Dispute", required=True, readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction", required=True, readonly=True, index=True, groups="account.group_account_invoice"
    )
    reason = fields.Char(readonly=True)
    status = fields.Selection(selection=list(STATUSES), required=True, readonly=True, tracking=True)
    opened_at = fields.Datetime(string="Opened", readonly=True)
    due_by = fields.Datetime(string="Answer By", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True)

    # what it is here
    move_ids = fields.Many2many(
        "account.move", "service_dispute_move_rel", "dispute_id", "move_id", string="Invoices", readonly=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    decision = fields.Selection(
        selection=[("due", "Due again"), ("written_off", "Written off")], readonly=True, tracking=True
    )
    is_open = fields.Boolean(string="Open", compute="_compute_is_open", store=True)

    # in the books
    taken = fields.Monetary(string="Taken by the Bank", readonly=True)
    fee_currency_id = fields.Many2one("res.currency", readonly=True)
    fee = fields.Monetary(string="Stripe's Fee", currency_field="fee_currency_id", readonly=True)
    entry_ids = fields.Many2many(
        "account.move", "service_dispute_entry_rel", "dispute_id", "entry_id", string="Entries", readonly=True
    )

    _dispute_uniq = models.UniqueIndex("(provider_id, dispute_ref)")

    # === COMPUTE METHODS === #

    @api.depends("status", "decision")
    def _compute_is_open(self):
        for dispute in self:
            dispute.is_open = dispute.status not in OVER and not dispute.decision

    # === ACTION METHODS === #

    def action_make_due(self):
        """Make the invoices of a lost dispute due again, as far as it took their payment.

        :return: A notice where somebody decided before, else nothing.
        :rtype: dict or None
        :raise AccessError: If the user keeps no books.
        :raise UserError: If it is not lost.
        """
        if not self.env.su and not self.env.user.has_group("service_billing.group_bookkeeper"):
            raise AccessError(self.env._("Only a bookkeeper decides what becomes of a lost dispute."))
        return self._decide("due")

    def action_write_off(self):
        """Make the invoices of a lost dispute a bad debt.

        :return: A notice where somebody decided before, else nothing.
        :rtype: dict or None
        :raise AccessError: If the user is no manager.
        :raise UserError: If it is not lost.
        """
        self.move_ids._check_manager()
        return self._decide("written_off")

    # === BUSINESS METHODS - DISPUTE === #

    def _take_dispute(self, provider, payment, dispute):
        """Keep a dispute as Stripe has it now, put what it moved into the books, and tell whoever is responsible.

        :param provider: The account.
        :param payment: The disputed transaction, locked.
        :param dict dispute: As Stripe has it.
        :return: The dispute.
        :rtype: recordset of `service.dispute`
        """
        values = self._prepare_dispute_values(dispute)
        found = self.search([("provider_id", "=", provider.id), ("dispute_ref", "=", dispute["id"])])
        if found:
            wait_for_rows(found)
            found.write(values)
        else:
            found = self.create({**values, **self._prepare_link_values(provider, payment, dispute)})
        found._book_funds(dispute["balance_transactions"])
        details = {"dispute": found.dispute_ref, "status": found.status, "reason": found.reason or ""}
        key = f"disputed:{found.dispute_ref}:{found.status}"
        self.env["service.billing.event"]._log("disputed", found.move_ids, details, once_key=key)
        found._tell()
        return found

    def _decide(self, decision):
        self.ensure_one()
        self.check_access("read")
        self.move_ids.check_access("write")
        wait_for_rows(self)
        if self.decision:
            return self.move_ids._get_notice(self.env._("Decided already."))
        if self.status != "lost":
            raise UserError(self.env._("The bank has not decided against us: wait for it."))
        # In sudo mode to write the books, which nobody may write by hand.
        dispute_sudo = self.sudo()
        dispute_sudo._make_due()
        if decision == "written_off":
            for invoice in self.move_ids.filtered("amount_residual"):
                invoice.action_billing_write_off("disputed", self.env._("Dispute %(ref)s", ref=self.dispute_ref))
        dispute_sudo.decision = decision
        dispute_sudo.activity_ids.action_feedback()
        return None

    def _tell(self):
        """Leave a to-do until the dispute is over."""
        if not self.is_open:
            self.activity_ids.action_feedback(feedback=self.env._("The dispute is over."))
            return
        user = self.company_id._get_job_responsible()
        is_lost = self.status == "lost"
        summary = (
            self.env._("Lost: decide what becomes of it") if is_lost else self.env._("A customer disputes a payment")
        )
        if user and summary not in self.activity_ids.mapped("summary"):
            self.activity_ids.action_feedback()
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.due_by.date() if self.due_by and not is_lost else None,
                summary=summary,
                user_id=user.id,
            )

    # === GETTERS === #

    @api.model
    def _prepare_dispute_values(self, dispute, **extra):
        """Return what may change of a dispute.

        :param dict dispute: As Stripe has it.
        :rtype: dict
        """
        due_by = (dispute.get("evidence_details") or {}).get("due_by")
        known = dict(STATUSES)
        return {
            "status": dispute["status"] if dispute["status"] in known else "under_review",
            "reason": (dispute["reason"] or "").replace("_", " "),
            "due_by": due_by and datetime.fromtimestamp(due_by, UTC).replace(tzinfo=None),
            "amount": from_minor_units(dispute["amount"], dispute["currency"].upper()),
            **extra,
        }

    @api.model
    def _prepare_link_values(self, provider, payment, dispute, **extra):
        """Return what a new dispute is about.

        :rtype: dict
        """
        return {
            "provider_id": provider.id,
            "company_id": payment.company_id.id,
            "dispute_ref": dispute["id"],
            "transaction_id": payment.id,
            "currency_id": payment.currency_id.id,
            "partner_id": payment.partner_id.commercial_partner_id.id,
            "move_ids": [fields.Command.set(payment.invoice_ids.ids)],
            "opened_at": datetime.fromtimestamp(dispute["created"], UTC).replace(tzinfo=None),
            **extra,
        }
