from odoo import fields, models


class ServiceOrderType(models.Model):
    _inherit = "service.order.type"

    bill_on = fields.Selection(
        selection=[("done", "When the order is done"), ("cycle", "Every billing cycle while the order is open")],
        string="Bill Time",
        default="done",
        required=True,
        help="Every billing cycle: for work that goes on for months. Time is billed as it is logged; parts and fixed "
        "prices are billed when the order is done, because that is when they are handed over.",
    )
    has_hours_annex = fields.Boolean(
        string="Hours as an Annex",
        help="The invoice lists the hours on pages of their own: by day, person and task.",
    )
    on_completion = fields.Selection(
        selection=[("nothing", "Nothing"), ("draft", "Draft an invoice")],
        default="nothing",
        required=True,
        help="What happens when an order of this type is done.",
    )
