from odoo import fields, models
from odoo.fields import Command


class ServiceOrderLine(models.Model):
    """The stock moves of parts."""

    _inherit = "service.order.line"

    stock_move_ids = fields.One2many(
        comodel_name="stock.move",
        inverse_name="service_order_line_id",
        groups="stock.group_stock_user,account.group_account_invoice",
    )

    # === BUSINESS METHODS - STOCK === #

    def _filter_accounted(self):
        # In sudo mode because a technician has no rights on stock.
        return super()._filter_accounted() | self.filtered(lambda line: line.sudo().stock_move_ids)

    def _create_stock_moves(self, van):
        """Create the moves between van and customer that make the moved quantity equal the used one.

        :param van: The location to take from and to bring back to.
        :return: The moves, assigned their quantities, not done yet.
        :rtype: recordset of `stock.move`
        """
        values = [line._prepare_stock_move_values(van) for line in self if line._get_unmoved_quantity()]
        moves = self.env["stock.move"].create(values)
        moves._action_confirm(merge=False)
        return moves

    def _prepare_stock_move_values(self, van, **extra):
        """Prepare the move of what was not moved yet; a negative rest goes back to where it was taken from.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        unmoved = self._get_unmoved_quantity()
        taken = self.stock_move_ids.filtered(lambda move: move.state == "done" and move.location_id.usage == "internal")
        customer = self.order_id.partner_shipping_id.with_company(self.company_id).property_stock_customer
        source, destination = (van, customer) if unmoved > 0 else (customer, taken[-1:].location_id or van)
        common = {
            "product_id": self.product_id.id,
            "company_id": self.company_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
        }
        move_line = {
            **common,
            "product_uom_id": self.product_uom_id.id,
            "quantity": abs(unmoved),
            "lot_id": self.lot_id.id,
            "picked": True,
        }
        return {
            **common,
            "product_uom": self.product_uom_id.id,
            "product_uom_qty": abs(unmoved),
            "origin": self.order_id.name,
            "reference": self.order_id.name,
            "partner_id": self.order_id.partner_shipping_id.id,
            "service_order_line_id": self.id,
            "picked": True,
            "move_line_ids": [Command.create(move_line)],
            **extra,
        }

    def _get_unmoved_quantity(self):
        """Return what was used and not yet taken out of stock, in the line's unit; negative: too much was taken out.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        moved = 0.0
        for move in self.stock_move_ids.filtered(lambda move: move.state == "done"):
            sign = -1 if move.location_id.usage == "customer" else 1
            moved += sign * move.product_uom._compute_quantity(move.quantity, self.product_uom_id)
        return self.product_uom_id.round(self.quantity - moved)
