from odoo import fields, models
from odoo.tools import format_amount, format_date


class AccountMove(models.Model):
    """How a document was paid: each way of paying with its amount, on screens, pages and paper."""

    _inherit = "account.move"

    billing_paid_text = fields.Char(
        string="Paid By",
        compute="_compute_billing_paid_text",
        compute_sudo=True,
        help="Each way of paying with its amount.",
    )

    # === COMPUTE METHODS === #

    def _compute_billing_paid_text(self):
        for move in self:
            move.billing_paid_text = " · ".join(
                f"{entry['label']} {format_amount(self.env, entry['amount'], move.currency_id)}"
                for entry in move._get_payment_breakdown()
            )

    # === GETTERS === #

    def _get_payment_breakdown(self):
        """Return how the document was paid, each way of paying once.

        Note: `self.ensure_one()`

        :return: `[{'label': 'Cheque', 'amount': 40.0}]`, in the document's currency, in the order of the payments;
            empty where nothing is paid.
        :rtype: list[dict]
        """
        self.ensure_one()
        is_ours = self.billing_managed and self.state == "posted" and not self._is_void()
        amounts = {}
        # In sudo mode because whoever sees the document may know how it was paid, and reads no payments.
        for partial in self.sudo()._get_all_reconciled_invoice_partials() if is_ours else ():
            entry = partial["aml"].move_id
            if not partial["is_exchange"] and not entry.billing_origin_move_id:
                label = self._get_way_of_paying(entry)
                amounts[label] = amounts.get(label, 0.0) + partial["amount"]
        return [{"label": label, "amount": self.currency_id.round(amount)} for label, amount in amounts.items()]

    def _get_way_of_paying(self, entry):
        """Return what a customer calls the way in which an entry paid the document.

        Note: `self.ensure_one()`

        :param entry: The entry, in sudo mode.
        :rtype: str
        """
        self.ensure_one()
        payment = entry.origin_payment_id
        if entry.move_type in ("out_invoice", "out_refund"):
            return self.env._("Credit") if entry.move_type == "out_refund" else self.env._("Deducted")
        if payment.billing_is_placeholder:
            return self.env._("Marked as paid")
        if payment.billing_method_id:
            return payment.billing_method_id.name
        if payment and payment._is_online():
            return payment.payment_transaction_id.payment_method_id.name or self.env._("Online")
        if payment:
            is_transfer = payment.journal_id.type == "bank" and payment.payment_method_line_id.code == "manual"
            return self.env._("Bank transfer") if is_transfer else self._get_method_label(payment)
        return self.env._("Bank transfer") if entry.statement_line_id else self.env._("Other")

    def _get_method_label(self, payment):
        if payment.journal_id.type == "cash":
            return self.env._("Cash")
        return payment.payment_method_line_id.name or payment.journal_id.name

    def _get_print_settlement(self, payment):
        """Override of `invoice` to say how money came, and whether it was the customer's credit before."""
        # In sudo mode because the other document may belong to another branch of the company.
        entry = self.env["account.move"].sudo().browse(payment["move_id"])
        date = format_date(self.env, payment["date"])
        if self.move_type != "out_invoice":
            return super()._get_print_settlement(payment)
        if entry.move_type == "out_refund" and entry.reversed_entry_id != self:
            return self.env._("Credit applied: %(number)s", number=entry.name)
        paid_by = entry.origin_payment_id
        if paid_by and self not in paid_by.invoice_ids:
            return self.env._("Credit applied, paid on %(date)s", date=date)
        if paid_by and not paid_by.billing_is_placeholder:
            return self.env._("Paid on %(date)s (%(way)s)", date=date, way=self._get_way_of_paying(entry))
        return super()._get_print_settlement(payment)
