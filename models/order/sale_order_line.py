from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    service_order_line_ids = fields.One2many(
        comodel_name="service.order.line", inverse_name="sale_line_id", string="Service Order Lines"
    )

    # === BUSINESS METHODS - DELIVERY === #

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Leave out what a service order does: its parts leave the technician's van when the order is done."""
        # In sudo mode because a salesperson has no rights on service orders.
        delivered_by_sale = self.filtered(lambda line: not line.sudo().service_order_line_ids)
        return super(SaleOrderLine, delivered_by_sale)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
