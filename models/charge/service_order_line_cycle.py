from odoo import api, models
from odoo.fields import Domain


class ServiceOrderLine(models.Model):
    """Time that is billed while its order stays open."""

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
