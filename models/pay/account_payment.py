from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..logic.payment_reference import has_card_number


class AccountPayment(models.Model):
    _inherit = "account.payment"

    billing_external_ref = fields.Char(
        string="External Reference",
        copy=False,
        tracking=True,
        help="The bank's, cheque's or provider's own number of the payment; unique for a payment method.",
    )
    billing_note = fields.Text(string="Notes", copy=False)
    billing_method_id = fields.Many2one(
        comodel_name="service.payment.method",
        string="Own Payment Method",
        check_company=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The way of paying of our own in which the customer paid.",
    )
    billing_is_placeholder = fields.Boolean(
        string="No Bank Line Yet",
        readonly=True,
        copy=False,
        help="Somebody marked the invoice as paid; the money is still to be seen at the bank.",
    )

    _billing_external_ref_uniq = models.UniqueIndex(
        "(payment_method_line_id, billing_external_ref) "
        "WHERE billing_external_ref IS NOT NULL AND state NOT IN ('canceled', 'rejected')",
        "A payment with this external reference is recorded already.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_external_ref", "billing_note", "memo")
    def _check_no_card_number(self):
        for payment in self:
            self._check_card_number_absent((payment.billing_external_ref, payment.billing_note, payment.memo))

    # === CRUD METHODS === #

    def write(self, vals):
        locked = self._get_recorded_fields() & vals.keys()
        for payment in self if locked else ():
            will_change = self.env["account.move"]._will_change
            if payment._is_recorded() and any(will_change(payment, vals, name) for name in locked):
                raise UserError(
                    self.env._("%(payment)s is recorded: remove it and record it anew.", payment=payment.display_name)
                )
        return super().write(vals)

    # === ACTION METHODS === #

    def action_draft(self):
        """Take recorded payments off their invoices first: what is a draft has paid nothing."""
        self.filtered(lambda payment: payment._is_recorded()).move_id.line_ids.remove_move_reconcile()
        return super().action_draft()

    def action_billing_remove(self):
        """Take the payments off their invoices, which are due again; the payments stay as cancelled records.

        :raise UserError: If one lies in a locked period; the sentence says what day is open.
        """
        self.check_access("write")
        recorded = self.filtered(lambda payment: payment.state != "canceled")
        for payment in recorded:
            self._check_open_day(payment.company_id, payment.journal_id, payment.date)
        recorded.action_cancel()

    # === BUSINESS METHODS - CHECKS === #

    @api.model
    def _check_card_number_absent(self, texts):
        """Make sure that no text holds a payment card's number.

        :param texts: What was typed, several texts or nothing.
        :raise ValidationError: If one does.
        """
        if any(map(has_card_number, texts)):
            raise ValidationError(self.env._("Card numbers must not be stored: keep the last four digits only."))

    @api.model
    def _check_open_day(self, company, journal, day):
        """Make sure that payments of a day can be removed.

        :param company: The company whose books are asked.
        :param journal: The journal of the payments.
        :param date day: The day.
        :raise UserError: If the books are closed on that day; the sentence names the first open one.
        """
        first_open_day = self._get_first_open_day(company, journal, day)
        if first_open_day:
            raise UserError(
                self.env._(
                    "The books are closed on that date: the first open day is %(day)s.",
                    day=format_date(self.env, first_open_day),
                )
            )

    # === GETTERS === #

    def _is_recorded(self):
        """Tell whether the payment stands on an invoice or credit note of ours.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.state in ("in_process", "paid") and any(self.reconciled_invoice_ids.mapped("billing_managed"))

    def _is_online(self):
        """Tell whether a payment provider took the money.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        # In sudo mode because a biller may not read transactions.
        transaction_sudo = self.sudo().payment_transaction_id
        return bool(transaction_sudo) and transaction_sudo.provider_code != "custom"

    def _get_unused_amount(self):
        """Return how much of a customer's payment is credit.

        Note: `self.ensure_one()`

        :return: In the payment's currency; 0 for money that went out.
        :rtype: float
        """
        self.ensure_one()
        lines = self.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return max(-sum(lines.mapped("amount_residual_currency")), 0.0)

    @api.model
    def _get_recorded_fields(self):
        """Return the fields that its journal entry holds too, and that core would change in one place only.

        :rtype: set[str]
        """
        return {
            "amount", "currency_id", "date", "partner_id", "payment_type", "partner_type", "journal_id",
            "billing_is_placeholder",
        }  # fmt: skip
