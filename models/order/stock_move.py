from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    service_order_line_id = fields.Many2one(
        comodel_name="service.order.line",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
    )
