from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_reference_required = fields.Boolean(
        string="Reference Required",
        help="The customer pays no invoice without its own reference, such as a purchase order number.",
    )

    billing_template_id = fields.Many2one(
        comodel_name="service.invoice.template",
        string="Invoice Template",
        company_dependent=True,
        domain=lambda self: [("company_id", "parent_of", self.env.company.id)],
        groups="service_billing.group_biller",
        help="Without a choice it is the company's.",
    )

    billing_draft_count = fields.Integer(
        string="Drafts", compute="_compute_billing_drafts", groups="service_billing.group_biller"
    )
    billing_balance = fields.Monetary(
        string="Balance Due",
        compute="_compute_billing_drafts",
        groups="service_billing.group_biller",
        help="What the customer owes on posted documents, less what is credited and not used yet.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_billing_drafts(self):
        documents = self.env["account.move"]
        drafts = documents._read_group(
            [*self._get_own_domain(), ("state", "=", "draft"), ("move_type", "=", "out_invoice")],
            ["commercial_partner_id"],
            ["__count"],
        )
        balances = documents._read_group(
            [*self._get_own_domain(), ("state", "=", "posted"), ("move_type", "in", ("out_invoice", "out_refund"))],
            ["commercial_partner_id"],
            ["amount_residual_signed:sum"],
        )
        count_by_partner, balance_by_partner = dict(drafts), dict(balances)
        for partner in self:
            customer = partner.commercial_partner_id
            partner.billing_draft_count = count_by_partner.get(customer, 0)
            partner.billing_balance = balance_by_partner.get(customer, 0.0)

    # === ACTION METHODS === #

    def action_view_billing_drafts(self):
        """Open the customer's drafts.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.account_move_action_invoices")
        domain = [*self._get_own_domain(), ("state", "=", "draft"), ("move_type", "=", "out_invoice")]
        return {**action, "name": self.env._("Drafts"), "domain": domain, "context": {"create": False}}

    def action_view_partner_invoices(self):
        """Open the customer's invoices and credit notes in the list that has their billing status.

        :rtype: dict
        """
        action = super().action_view_partner_invoices()
        views = self.env["ir.actions.act_window"]._for_xml_id("service_billing.account_move_action_invoices")
        return {**action, "views": views["views"], "search_view_id": views["search_view_id"]}

    # === GETTERS === #

    def _get_own_domain(self):
        """Return the domain of the customers' documents in the companies of the user.

        :rtype: list
        """
        return [
            ("commercial_partner_id", "in", self.commercial_partner_id.ids),
            ("company_id", "in", self.env.companies.ids),
        ]

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
        return [*super()._commercial_fields(), "billing_reference_required", "billing_template_id"]
