from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_stripe_fee_account_id = fields.Many2one(related="company_id.billing_stripe_fee_account_id", readonly=False)
