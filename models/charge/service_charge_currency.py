from odoo import models
from odoo.tools import float_round


class ServiceCharge(models.Model):
    """Charges in another currency than the one their customer is billed in: converted at the rate of the invoice date.
    The charge keeps its own price; only its invoice line has the converted one.
    """

    _inherit = "service.charge"

    # === BUSINESS METHODS - CONVERSION === #

    def _create_invoices(self, **extra):
        moves = super()._create_invoices(**extra)
        if extra.get("invoice_date"):
            # In sudo mode to read the ledger, and to write lines that bill it.
            moves.sudo().billing_charge_ids._convert_draft_lines()
        return moves

    def _convert_draft_lines(self):
        """Give the draft lines of converted charges the price at the rate of their invoice date."""
        for charge in self.filtered(lambda charge: charge.state == "drafted"):
            line = charge.invoice_line_id
            if line.currency_id != charge.currency_id:
                line.price_unit = charge._get_billed_price(line.currency_id, line.move_id.invoice_date)

    # === GETTERS === #

    def _get_document_totals(self):
        return self._get_base_lines_totals([charge._prepare_document_line() for charge in self])

    def _prepare_document_line(self):
        """Prepare the charge for core's tax engine as it stands on its invoice.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        currency = self._get_document_currency()
        price = self._get_billed_price(currency)
        return {**self._prepare_base_line(), "price_unit": price, "currency_id": currency}

    def _get_document_currency(self):
        """Return the currency that the charges' customer is billed in; by default the charges' own.

        :rtype: recordset of `res.currency`
        """
        charge = self[:1].with_prefetch(self._prefetch_ids)
        # In sudo mode because a technician who finishes an order has no rights on billing cycles.
        profile_sudo = charge.commercial_partner_id.sudo().with_company(charge.company_id).billing_profile_id
        return profile_sudo.currency_id.sudo(self.env.su) or charge.currency_id

    def _get_billed_price(self, currency, day=None):
        """Return the price of one unit on an invoice.

        Note: `self.ensure_one()`

        :param currency: The currency of the invoice.
        :param date day: The invoice date; the company's today by default.
        :return: In that currency, before discount, to as many digits as prices have.
        :rtype: float
        :raise RedirectWarning: If there is no exchange rate on that day; it leads to the rates.
        """
        self.ensure_one()
        if currency == self.currency_id:
            return self.price_unit
        day = day or self.company_id._get_billing_today()
        ((self.currency_id | currency) - self.company_id.currency_id)._check_rate(self.company_id, day)
        price = self.currency_id._convert(self.price_unit, currency, self.company_id, day, round=False)
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return float_round(price, precision_digits=digits)
