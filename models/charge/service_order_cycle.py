from odoo import api, fields, models


class ServiceOrder(models.Model):
    """Orders that stay open for months: their time is billed every cycle, their parts when they are done."""

    _inherit = "service.order"

    bill_on = fields.Selection(related="type_id.bill_on")
    charged_until = fields.Date(compute="_compute_charged_until", groups="service_billing.group_biller")

    # === COMPUTE METHODS === #

    @api.depends("charge_ids.date")
    def _compute_charged_until(self):
        for order in self:
            order.charged_until = max(order.charge_ids.mapped("date"), default=False)

    # === GETTERS === #

    def _is_billed_by_cycle(self):
        """Tell whether the time of the order is billed although the order is open.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.state == "in_progress" and self.type_id.bill_on == "cycle"

    def _get_finished_lines(self):
        lines = super()._get_finished_lines()
        return lines | self.line_ids.filtered("charge_ids") if self._is_billed_by_cycle() else lines

    def _exceeds_plan(self):
        """What is not done yet is no difference from the plan."""
        is_short = self._is_billed_by_cycle() and self.plan_difference < 0
        return not is_short and super()._exceeds_plan()
