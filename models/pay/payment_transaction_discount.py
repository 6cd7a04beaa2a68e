from datetime import date

from odoo import models

from .payment_provider import STRIPE


class PaymentTransaction(models.Model):
    """Payments that are early enough for the discount of the payment terms."""

    _inherit = "payment.transaction"

    # === BUSINESS METHODS - PAYMENTS === #

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment` to book the discount of who paid in time, however late we hear of it, and for
        every tax of the invoice: core looks at its own day, and books the first tax."""
        if self.provider_code != STRIPE or self.amount < 0:
            return super()._create_payment(**extra_create_values)
        values = {"write_off_line_vals": self._prepare_discount_lines(), **extra_create_values}
        # On the last of all days core finds no discount that it would book once more.
        on_last_day = self.with_context(billing_payment_day=date.max)
        return super(PaymentTransaction, on_last_day)._create_payment(**values)

    # === GETTERS === #

    def _prepare_discount_lines(self):
        """Return the lines that book the discounts, none where the payment is not all that is due with them in time.

        Note: `self.ensure_one()`

        :rtype: list[dict]
        """
        self.ensure_one()
        invoices = self.with_context(billing_payment_day=self._get_paid_day()).invoice_ids
        discounts = invoices._get_early_discounts()
        if not discounts or self.currency_id.compare_amounts(self.amount, invoices._get_amount_for_all()):
            return []
        groups = invoices._get_invoice_counterpart_amls_for_early_payment_discount(
            [_get_settled(discount["epd_line"]) for discount in discounts],
            sum(discount["epd_discount_amount"] for discount in discounts),
        )
        partner = invoices[:1].partner_id
        return [{**values, "partner_id": partner.id} for lines in groups.values() for values in lines]

    def _get_paid_day(self):
        """Return the day on which the customer paid, where the company is.

        Note: `self.ensure_one()`

        :rtype: date
        """
        self.ensure_one()
        paid_at = self.billing_paid_at
        return self.company_id._get_billing_time(paid_at).date() if paid_at else self.company_id._get_billing_today()


def _get_settled(line):
    return {"aml": line, "amount_currency": -line.amount_residual_currency, "balance": -line.balance}
