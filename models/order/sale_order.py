from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.row_lock import wait_for_rows


class SaleOrder(models.Model):
    """A confirmed quotation that plans work becomes one service order, which does it, moves its parts and bills it."""

    _inherit = "sale.order"

    service_order_ids = fields.One2many("service.order", "sale_order_id", string="Service Orders")
    service_order_count = fields.Integer(
        compute="_compute_service_order_count", groups="service_billing.group_technician,service_billing.group_biller"
    )

    service_bills_all = fields.Boolean(compute="_compute_service_bills_all", compute_sudo=True)

    # === COMPUTE METHODS === #

    @api.depends("order_line.service_order_line_ids")
    def _compute_service_bills_all(self):
        for quotation in self:
            lines = quotation.order_line.filtered("product_id")
            quotation.service_bills_all = bool(lines) and all(line.service_order_line_ids for line in lines)

    @api.depends("service_order_ids")
    def _compute_service_order_count(self):
        for quotation in self:
            quotation.service_order_count = len(quotation.service_order_ids)

    # === ACTION METHODS === #

    def action_view_service_orders(self):
        """Open the service orders of the quotations.

        :rtype: dict
        """
        return self.service_order_ids._get_records_action(name=self.env._("Service Orders"))

    # === BUSINESS METHODS - CONFIRM === #

    def _action_confirm(self):
        # Before stock looks at the lines: parts of a service order leave the technician's van.
        self._create_service_orders()
        return super()._action_confirm()

    def _action_cancel(self):
        # In sudo mode because a salesperson has no rights on service orders.
        self.sudo()._get_own_service_orders()._cancel_with_quotation()
        return super()._action_cancel()

    def _create_service_orders(self):
        """Make the one service order of each quotation that plans work, or take up again the one that was cancelled.
        The lines that no service order does yet go on it.

        :return: The orders, in sudo mode.
        :rtype: recordset of `service.order`
        """
        # In sudo mode because a salesperson has no rights on service orders.
        quotations = self.sudo().filtered(lambda quotation: quotation.order_line._creates_service_order())
        known = quotations._get_own_service_orders()
        wait_for_rows(known)
        known.filtered(lambda order: order.state == "cancelled")._revive_planned()
        missing = quotations - known.sale_order_id
        values = [quotation._prepare_service_order_values() for quotation in missing]
        orders = known | known.create(values)
        quotations.order_line._join_service_orders()
        return orders

    def _prepare_service_order_values(self, **extra):
        """Prepare the service order of a quotation, without its lines.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        order_type = self.env["service.order"].with_company(self.company_id)._default_type_id()
        values = {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "partner_invoice_id": self.partner_invoice_id.id,
            "partner_shipping_id": self.partner_shipping_id.id,
            "pricelist_id": self.pricelist_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "client_order_ref": self.client_order_ref,
            "sale_order_id": self.id,
            "is_from_quotation": True,
            "type_id": order_type.id,
        }
        if self.commitment_date:
            values["scheduled_start"] = self.commitment_date
            values["scheduled_stop"] = fields.Datetime.add(self.commitment_date, hours=self._get_planned_hours() or 1.0)
        return {**values, **extra}

    # === BUSINESS METHODS - INVOICING === #

    def _get_invoiceable_lines(self, final=False):
        """Leave out what a service order does: it is billed by that order's charges, and by nothing else."""
        lines = super()._get_invoiceable_lines(final)
        # In sudo mode because a salesperson has no rights on service orders.
        return lines.filtered(lambda line: not line.sudo().service_order_line_ids)

    def _check_advance_invoice(self):
        """Make sure that nobody bills a down payment here that the service order would never deduct.

        :raise UserError: If a service order does the work of one of the quotations.
        """
        # In sudo mode because a salesperson has no rights on service orders.
        order = self.sudo().order_line.service_order_line_ids.order_id[:1]
        if order:
            raise UserError(
                self.env._("%(order)s bills this quotation: bill the deposit there.", order=order.display_name)
            )

    # === GETTERS === #

    def _get_own_service_orders(self):
        return self.service_order_ids.filtered("is_from_quotation")

    def _get_planned_hours(self):
        labor = self.order_line.filtered(lambda line: line._get_service_kind() == "labor")
        return sum(labor.mapped("product_uom_qty"))
