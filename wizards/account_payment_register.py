from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..models.settings.row_lock import wait_for_rows


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    billing_managed = fields.Boolean(compute="_compute_billing_managed")
    billing_due_shown = fields.Monetary(
        compute="_compute_billing_due_shown",
        store=True,
        currency_field="source_currency_id",
        help="What was due when the window opened, in the currency of the documents.",
    )
    billing_excess = fields.Monetary(string="More Than Is Due", compute="_compute_billing_excess")
    billing_keep_credit = fields.Boolean(string="Keep the rest as the customer's credit")
    billing_open_day = fields.Date(compute="_compute_billing_open_day")
    billing_external_ref = fields.Char(string="External Reference")
    billing_note = fields.Text(string="Notes")
    billing_is_placeholder = fields.Boolean()
    billing_method_id = fields.Many2one(
        comodel_name="service.payment.method",
        string="Paid With",
        domain="[('company_id', '=', company_id)]",
        help="The way of paying of our own in which the customer paid; it says in which journal the money arrives.",
    )
    billing_send_receipt = fields.Boolean(string="Send a receipt by e-mail")

    # === COMPUTE METHODS === #

    @api.depends("line_ids")
    def _compute_billing_managed(self):
        for wizard in self:
            wizard.billing_managed = any(wizard.line_ids.move_id.mapped("billing_managed"))

    @api.depends("line_ids")
    def _compute_billing_due_shown(self):
        for wizard in self:
            wizard.billing_due_shown = wizard._get_due()

    @api.depends("amount", "currency_id", "payment_date", "billing_due_shown")
    def _compute_billing_excess(self):
        for wizard in self:
            wizard.billing_excess = wizard._get_excess(wizard.billing_due_shown)

    @api.depends("payment_date", "journal_id")
    def _compute_billing_open_day(self):
        for wizard in self:
            day = wizard.billing_managed and wizard.payment_date
            wizard.billing_open_day = day and self.env["account.payment"]._get_first_open_day(
                wizard.company_id, wizard.journal_id, day
            )

    @api.depends("billing_method_id")
    def _compute_journal_id(self):
        super()._compute_journal_id()
        for wizard in self.filtered("billing_method_id"):
            wizard.journal_id = wizard.billing_method_id.journal_id

    def _compute_actionable_errors(self):
        """Do not warn of payments in progress that are on the invoices already: they are counted in what is due."""
        super()._compute_actionable_errors()
        for wizard in self.filtered("billing_managed"):
            payments = wizard.line_ids.move_id.reconciled_payment_ids
            if all(payment.is_reconciled for payment in payments if payment.state == "in_process"):
                errors = wizard.actionable_errors or {}
                wizard.actionable_errors = {code: errors[code] for code in errors if code != "unpaid_matched_payments"}

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_external_ref", "billing_note", "communication")
    def _check_no_card_number(self):
        for wizard in self:
            texts = (wizard.billing_external_ref, wizard.billing_note, wizard.communication)
            self.env["account.payment"]._check_card_number_absent(texts)

    # === ACTION METHODS === #

    def action_create_payments(self):
        """Record the payments; where somebody else was faster, say that the money became credit."""
        if not self.billing_managed:
            return super().action_create_payments()
        wait_for_rows(self.line_ids)
        self._check_billing_input()
        is_overtaken = self.currency_id.compare_amounts(self._get_excess(self._get_due()), self.billing_excess) > 0
        action = super().action_create_payments()
        return self._get_became_credit_notice(action) if is_overtaken else action

    # === BUSINESS METHODS - PAYMENTS === #

    def _check_billing_input(self):
        if any(move.state == "draft" for move in self.line_ids.move_id):
            raise UserError(self.env._("Finalize the invoice first."))
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(self.env._("Enter an amount above zero."))
        if self.payment_difference_handling == "reconcile":
            self._check_due_unchanged()
        elif self.currency_id.compare_amounts(self.billing_excess, 0.0) > 0:
            self._check_excess_kept()

    def _check_due_unchanged(self):
        """Make sure that the difference which is written off is the one that was shown."""
        if self.source_currency_id.compare_amounts(self._get_due(), self.billing_due_shown):
            raise UserError(self.env._("What is due has changed meanwhile: open the window again."))

    def _check_excess_kept(self):
        excess = format_amount(self.env, self.billing_excess, self.currency_id)
        if self.payment_type == "outbound":
            raise UserError(self.env._("That is %(excess)s more than can be refunded: enter less.", excess=excess))
        if not self.billing_keep_credit:
            raise UserError(
                self.env._(
                    "That is %(excess)s more than is due: enter less, or keep the rest as the customer's credit.",
                    excess=excess,
                )
            )

    def _create_payments(self):
        payments = super()._create_payments()
        self._note_overpayments(payments)
        for payment in payments.filtered("billing_received_on"):
            for invoice in payment.reconciled_invoice_ids:
                payment._note_open_day(invoice)
        if self.billing_send_receipt:
            template = self.env.ref("account.mail_template_data_payment_receipt")
            for payment in payments:
                payment.message_post_with_source(template, subtype_xmlid="mail.mt_comment")
        return payments

    def _note_overpayments(self, payments):
        """Leave a to-do where more became credit than whoever recorded the payments wanted."""
        wanted = self.billing_excess if self.billing_keep_credit else 0.0
        for payment in payments:
            unused = payment._get_unused_amount()
            if payment.currency_id.compare_amounts(unused, wanted) > 0:
                self.line_ids.move_id._note_overpayment(payment, unused)

    def _create_payment_vals_from_wizard(self, batch_result):
        return {**super()._create_payment_vals_from_wizard(batch_result), **self._prepare_billing_payment_values()}

    def _create_payment_vals_from_batch(self, batch_result):
        return {**super()._create_payment_vals_from_batch(batch_result), **self._prepare_billing_payment_values()}

    def _prepare_billing_payment_values(self):
        external_ref = (self.billing_external_ref or "").strip()
        return {
            "billing_external_ref": external_ref or False,
            "billing_note": self.billing_note,
            "billing_method_id": self.billing_method_id.id,
            "billing_is_placeholder": self.billing_is_placeholder,
        }

    # === GETTERS === #

    def _get_due(self):
        """Return what is due on the documents now, in their currency.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        return abs(sum(self.line_ids.mapped("amount_residual_currency")))

    def _get_excess(self, due):
        """Return how much more than is due is paid.

        Note: `self.ensure_one()`

        :param float due: What is due, in the currency of the documents.
        :return: An amount in the currency of the payment; 0 when nothing is too much, or the documents have several
            currencies.
        :rtype: float
        """
        self.ensure_one()
        currency = self.line_ids.currency_id
        if len(currency) != 1 or not self.currency_id or not self.payment_date:
            return 0.0
        due = currency._convert(due, self.currency_id, self.company_id, self.payment_date)
        return max(self.currency_id.round(self.amount - due), 0.0)

    def _get_became_credit_notice(self, action):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "Somebody recorded a payment first: what was not due any more is the customer's credit."
                ),
                "next": action if isinstance(action, dict) else {"type": "ir.actions.act_window_close"},
            },
        }
