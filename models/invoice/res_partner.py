from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_reference_required = fields.Boolean(
        string="Reference Required",
        help="The customer pays no invoice without its own reference, such as a purchase order number.",
    )

    # === ACTION METHODS === #

    def action_view_partner_invoices(self):
        """Open the customer's invoices and credit notes in the list that has their billing status.

        :rtype: dict
        """
        action = super().action_view_partner_invoices()
        views = self.env["ir.actions.act_window"]._for_xml_id("service_billing.account_move_action_invoices")
        return {**action, "views": views["views"], "search_view_id": views["search_view_id"]}

    # === GETTERS === #

    def _get_default_sale_taxes(self, company):
        """Return the taxes on what the company sells to the customer without naming a product.

        Note: `self.ensure_one()`

        :rtype: recordset of `account.tax`
        """
        self.ensure_one()
        position = self.env["account.fiscal.position"].with_company(company)._get_fiscal_position(self)
        return position.map_tax(company.account_sale_tax_id)

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "billing_reference_required"]
