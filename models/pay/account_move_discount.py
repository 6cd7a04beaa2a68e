from odoo import models

from ..logic.pay_amount import EARLY


class AccountMove(models.Model):
    """Invoices of which less is due when they are paid early: the customer is offered that, while it is valid."""

    _inherit = "account.move"

    # === GETTERS === #

    def _get_pay_offers(self):
        """Override to offer the amount with the discount first."""
        offers = super()._get_pay_offers()
        discount = self._get_early_discount() if offers else {}
        return {EARLY: self._to_decimal(discount["amount_due"]), **offers} if discount else offers

    def _get_amount_to_charge(self):
        """Override to propose the amount with the discount."""
        discount = self._get_early_discount()
        return discount["amount_due"] if discount else super()._get_amount_to_charge()

    def _get_amount_for_all(self):
        """Override to take the discounts off."""
        saved = sum(values["epd_discount_amount_currency"] for values in self._get_early_discounts())
        return self.currency_id.round(super()._get_amount_for_all() - saved)

    def _get_early_discounts(self):
        """Return what `_get_early_discount` has, of each invoice that has something.

        :rtype: list[dict]
        """
        return [values for invoice in self if (values := invoice._get_early_discount())]

    def _get_early_discount(self):
        """Return what is due with the discount for an early payment, as `_get_invoice_next_payment_values` has it.

        Note: `self.ensure_one()`

        :return: Nothing where there is no discount, or its day is over.
        :rtype: dict
        """
        self.ensure_one()
        if not self.invoice_payment_term_id.early_discount or self.state != "posted":
            return {}
        values = self._get_invoice_next_payment_values()
        return values if values.get("installment_state") == "epd" else {}
