from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_template_id = fields.Many2one(related="company_id.billing_template_id", readonly=False)
    billing_bad_debt_account_id = fields.Many2one(related="company_id.billing_bad_debt_account_id", readonly=False)
    billing_bad_debt_tax_relief = fields.Boolean(related="company_id.billing_bad_debt_tax_relief", readonly=False)
