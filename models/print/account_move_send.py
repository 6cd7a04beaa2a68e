from odoo import models

from .pdf_stack import wrap_pages


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    def _hook_invoice_document_after_pdf_report_render(self, invoice, invoice_data):
        """Override of `account`: `account_edi_ubl_cii` converts the PDF of a Factur-X invoice to PDF/A in here."""
        if invoice_data.get("ubl_cii_xml_options", {}).get("ubl_cii_format") == "facturx":
            pdf_values = invoice_data.get("pdf_attachment_values") or invoice_data["proforma_pdf_attachment_values"]
            pdf_values["raw"] = wrap_pages(pdf_values["raw"])
        return super()._hook_invoice_document_after_pdf_report_render(invoice, invoice_data)
