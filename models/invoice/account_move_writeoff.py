from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..logic.invoice_status import DUE, UNCOLLECTIBLE
from ..settings.row_lock import wait_for_rows

WRITE_OFF_REASONS = [
    ("payment_not_received", "Payment not received"),
    ("collection_failed", "Collection given up"),
    ("insolvent", "Customer is insolvent"),
    ("disputed", "Disputed"),
    ("forgiven", "Forgiven"),
    ("other", "Other"),
]


class AccountMove(models.Model):
    """Uncollectible: what is due becomes a bad debt, until money comes in for it after all."""

    _inherit = "account.move"

    billing_writeoff_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Bad Debt Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The entry that holds what of the document is a bad debt now.",
    )
    billing_writeoff_reason = fields.Selection(
        selection=WRITE_OFF_REASONS, string="Written Off Because", readonly=True, copy=False, tracking=True
    )
    billing_writeoff_text = fields.Char(string="Write-off Explanation", readonly=True, copy=False)
    billing_is_recovering = fields.Boolean(
        readonly=True, copy=False, help="Money came in after the write-off; part of it is a bad debt still."
    )
    billing_amount_written_off = fields.Monetary(string="Written Off", compute="_compute_billing_amount_written_off")

    # === COMPUTE METHODS === #

    @api.depends("billing_writeoff_move_id", "billing_is_recovering")
    def _compute_billing_status(self):
        super()._compute_billing_status()

    @api.depends("billing_writeoff_move_id")
    def _compute_billing_amount_written_off(self):
        for move in self:
            # In sudo mode because a biller may not read every entry of the books.
            move.billing_amount_written_off = sum(move.sudo()._get_bad_debts().mapped("debit_amount_currency"))

    # === ACTION METHODS === #

    def action_billing_write_off(self, reason, text):
        """Write off what is due as a bad debt. The invoice can be paid still.

        :param str reason: One of `WRITE_OFF_REASONS`.
        :param str text: The explanation.
        :return: A notice where the invoice is written off already, else nothing.
        :rtype: dict or None
        :raise AccessError: If the user is no manager.
        :raise UserError: If it cannot be written off; the sentence says why.
        """
        self.ensure_one()
        self._check_manager()
        wait_for_rows(self)
        if self.billing_status == UNCOLLECTIBLE:
            return self._get_notice(self.env._("%(number)s is written off already.", number=self.name))
        self._check_reason(WRITE_OFF_REASONS, reason, text)
        for message in self._get_write_off_constraints().values():
            raise UserError(message)
        # In sudo mode to write the links and the books, which nobody may write by hand.
        entry = self.sudo()._post_bad_debt(reason, text.strip())
        self._log_step("written_off", entry, text, reason)
        return None

    def action_billing_recover(self):
        """Make the invoice due again, as far as it is a bad debt.

        :return: A notice where nothing of it is, else nothing.
        :rtype: dict or None
        """
        self.ensure_one()
        self._check_manager()
        wait_for_rows(self)
        if not self.billing_writeoff_move_id:
            return self._get_notice(self.env._("Nothing of %(number)s is written off.", number=self.name))
        self._reopen_written_off(self.billing_amount_written_off)
        return None

    def js_assign_outstanding_line(self, line_id):
        """Use a credit or payment on a document; for that, what it covers of a bad debt is due again."""
        self.ensure_one()
        line = self.env["account.move.line"].browse(line_id)
        if self.billing_writeoff_move_id:
            self.check_access("write")
            wait_for_rows(self)
            self._reopen_written_off(self._get_credit_amount(line) - self.amount_residual)
        return super().js_assign_outstanding_line(line_id)

    # === BUSINESS METHODS - WRITE-OFF === #

    def _check_manager(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("service_billing.group_manager"):
            raise AccessError(self.env._("Only a manager decides about bad debts."))

    def _get_write_off_constraints(self):
        """Return what keeps an invoice from being written off. Later stages add theirs.

        Note: `self.ensure_one()`

        :return: `{code: message}`, a sentence each; empty when nothing does.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        constraints = self._get_processing_constraints()
        if self.move_type != "out_invoice" or self.billing_status not in DUE:
            constraints["status"] = self.env._("Only an open invoice can be written off.")
        elif self.currency_id.is_zero(self.amount_residual):
            constraints["due"] = self.env._("Nothing is due on %(number)s.", number=self.name)
        return constraints

    def _reopen_written_off(self, amount):
        """Make as much of a bad debt due again as money came in for; the rest stays a bad debt. Whoever applies money
        to an invoice calls this first. Without a bad debt nothing happens.

        Note: `self.ensure_one()`

        :param float amount: How much at most, in the invoice's currency.
        """
        self.ensure_one()
        # In sudo mode to write the links and the books, which whoever records a payment may not do by hand.
        entry = self.sudo()._post_recovery(amount)
        if entry:
            self._log_step("recovered", entry)

    def _invoice_paid_hook(self):
        """Do nothing of what follows a payment where nobody paid."""
        paid = self.filtered(lambda move: not move.billing_writeoff_move_id and not move._is_void())
        return super(AccountMove, paid)._invoice_paid_hook()

    # === GETTERS === #

    def _get_credit_amount(self, line):
        """Return how much credit a line holds, in the invoice's currency.

        Note: `self.ensure_one()`

        :param line: The open line of a payment or credit note.
        :rtype: float
        """
        self.ensure_one()
        if line.currency_id == self.currency_id:
            return -line.amount_residual_currency
        return line.company_currency_id._convert(-line.amount_residual, self.currency_id, self.company_id, line.date)

    def _get_status_inputs(self):
        return {
            **super()._get_status_inputs(),
            "is_written_off": bool(self.billing_writeoff_move_id),
            "is_recovering": self.billing_is_recovering,
        }
