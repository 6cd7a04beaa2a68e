from odoo import models


class AccountEdiXmlUbl20(models.AbstractModel):
    _inherit = "account.edi.xml.ubl_20"

    # === BUSINESS METHODS - NODES === #

    def _ubl_add_line_item_name_description_nodes(self, vals):
        """Override of `account_edi_ubl_cii` to name lines of ours as they were billed."""
        super()._ubl_add_line_item_name_description_nodes(vals)
        base_line = vals["line_vals"]["base_line"]
        is_ours = vals.get("invoice") and vals["invoice"].billing_managed
        if is_ours and base_line.get("name") and not base_line.get("_removed_tax_data"):
            vals["item_node"]["cbc:Name"] = {"_text": base_line["name"].split("\n")[0]}

    # === GETTERS === #

    def _get_draft_constraints(self, invoice):
        """Return what the UBL of a document misses, its number and date apart: it gets these when it is finalized.

        :param invoice: A draft or a finalized document.
        :rtype: dict[str, str]
        """
        values = {"invoice": invoice.with_context(lang=invoice.partner_id.lang)}
        values["document_node"] = self._get_invoice_node(values)
        constraints = self._export_invoice_constraints(invoice, values)
        given = ("ubl20_invoice_name_required", "ubl20_invoice_date_required")
        return {code: message for code, message in constraints.items() if code not in given}
