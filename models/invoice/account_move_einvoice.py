from odoo import models


class AccountMove(models.Model):
    """The e-invoice that goes with a document, in the format that its customer wants."""

    _inherit = "account.move"

    # === GETTERS === #

    def _get_preflight_einvoice(self):
        missing = self._get_einvoice_constraints()
        return super()._get_preflight_einvoice() | {
            move: " ".join(dict.fromkeys(messages.values())) for move, messages in missing.items()
        }

    def _get_einvoice_constraints(self):
        """Return what the e-invoices of the documents miss; documents of customers who want none miss nothing.

        :return: `{document: {code: message}}`, a sentence each; without the documents that miss nothing.
        :rtype: dict
        """
        missing = {}
        for move in self:
            customer = move.commercial_partner_id.with_company(move.company_id)
            edi_format = customer.invoice_edi_format
            builder = customer._get_edi_builder(edi_format) if edi_format and move.invoice_line_ids else None
            if builder is None:
                continue
            messages = builder._get_draft_constraints(move)
            messages = {code: message for code, message in messages.items() if message}
            if messages:
                missing[move] = messages
        return missing
