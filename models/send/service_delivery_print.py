from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

from .service_delivery import get_checksum


class ServiceDelivery(models.Model):
    """Documents of customers who get no mails: printed, all of them as one file."""

    _inherit = "service.delivery"

    # === ACTION METHODS === #

    def action_print(self):
        """Print the documents as one PDF; they count as sent then.

        :return: The download.
        :rtype: dict
        :raise UserError: If a document's PDF cannot be made.
        """
        self.check_access("read")
        deliveries = self.filtered(lambda delivery: delivery.method == "print")
        deliveries.move_id.check_access("write")
        if not deliveries:
            raise UserError(self.env._("Select documents that are to be printed."))
        # In sudo mode because nobody writes deliveries by hand.
        return deliveries.sudo()._print()

    # === BUSINESS METHODS - PRINTING === #

    def _print(self):
        for moves in self.move_id.grouped("company_id").values():
            missing = moves.filtered(lambda move: not move.invoice_pdf_report_id)
            if missing:
                self.env["account.move.send"]._generate_and_send_invoices(missing, sending_methods=["manual"])
        pages = {delivery: delivery.move_id.invoice_pdf_report_id.raw for delivery in self}
        for delivery in self._set_state("sent", sent_at=fields.Datetime.now()):
            delivery.checksums = {delivery.move_id.invoice_pdf_report_id.name: get_checksum(pages[delivery])}
            delivery.move_id._note_sent_to_customer(delivery)
            delivery._enqueue_log("sent")
        merged = self.env["ir.attachment"].create(
            {
                "name": self.env._("Documents to Print.pdf"),
                "raw": merge_pdf(list(pages.values())),
                "res_model": "service.delivery",
                "res_id": self[0].id,
            }
        )
        return {"type": "ir.actions.act_url", "url": f"/web/content/{merged.id}?download=true", "target": "download"}
