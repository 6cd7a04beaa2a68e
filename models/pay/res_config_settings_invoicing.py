from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_stripe_invoicing = fields.Boolean(
        related="company_id.billing_stripe_invoicing", readonly=False, groups="base.group_system"
    )
