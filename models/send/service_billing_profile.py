from odoo import fields, models


class ServiceBillingProfile(models.Model):
    _inherit = "service.billing.profile"

    finish = fields.Selection(selection_add=[("send", "Finalize and send")], ondelete={"send": "set finalize"})
