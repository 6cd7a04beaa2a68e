from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..logic.invoice_status import OPEN
from ..settings.row_lock import wait_for_rows

VOID_REASONS = [
    ("duplicate", "Invoiced twice"),
    ("wrong_customer", "Wrong customer"),
    ("wrong_content", "Wrong lines or prices"),
    ("cancelled_service", "Cancelled service"),
    ("other", "Other"),
]


class AccountMove(models.Model):
    """Void: a document that should never have been is taken back whole, by a mirror entry and for good."""

    _inherit = "account.move"

    billing_void_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Mirror Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The entry that takes the document back. Whoever has one is void, and stays void.",
    )
    billing_void_reason = fields.Selection(
        selection=VOID_REASONS, string="Void Because", readonly=True, copy=False, tracking=True
    )
    billing_void_text = fields.Char(string="Void Explanation", readonly=True, copy=False)
    billing_origin_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Made For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The document that this entry takes back or writes off.",
    )
    billing_void_hint = fields.Char(compute="_compute_billing_void_hint")

    # === COMPUTE METHODS === #

    @api.depends("billing_void_move_id", "billing_origin_move_id")
    def _compute_billing_status(self):
        super()._compute_billing_status()

    def _compute_billing_void_hint(self):
        for move in self:
            is_finalized = move.billing_managed and move.state == "posted" and not move._is_void()
            constraints = move._get_void_constraints() if is_finalized else {}
            move.billing_void_hint = next(iter(constraints.values()), False)

    # === ACTION METHODS === #

    def action_billing_void(self, reason, text, *, release_charges=True):
        """Take the document back whole: a mirror entry is posted, the number stays, nothing is due any more.

        :param str reason: One of `VOID_REASONS`.
        :param str text: The explanation.
        :param bool release_charges: Whether its charges are billed again; otherwise they are waived.
        :return: A notice where the document is void already, else nothing.
        :rtype: dict or None
        :raise UserError: If it cannot be void; the sentence says what to do.
        """
        self.ensure_one()
        self.check_access("write")
        wait_for_rows(self)
        if self._is_void():
            return self._get_notice(self.env._("%(number)s is void already.", number=self.name))
        self._check_reason(VOID_REASONS, reason, text)
        for message in self._get_void_constraints().values():
            raise UserError(message)
        mirror = self._post_mirror(text)
        # In sudo mode to write the link, which nobody may write by hand.
        self.sudo().write(
            {"billing_void_move_id": mirror.id, "billing_void_reason": reason, "billing_void_text": text.strip()}
        )
        self._settle_charges(text, release=release_charges)
        self._log_step("voided", mirror, text.strip(), reason)
        return None

    # === BUSINESS METHODS - VOID === #

    def _get_void_constraints(self):
        """Return what keeps a finalized document from being void. Later stages add theirs.

        Note: `self.ensure_one()`

        :return: `{code: message}`, a sentence each; empty when nothing does.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        constraints = self._get_processing_constraints()
        credit_notes = self.reversal_move_ids.filtered(lambda move: move._is_active_credit())
        applied = self.amount_total - self.amount_residual
        if not self.billing_managed or self.state != "posted":
            constraints["state"] = self.env._("Only what is finalized can be void.")
        elif not self.currency_id.is_zero(applied):
            amount = format_amount(self.env, applied, self.currency_id)
            constraints["applied"] = self.env._(
                "Remove or refund %(amount)s first, or make a credit note.", amount=amount
            )
        elif self.billing_status != OPEN:
            constraints["status"] = self.env._("There is nothing to take back of %(number)s.", number=self.name)
        elif credit_notes:
            names = ", ".join(credit_notes.mapped("display_name"))
            constraints["credit_notes"] = self.env._(
                "Credit what is left instead: there is %(credit_notes)s.", credit_notes=names
            )
        return constraints

    def _get_processing_constraints(self):
        """Return what says that money for the document is on its way.

        :return: `{code: message}`, as `_get_void_constraints` has it.
        :rtype: dict[str, str]
        """
        # In sudo mode because a biller may not read transactions.
        transactions_sudo = self.sudo().transaction_ids
        if any(tx.state in ("pending", "authorized") and tx.provider_code != "custom" for tx in transactions_sudo):
            return {"processing": self.env._("An online payment is under way: wait until it is through or cancelled.")}
        return {}

    def _post_mirror(self, text):
        """Post the entry that takes the document back: on its own day, or the first open one if that is closed.

        :param str text: Why.
        :return: The mirror entry, reconciled with the document.
        :rtype: recordset of `account.move`
        """
        self.ensure_one()
        day = self._get_open_day(self.date)
        values = {
            "ref": self.env._("Void of %(number)s", number=self.name),
            "date": day,
            "invoice_date": day,
            "billing_origin_move_id": self.id,
            "billing_credit_reason": "other",
            "billing_credit_text": text.strip(),
        }
        # In sudo mode to link the mirror to its document, which nobody may do by hand.
        return self.sudo().with_company(self.company_id)._reverse_moves([values], cancel=True)

    def _settle_charges(self, text, *, release):
        """Take the charges off a void document, and give back what a void credit note took of them.

        :param str text: Why.
        :param bool release: Whether the charges are billed again; otherwise they are waived.
        """
        # In sudo mode to write the ledger, which nobody may write by hand.
        move_sudo = self.sudo()
        charges = move_sudo.billing_charge_ids
        credited = self.env["service.charge.credit"].sudo().search([("credit_note_id", "=", self.id)])
        deposits = credited.charge_id.filtered("milestone_id") | credited.charge_id.deposit_use_ids.deposit_charge_id
        (charges.credit_ids | credited).unlink()
        move_sudo.invoice_line_ids.filtered("billing_credited_line_id").billing_credited_line_id = False
        deposits._check_deductible()
        move_sudo._release_charges()
        if not release:
            charges.exists().action_waive(text)

    # === GETTERS === #

    def _get_status_inputs(self):
        return {**super()._get_status_inputs(), "is_void": self._is_void()}

    def _is_void(self):
        """Tell whether the document is void, or is the mirror of one that is.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return bool(self.billing_void_move_id) or self._is_mirror()

    def _is_mirror(self):
        """Tell whether the document is the mirror of a void one: it is part of the books, and no customer sees it.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.billing_managed and bool(self.billing_origin_move_id)

    def _is_active_credit(self):
        """Tell whether a credit note takes something back, or will when it is finalized.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.state != "cancel" and not self._is_void()

    def _get_open_day(self, day):
        """Return a day, or the first open one after it if the books are closed on it.

        Note: `self.ensure_one()`

        :param date day: The day.
        :rtype: date
        """
        self.ensure_one()
        violated = self._get_violated_lock_dates(day, True)
        return fields.Date.add(violated[-1][0], days=1) if violated else day
