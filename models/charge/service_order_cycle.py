from odoo import api, fields, models
from odoo.fields import Domain

from ..settings.row_lock import touch_rows


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


class ServiceOrderLine(models.Model):
    _inherit = "service.order.line"

    # === CRUD METHODS === #

    def write(self, vals):
        """Let the charges of time that was billed while its order is open follow what is corrected."""
        res = super().write(vals)
        if self._get_work_fields() & vals.keys():
            # In sudo mode because a technician has no rights on charges.
            charged_sudo = self.sudo().filtered(
                lambda line: line.order_id._is_billed_by_cycle() and line.charge_ids and not line.is_running
            )
            charged_sudo._apply_to_charges()
        return res

    # === GETTERS === #

    @api.model
    def _search_cycle_work(self, company, until):
        """Return the time on open orders that no charge bills yet.

        :param company: The company that bills.
        :param date until: The last day that counts, by the company's clock.
        :rtype: recordset of `service.order.line`
        """
        end = company._get_billing_day_end(until)
        typed = Domain("started_at", "=", False) & Domain("create_date", "<", end)
        return self.search(
            (typed | Domain("stopped_at", "<", end))
            & Domain("company_id", "in", company.ids)
            & Domain("kind", "=", "labor")
            & Domain("billed_quantity", ">", 0)
            & Domain("charge_ids", "=", False)
            & Domain("order_id.state", "=", "in_progress")
            & Domain("order_id.type_id.bill_on", "=", "cycle"),
            order="order_id, id",
        )

    def _get_work_date(self):
        """Hours that were typed in on an order that stays open belong to the day on which they were."""
        if self.kind == "labor" and self.order_id.type_id.bill_on == "cycle" and not self.stopped_at:
            return self.company_id._get_billing_time(self.create_date).date()
        return super()._get_work_date()


class ServiceCharge(models.Model):
    _inherit = "service.charge"

    # === BUSINESS METHODS - COLLECT === #

    @api.model
    def _collect(self, partners, company, until):
        charges = super()._collect(partners, company, until)
        # In sudo mode to write the ledger, which nobody may write by hand.
        lines_sudo = self.env["service.order.line"].sudo()._search_cycle_work(company, until)
        lines_sudo = lines_sudo.filtered(lambda line: line._get_billed_address().commercial_partner_id in partners)
        # Whoever corrects this time or finishes its order at the same moment does so again, and sees the charges.
        touch_rows(lines_sudo.order_id)
        touch_rows(lines_sudo)
        lines_sudo._apply_to_charges()
        return charges | lines_sudo.charge_ids.sudo(self.env.su)

    @api.model
    def _get_collect_partners(self, company, until):
        lines_sudo = self.env["service.order.line"].sudo()._search_cycle_work(company, until)
        partners = self.env["res.partner"].union(
            *(line._get_billed_address().commercial_partner_id for line in lines_sudo)
        )
        return super()._get_collect_partners(company, until) | partners

    # === BUSINESS METHODS - ORDERS === #

    def _waits_for_done(self):
        """Time that is billed while its order is open waits for nothing."""
        by_cycle = self.kind == "labor" and self.order_id.type_id.bill_on == "cycle"
        return not by_cycle and super()._waits_for_done()
