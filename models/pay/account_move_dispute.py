from odoo import fields, models
from odoo.fields import Domain


class AccountMove(models.Model):
    """Invoices whose payment the customer disputes: nobody is reminded of them."""

    _inherit = "account.move"

    billing_has_dispute = fields.Boolean(
        string="Disputed", compute="_compute_billing_has_dispute", search="_search_billing_has_dispute"
    )

    # === COMPUTE METHODS === #

    def _compute_billing_has_dispute(self):
        # In sudo mode because whoever sees the invoice may see that it is disputed.
        disputes_sudo = self.env["service.dispute"].sudo()
        disputed = disputes_sudo.search([("is_open", "=", True), ("move_ids", "in", self.ids)]).move_ids
        for move in self:
            move.billing_has_dispute = move._origin in disputed

    def _search_billing_has_dispute(self, operator, value):
        if operator != "in":
            return NotImplemented
        # In sudo mode because whoever sees the invoice may see that it is disputed.
        open_sudo = self.env["service.dispute"].sudo().search([("is_open", "=", True)])
        found = Domain("id", "in", open_sudo.move_ids.ids)
        return found if True in value else ~found

    # === ACTION METHODS === #

    def action_view_billing_disputes(self):
        """Open the disputes of the invoice.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_dispute_action")
        return {**action, "domain": [("move_ids", "in", self.ids)], "context": {}}
