from odoo import api, fields, models


class ResPartner(models.Model):
    """What a customer has to pay today."""

    _inherit = "res.partner"

    billing_overdue_total = fields.Monetary(
        string="Overdue",
        compute="_compute_billing_due_totals",
        groups="service_billing.group_biller",
        help="What is left of instalments whose due date has passed.",
    )
    billing_due_today_total = fields.Monetary(
        string="Due Today", compute="_compute_billing_due_totals", groups="service_billing.group_biller"
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_billing_due_totals(self):
        totals = {
            (partner, status): total
            for partner, status, total in self.env["service.open.item"]._read_group(
                [*self._get_own_domain(), ("is_settled", "=", False), ("status", "in", ("overdue", "due"))],
                ["commercial_partner_id", "status"],
                ["residual_company:sum"],
            )
        }
        for partner in self:
            customer = partner.commercial_partner_id
            partner.billing_overdue_total = totals.get((customer, "overdue"), 0.0)
            partner.billing_due_today_total = totals.get((customer, "due"), 0.0)

    # === ACTION METHODS === #

    def action_view_billing_overdue(self):
        """Open the customer's overdue invoices.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.account_move_action_invoices")
        domain = [*self._get_own_domain(), ("billing_overdue", "=", True)]
        context = {"create": False, "billing_pages": True}
        return {**action, "name": self.env._("Overdue"), "domain": domain, "context": context}
