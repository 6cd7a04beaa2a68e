from odoo import api, fields, models
from odoo.tools import float_compare


class ServiceOrder(models.Model):
    """Planned against actual: how far what was done differs from what was agreed, and why."""

    _inherit = "service.order"

    has_plan = fields.Boolean(compute="_compute_has_plan")
    plan_line_ids = fields.Many2many("service.order.line", string="Planned and Actual", compute="_compute_has_plan")
    planned_untaxed = fields.Monetary(
        string="Planned", compute="_compute_plan", compute_sudo=True, groups="service_billing.group_prices"
    )
    planned_total = fields.Monetary(
        string="Planned with Taxes", compute="_compute_plan", compute_sudo=True, groups="service_billing.group_prices"
    )
    plan_difference = fields.Monetary(
        string="Difference", compute="_compute_plan", compute_sudo=True, groups="service_billing.group_prices"
    )
    plan_difference_percent = fields.Float(
        string="Difference (%)", compute="_compute_plan", compute_sudo=True, groups="service_billing.group_prices"
    )
    plan_reason = fields.Text(
        string="Reason for the Difference", copy=False, tracking=True, groups="service_billing.group_biller"
    )
    plan_reason_user_id = fields.Many2one(
        "res.users", string="Explained by", copy=False, readonly=True, groups="service_billing.group_biller"
    )
    plan_reason_on = fields.Datetime(
        string="Explained on", copy=False, readonly=True, groups="service_billing.group_biller"
    )
    plan_reason_missing = fields.Boolean(compute="_compute_plan_reason_missing", groups="service_billing.group_biller")

    # === COMPUTE METHODS === #

    @api.depends("line_ids.planned_quantity", "line_ids.sale_line_id")
    def _compute_has_plan(self):
        for order in self:
            planned = order.line_ids.filtered("planned_quantity")
            order.has_plan = bool(planned)
            counted = self.env["service.order.line"].concat(*(line._get_worked_lines() - line for line in planned))
            order.plan_line_ids = order.line_ids - counted

    @api.depends(
        "line_ids.planned_quantity", "line_ids.price_subtotal", "line_ids.price_total", "amount_untaxed",
        "line_ids.sale_line_id.price_subtotal",
    )  # fmt: skip
    def _compute_plan(self):
        for order in self:
            order.planned_untaxed, order.planned_total = order.line_ids._get_planned_totals()
            difference = order.amount_untaxed - order.planned_untaxed if order.has_plan else 0.0
            order.plan_difference = order.currency_id.round(difference)
            order.plan_difference_percent = (
                100.0 * difference / order.planned_untaxed if order.planned_untaxed else 100.0 * bool(difference)
            )

    @api.depends("plan_difference_percent", "plan_reason", "company_id.service_plan_tolerance")
    def _compute_plan_reason_missing(self):
        for order in self:
            order.plan_reason_missing = order._exceeds_plan() and not (order.plan_reason or "").strip()

    # === CRUD METHODS === #

    def write(self, vals):
        if "plan_reason" in vals:
            vals = {**vals, "plan_reason_user_id": self.env.uid, "plan_reason_on": fields.Datetime.now()}
        return super().write(vals)

    # === GETTERS === #

    def _exceeds_plan(self):
        """Tell whether what was done differs from what was planned by more than the company tolerates.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        if not self.has_plan or self.currency_id.is_zero(self.plan_difference):
            return False
        return float_compare(abs(self.plan_difference_percent), self.company_id.service_plan_tolerance, 2) > 0
