from odoo import api, fields, models


class ServiceCustomerMoneyMixin(models.AbstractModel):
    """A window in which the office records money that a customer pays or gets back without an invoice."""

    _name = "service.customer.money.mixin"
    _description = "Money of a Customer"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    date = fields.Date(required=True, default=lambda self: self.env.company._get_billing_today())
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', 'parent_of', company_id)]",
    )
    note = fields.Text(string="Notes")

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_journal_id(self):
        for wizard in self:
            journals = self.env["account.journal"].with_company(wizard.company_id)
            domain = [*journals._check_company_domain(wizard.company_id), ("type", "in", ("bank", "cash"))]
            wizard.journal_id = journals.search(domain, limit=1)
