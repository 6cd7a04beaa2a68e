from odoo import models


class PaymentTransaction(models.Model):
    """Money that comes in online for an invoice that was written off or made void meanwhile."""

    _inherit = "payment.transaction"

    # === BUSINESS METHODS - PAYMENTS === #

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment` to make a bad debt due again as far as it is paid now."""
        invoices = (self.source_transaction_id.invoice_ids or self.invoice_ids).filtered("billing_writeoff_move_id")
        left = self.amount
        for invoice in invoices:
            amount = self.currency_id._convert(
                left, invoice.currency_id, self.company_id, self.company_id._get_billing_today()
            )
            invoice._reopen_written_off(amount - invoice.amount_residual)
        payment = super()._create_payment(**extra_create_values)
        self.invoice_ids._note_late_payment(payment)
        unused = payment._get_unused_amount()
        if self.invoice_ids and self.currency_id.compare_amounts(unused, 0.0) > 0:
            self.invoice_ids._note_overpayment(payment, unused)
        return payment
