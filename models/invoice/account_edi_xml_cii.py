from odoo import models


class AccountEdiXmlCii(models.AbstractModel):
    _inherit = "account.edi.xml.cii"

    # === GETTERS === #

    def _get_draft_constraints(self, invoice):
        """Return what the Factur-X of a document misses, its number apart.

        :param invoice: A draft or a finalized document.
        :rtype: dict[str, str]
        """
        values = self._export_invoice_vals(invoice.with_context(lang=invoice.partner_id.lang))
        return self._export_invoice_constraints(invoice, values)
