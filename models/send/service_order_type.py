from odoo import fields, models


class ServiceOrderType(models.Model):
    _inherit = "service.order.type"

    on_completion = fields.Selection(
        selection_add=[("finalize", "Draft and finalize"), ("send", "Draft, finalize and send")],
        ondelete={"finalize": "set default", "send": "set default"},
    )
