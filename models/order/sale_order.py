from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    service_order_ids = fields.One2many("service.order", "sale_order_id", string="Service Orders")

    # === BUSINESS METHODS - INVOICING === #

    def _get_invoiceable_lines(self, final=False):
        """Leave out what a service order does: it is billed by that order's charges, and by nothing else."""
        lines = super()._get_invoiceable_lines(final)
        # In sudo mode because a salesperson has no rights on service orders.
        return lines.filtered(lambda line: not line.sudo().service_order_line_ids)
