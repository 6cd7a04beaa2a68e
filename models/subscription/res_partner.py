from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_subscription_count = fields.Integer(
        compute="_compute_service_subscription_count", groups="service_billing.group_biller"
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_service_subscription_count(self):
        groups = self.env["service.subscription"]._read_group(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
            ["commercial_partner_id"],
            ["__count"],
        )
        counts = dict(groups)
        for partner in self:
            partner.service_subscription_count = counts.get(partner.commercial_partner_id, 0)

    # === ACTION METHODS === #

    def action_view_subscriptions(self):
        """Open the customer's subscriptions.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_subscription_action")
        return {
            **action,
            "domain": [("commercial_partner_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.id},
        }
