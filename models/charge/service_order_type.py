from odoo import fields, models


class ServiceOrderType(models.Model):
    _inherit = "service.order.type"

    on_completion = fields.Selection(
        selection=[("nothing", "Nothing"), ("draft", "Draft an invoice")],
        default="nothing",
        required=True,
        help="What happens when an order of this type is done.",
    )
