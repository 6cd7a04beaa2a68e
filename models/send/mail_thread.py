from odoo import api, models
from odoo.tools import html2plaintext
from odoo.tools.mail import decode_message_header

from ..logic import send_outcome


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    # === BUSINESS METHODS - MAIL GATEWAY === #

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Override of `mail` to note on our deliveries what a mail server reports. A report of a success or of a delay
        is no bounce, and leaves core's count of bounces alone.
        """
        message_sudo = message_dict["bounced_message"].sudo()
        # In sudo mode because the mail gateway knows no user.
        deliveries_sudo = self.env["service.delivery"].sudo().search([("message_id", "in", message_sudo.ids)])
        if not deliveries_sudo:
            return super()._routing_handle_bounce(email_message, message_dict)
        report = self._read_delivery_report(email_message, message_dict)
        deliveries_sudo._apply_report(report)
        if send_outcome.judge_report(report["action"], report["status"]) != send_outcome.REFUSED:
            return None
        return super()._routing_handle_bounce(email_message, message_dict)

    @api.model
    def _read_delivery_report(self, email_message, message_dict):
        """Read a delivery status notification (RFC 3464). Mail servers that write a mere letter are taken to say that
        the delivery failed for good.

        :param EmailMessage email_message: What came in.
        :param dict message_dict: What core read of it.
        :return: `{'action': 'failed', 'status': '5.1.1', 'reason': str}`
        :rtype: dict
        """
        parts = (part for part in email_message.walk() if part.get_content_type() == "message/delivery-status")
        blocks = next((part.get_payload() for part in parts), [])
        fields = blocks[1] if len(blocks) > 1 else {}
        header = (lambda name: decode_message_header(fields, name) or "") if fields else (lambda name: "")
        text = header("Diagnostic-Code").split(";")[-1] or html2plaintext(message_dict.get("body") or "")[:200]
        return {
            "action": header("Action") or "failed",
            "status": header("Status") or "5.0.0",
            "reason": " ".join(text.split()),
        }
