from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_pay_parts = fields.Boolean(related="company_id.billing_pay_parts", readonly=False)
    billing_pay_minimum = fields.Monetary(related="company_id.billing_pay_minimum", readonly=False)
