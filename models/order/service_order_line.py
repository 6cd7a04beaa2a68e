from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from ..logic import work_time


class ServiceOrderLine(models.Model):
    """Work as it happened: hours, parts and fixed-price services."""

    _name = "service.order.line"
    _description = "Service Order Line"
    _inherit = ["service.priced.mixin"]
    _order = "order_id, sequence, id"
    _check_company_auto = True

    order_id = fields.Many2one("service.order", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        selection=[("labor", "Time"), ("part", "Part"), ("fixed", "Fixed Price")], required=True, default="part"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="order_id.currency_id", store=True, precompute=True)
    partner_id = fields.Many2one(related="order_id.partner_id")
    state = fields.Selection(related="order_id.state", string="Order Status")
    name = fields.Text(string="Description", compute="_compute_name", store=True, readonly=False, precompute=True)
    product_id = fields.Many2one(compute="_compute_product_id", store=True, readonly=False, precompute=True)
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line", string="Quotation Line", ondelete="set null", index="btree_not_null", copy=False
    )

    # quantities
    planned_quantity = fields.Float(digits="Product Unit")
    quantity = fields.Float(
        string="Logged",
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    billed_quantity = fields.Float(
        string="Billed",
        digits="Product Unit",
        compute="_compute_billed_quantity",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="What is billed: the logged time after the rounding rule; of anything else, what was used.",
    )

    quantity_text = fields.Char(string="Quantity Done", compute="_compute_quantity_text")

    # time
    technician_id = fields.Many2one("res.users", compute="_compute_technician_id", store=True, readonly=False)
    started_at = fields.Datetime(string="Started", copy=False)
    stopped_at = fields.Datetime(string="Stopped", copy=False)
    is_running = fields.Boolean(compute="_compute_is_running")

    # parts
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Serial Number",
        domain="[('product_id', '=', product_id)]",
        check_company=True,
        copy=False,
    )

    _one_timer_per_technician = models.UniqueIndex(
        "(technician_id) WHERE kind = 'labor' AND started_at IS NOT NULL AND stopped_at IS NULL",
        "A technician has one running timer at a time: stop the other one first.",
    )
    _quantity_not_negative = models.Constraint(
        "CHECK(quantity >= 0 AND billed_quantity >= 0 AND planned_quantity >= 0)", "A quantity is never negative."
    )
    _stopped_after_started = models.Constraint(
        "CHECK(stopped_at IS NULL OR stopped_at >= started_at)", "Work cannot stop before it started."
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "order_id.type_id", "company_id")
    def _compute_product_id(self):
        for line in self:
            if line.kind == "labor" and not line.product_id:
                company = line.company_id or self.env.company
                line.product_id = line.order_id.type_id.labor_product_id or company.service_labor_product_id

    @api.depends("product_id", "kind")
    def _compute_product_uom_id(self):
        hour = self.env.ref("uom.product_uom_hour")
        for line in self:
            line.product_uom_id = hour if line.kind == "labor" else line.product_id.uom_id

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            product = line.product_id.with_context(lang=line.order_id.partner_id.lang)
            line.name = product.get_product_multiline_description_sale() if product else line.name

    @api.depends("kind")
    def _compute_technician_id(self):
        for line in self:
            line.technician_id = line.technician_id or line.order_id.technician_id or self.env.user

    @api.depends("kind", "started_at", "stopped_at")
    def _compute_quantity(self):
        for line in self:
            if line.kind == "labor" and line.started_at and line.stopped_at and line.stopped_at >= line.started_at:
                line.quantity = float(work_time.elapsed_hours(line.started_at, line.stopped_at))
            elif line.kind != "labor":
                line.quantity = line.quantity or 1.0

    @api.depends("kind", "quantity")
    def _compute_billed_quantity(self):
        for line in self:
            line.billed_quantity = line._round_hours() if line.kind == "labor" else line.quantity

    @api.depends("kind", "quantity", "billed_quantity", "product_uom_id", "is_running")
    def _compute_quantity_text(self):
        for line in self:
            line.quantity_text = line._get_quantity_text()

    @api.depends("kind", "started_at", "stopped_at")
    def _compute_is_running(self):
        for line in self:
            line.is_running = line.kind == "labor" and bool(line.started_at) and not line.stopped_at

    @api.depends("billed_quantity")
    def _compute_price_amounts(self):
        super()._compute_price_amounts()

    # === CONSTRAINT METHODS === #

    @api.constrains("kind", "quantity", "planned_quantity", "started_at", "product_id")
    def _check_quantity(self):
        for line in self:
            if not line.product_id:
                raise ValidationError(
                    self.env._("Choose a product for each line, and a labor product in the settings.")
                )
            is_empty = not (line.quantity or line.planned_quantity or line.started_at)
            if is_empty and not line._filter_accounted():
                raise ValidationError(
                    self.env._("Enter a quantity above zero for %(line)s.", line=line.product_id.display_name)
                )

    # === ONCHANGE METHODS === #

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.product_id and self.kind != "labor":
            self.kind = "fixed" if self.product_id.type == "service" else "part"

    # === BUSINESS METHODS - TIME === #

    def _stop_timer(self):
        running = self.filtered("is_running")
        running.write({"stopped_at": fields.Datetime.now()})
        return running

    def _round_hours(self):
        self.ensure_one()
        company = self.company_id or self.env.company
        hours = work_time.billed_hours(
            Decimal(str(max(self.quantity, 0.0))),
            step_minutes=company.service_rounding_minutes,
            method=company.service_rounding_method,
        )
        return float(hours)

    # === GETTERS === #

    @api.model
    def _get_running_timer(self, user):
        """Return the labor line on which a user's timer runs, in whichever company; empty if none runs.

        :rtype: recordset of `service.order.line`
        """
        # In sudo mode to find a timer that runs in a company the user has not switched on.
        domain = [("technician_id", "=", user.id), ("kind", "=", "labor"), ("started_at", "!=", False)]
        return self.sudo().search([*domain, ("stopped_at", "=", False)], limit=1)

    def _get_product_catalog_lines_data(self, **kwargs):
        """Tell the product catalogue what the order holds of a product.

        :return: `{'quantity': float, 'price': float, 'readOnly': bool, 'uomDisplayName': str}`
        :rtype: dict
        """
        order = self.order_id
        return {
            "quantity": sum(self.mapped("quantity")),
            "price": order._get_catalog_price(self.product_id),
            "readOnly": order._is_readonly() or len(self) > 1,
            "uomDisplayName": self.product_uom_id[:1].display_name,
        }

    def _get_quantity_text(self):
        """Write the quantity for people: time as "1:07 → 1:15", logged and billed, all else with its unit.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        if self.is_running:
            return self.env._("running")
        if self.kind == "labor":
            logged, billed = (
                work_time.format_hours(Decimal(str(hours))) for hours in (self.quantity, self.billed_quantity)
            )
            return f"{logged} → {billed}"
        return f"{formatLang(self.env, self.quantity, dp='Product Unit')} {self.product_uom_id.name or ''}"

    def _get_priced_quantity(self):
        return self.billed_quantity

    def _get_pricelist(self):
        return self.order_id.pricelist_id

    def _get_fiscal_position(self):
        return self.order_id.fiscal_position_id
