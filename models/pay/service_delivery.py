from odoo import fields, models


class ServiceDelivery(models.Model):
    """Mails that answer to what customers ask for on their pages."""

    _inherit = "service.delivery"

    kind = fields.Selection(selection_add=[("link", "New link")], ondelete={"link": "cascade"})

    # === GETTERS === #

    def _get_letter(self):
        return "service_billing.mail_template_pay_link" if self.kind == "link" else super()._get_letter()
