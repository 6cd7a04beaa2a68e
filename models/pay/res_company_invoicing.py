from odoo import api, fields, models


class ResCompany(models.Model):
    """Whether invoices are in Stripe's dashboard too."""

    _inherit = "res.company"

    billing_stripe_invoicing = fields.Boolean(
        string="Mirror Invoices to Stripe",
        help="Finalized invoices also appear in Stripe's dashboard, with Stripe's PDF and payment page.",
    )
    billing_has_stripe_invoices = fields.Boolean(
        compute="_compute_billing_has_stripe_invoices",
        store=True,
        help="Stays when no more invoices go to Stripe: those that are there are kept up to date.",
    )

    # === COMPUTE METHODS === #

    @api.depends("billing_stripe_invoicing")
    def _compute_billing_has_stripe_invoices(self):
        for company in self:
            company.billing_has_stripe_invoices |= company.billing_stripe_invoicing
