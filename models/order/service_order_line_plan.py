from odoo import api, fields, models


class ServiceOrderLine(models.Model):
    """Planned work: what was agreed on it, and how far what was done differs."""

    _inherit = "service.order.line"

    planned_subtotal = fields.Monetary(
        string="Planned", compute="_compute_plan", compute_sudo=True, groups="service_billing.group_prices"
    )
    actual_quantity = fields.Float(digits="Product Unit", compute="_compute_plan", compute_sudo=True)
    actual_subtotal = fields.Monetary(
        string="Actual", compute="_compute_plan", compute_sudo=True, groups="service_billing.group_prices"
    )
    plan_difference = fields.Monetary(
        string="Difference", compute="_compute_plan", compute_sudo=True, groups="service_billing.group_prices"
    )

    # === COMPUTE METHODS === #

    def _compute_product_uom_id(self):
        self._keep_agreed("product_uom_id", super()._compute_product_uom_id)

    def _compute_name(self):
        self._keep_agreed("name", super()._compute_name)

    def _compute_price_unit(self):
        self._keep_agreed("price_unit", super()._compute_price_unit)

    def _compute_tax_ids(self):
        self._keep_agreed("tax_ids", super()._compute_tax_ids)

    def _keep_agreed(self, name, compute):
        """Keep what the quotation says, whatever a price list or an order type would say now.

        :param str name: The field, the same on the line of the quotation.
        :param compute: The method that computes it for all other lines.
        """
        compute()
        # In sudo mode because whoever logs the work may not read quotations.
        for line in self.filtered(lambda line: line.sudo().sale_line_id):
            line[name] = line.sudo().sale_line_id[name]

    @api.depends(
        "planned_quantity", "billed_quantity", "price_subtotal", "price_unit", "discount", "tax_ids",
        "sale_line_id.price_subtotal", "order_id.line_ids.billed_quantity", "order_id.line_ids.price_subtotal",
    )  # fmt: skip
    def _compute_plan(self):
        for line in self:
            worked = line._get_worked_lines()
            line.planned_subtotal = line._get_planned_totals()[0]
            line.actual_quantity = sum(worked.mapped("billed_quantity"))
            line.actual_subtotal = sum(worked.mapped("price_subtotal"))
            line.plan_difference = line.actual_subtotal - line.planned_subtotal

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._apply_agreed_terms()
        return lines

    # === BUSINESS METHODS - PLAN === #

    def _apply_agreed_terms(self):
        """Let work that nobody priced otherwise cost what the quotation agreed for the same product."""
        # In sudo mode because a technician who logs the work may not write prices.
        for line in self.sudo().filtered(lambda line: not line.sale_line_id and not line.planned_quantity):
            agreed = line.order_id.line_ids.filtered(
                lambda planned, line=line: (
                    planned.sale_line_id
                    and (planned.product_id, planned.product_uom_id) == (line.product_id, line.product_uom_id)
                )
            )[:1]
            if agreed and line.currency_id.compare_amounts(line.price_unit, line._get_list_price()) == 0:
                line.write({"sale_line_id": agreed.sale_line_id.id, **agreed.sale_line_id._prepare_agreed_values()})

    def _plan_quantity(self, quantity):
        """Plan another quantity; a line of which nothing is planned any more goes, unless somebody worked on it.

        :param float quantity: The quantity that the quotation has now, in the line's unit.
        """
        for line in self:
            if line._is_worked():
                line.planned_quantity = quantity
            elif not quantity:
                line.unlink()
            else:
                line.write({"planned_quantity": quantity, **({"quantity": quantity} if line.kind == "fixed" else {})})

    # === BUSINESS METHODS - LOCK === #

    @api.model
    def _get_work_fields(self):
        return super()._get_work_fields() | {"planned_quantity"}

    # === GETTERS === #

    def _is_worked(self):
        """Tell whether there is more on the line than what was planned.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        untouched = self.planned_quantity if self.kind == "fixed" else 0.0
        return bool(self.started_at or self.quantity != untouched or self._filter_accounted())

    def _is_logged(self):
        """Tell whether something was logged on the line, be it that nothing was done of it after all.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return bool(self.quantity or self.started_at or not self.planned_quantity)

    def _get_worked_lines(self):
        """Return the lines on which the planned work of this line was done: itself, and those that add to it.

        Note: `self.ensure_one()`

        :rtype: recordset of `service.order.line`
        """
        self.ensure_one()
        if not (self.planned_quantity and self.sale_line_id):
            return self
        siblings = self.order_id.line_ids.filtered(lambda line: line.sale_line_id == self.sale_line_id)
        return self | siblings.filtered(lambda line: not line.planned_quantity)

    def _get_planned_totals(self):
        """Return what the lines were planned to amount to together.

        :return: The amounts without and with taxes, in the lines' currency; zero where nothing was planned.
        :rtype: tuple[float, float]
        """
        planned = self.filtered("planned_quantity")
        return planned._get_base_lines_totals([line._prepare_planned_base_line() for line in planned])

    def _prepare_planned_base_line(self):
        """Prepare what was agreed for core's tax engine: on the quotation, else on the line itself.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        terms = self.sale_line_id or self
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            self,
            tax_ids=terms.tax_ids,
            price_unit=terms.price_unit,
            quantity=self.planned_quantity,
            discount=terms.discount,
            partner_id=self.partner_id,
            currency_id=self.currency_id,
            rate=1.0,
        )
