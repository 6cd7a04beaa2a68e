from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_use_credit = fields.Boolean(related="company_id.billing_use_credit", readonly=False)
