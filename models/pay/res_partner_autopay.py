from odoo import fields, models


class ResPartner(models.Model):
    """Whether the customer's card is charged by itself."""

    _inherit = "res.partner"

    billing_autopay_state = fields.Selection(
        selection=[("active", "Active"), ("paused", "Paused")],
        string="Autopay",
        compute="_compute_billing_autopay_state",
        groups="service_billing.group_biller",
    )

    # === COMPUTE METHODS === #

    def _compute_billing_autopay_state(self):
        autopays = self.env["service.autopay"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "!=", "ended"),
            ]
        )
        states = {autopay.partner_id: autopay.state for autopay in autopays}
        for partner in self:
            partner.billing_autopay_state = states.get(partner.commercial_partner_id, False)

    # === ACTION METHODS === #

    def action_view_billing_autopay(self):
        """Open the customer's consent, or a new one to be recorded.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        autopay = self.env["service.autopay"]._find(self.commercial_partner_id, self.env.company)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Autopay"),
            "res_model": "service.autopay",
            "view_mode": "form",
            "res_id": autopay.id,
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    # === GETTERS === #

    def _get_autopays(self):
        """Return what the customers agreed to and did not end, with all companies.

        :rtype: recordset of `service.autopay`
        """
        return self.env["service.autopay"].search([("partner_id", "in", self.ids), ("state", "!=", "ended")])
