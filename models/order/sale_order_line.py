from odoo import api, fields, models
from odoo.fields import Command


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    service_order_line_ids = fields.One2many(
        comodel_name="service.order.line", inverse_name="sale_line_id", string="Service Order Lines"
    )

    # === COMPUTE METHODS === #

    @api.depends("service_order_line_ids.quantity", "service_order_line_ids.order_id.state")
    def _compute_qty_delivered(self):
        super()._compute_qty_delivered()

    @api.depends("service_order_line_ids")
    def _compute_qty_to_invoice(self):
        """Leave nothing to invoice of what a service order does: its charges bill that."""
        super()._compute_qty_to_invoice()
        # In sudo mode because a salesperson has no rights on service orders.
        self.filtered(lambda line: line.sudo().service_order_line_ids).qty_to_invoice = 0.0

    # === CRUD METHODS === #

    def write(self, vals):
        res = super().write(vals)
        if self._get_agreed_fields() & vals.keys():
            self._update_service_order_lines()
        return res

    # === BUSINESS METHODS - SERVICE ORDER === #

    def _creates_service_order(self):
        """Tell whether one of the lines is of a product that creates a service order.

        :rtype: bool
        """
        return any(line.product_id.service_tracking == "service_order" for line in self)

    def _join_service_orders(self):
        """Put the lines that no service order does yet on the open service order of their quotation."""
        values = []
        # In sudo mode because a salesperson has no rights on service orders.
        for line in self.sudo().filtered(lambda line: line._is_for_service_order()):
            order = line.order_id._get_own_service_orders()
            if order and order.state not in ("done", "cancelled"):
                values.append(line._prepare_service_order_line_values(order_id=order.id))
        self.env["service.order.line"].sudo().create(values)

    def _update_service_order_lines(self):
        """Let open service orders plan what is agreed now."""
        # In sudo mode because a salesperson has no rights on service orders.
        for line in self.sudo().filtered("service_order_line_ids"):
            open_lines = line.service_order_line_ids.filtered(lambda work: work.state not in ("done", "cancelled"))
            agreed = line._prepare_agreed_values()
            open_lines.write(agreed)
            planned = open_lines.filtered("planned_quantity")[:1] or open_lines[:1]
            planned._plan_quantity(line.product_uom_qty)

    def _prepare_service_order_line_values(self, **extra):
        """Prepare the planned work of a line. What has a fixed price counts as done as agreed, until somebody corrects
        it; hours and parts are logged.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        kind = self._get_service_kind()
        return {
            **self._prepare_agreed_values(),
            "sale_line_id": self.id,
            "sequence": self.sequence,
            "kind": kind,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "planned_quantity": self.product_uom_qty,
            "quantity": self.product_uom_qty if kind == "fixed" else 0.0,
            **extra,
        }

    def _prepare_agreed_values(self):
        """Prepare what was agreed on the line, apart from how much.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        return {
            "name": self.name,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
        }

    # === BUSINESS METHODS - DELIVERY === #

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Leave out what a service order does: its parts leave the technician's van when the order is done."""
        self._join_service_orders()
        # In sudo mode because a salesperson has no rights on service orders.
        delivered_by_sale = self.filtered(lambda line: not line.sudo().service_order_line_ids)
        return super(SaleOrderLine, delivered_by_sale)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )

    def _prepare_qty_delivered(self):
        """Count what the service orders logged as delivered; a fixed price once its order is done."""
        delivered = super()._prepare_qty_delivered()
        # In sudo mode because a salesperson has no rights on service orders.
        for line in self.filtered(lambda line: line.sudo().service_order_line_ids):
            delivered[line] = sum(
                work.product_uom_id._compute_quantity(work.quantity, line.product_uom_id)
                for work in line.sudo().service_order_line_ids
                if work.state == "done" or (work.state != "cancelled" and work.kind != "fixed")
            )
        return delivered

    # === GETTERS === #

    @api.model
    def _get_agreed_fields(self):
        """Return the fields of which a service order keeps what was agreed.

        :rtype: set[str]
        """
        return {"name", "price_unit", "discount", "tax_ids", "product_uom_qty"}

    def _is_for_service_order(self):
        """Tell whether the line is work for a service order that none does yet; a service that a project or an event
        takes care of stays there.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return (
            bool(self.product_id)
            and self.product_id.type != "combo"
            and self.product_id.service_tracking in ("no", "service_order")
            and self.product_uom_qty > 0
            and not (self.display_type or self.is_downpayment or self.is_expense or self.service_order_line_ids)
        )

    def _get_service_kind(self):
        """Return what kind of work the line is: a service by the hour is time.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        if self.product_id.type != "service":
            return "part"
        return "labor" if self.product_uom_id == self.env.ref("uom.product_uom_hour") else "fixed"
