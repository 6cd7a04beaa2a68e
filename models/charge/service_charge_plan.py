from collections import defaultdict

from odoo import models


class ServiceCharge(models.Model):
    """What a billing run says of charges before it bills them."""

    _inherit = "service.charge"

    # === GETTERS === #

    def _prepare_plan(self):
        """Describe charges so that they are known again, also those that a preview made and took back.

        :return: `{key: {'title': str, 'total': float, 'currency_id': int}}`, totals with taxes.
        :rtype: dict[str, dict]
        """
        return {
            charge._get_source_key(): {
                "title": charge._get_title(),
                "total": charge.price_total,
                "currency_id": charge.currency_id.id,
            }
            for charge in self
        }

    def _get_source_key(self):
        """Return what identifies the charge before it is made. Each source adds its own.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        if self.order_line_id:
            return f"order_line:{self.order_line_id.id}:{self.revision}"
        return f"charge:{self.id}"

    def _get_company_total(self, company):
        """Return what the charges amount to on their drafts, with taxes, in the company's currency at today's rate.

        :rtype: float
        """
        today = company._get_billing_today()
        drafts = self.grouped(lambda charge: charge._get_invoice_grouping_key())
        totals = defaultdict(float)
        for charges in drafts.values():
            totals[charges._get_document_currency()] += charges._get_document_totals()[1]
        return sum(currency._convert(total, company.currency_id, company, today) for currency, total in totals.items())
