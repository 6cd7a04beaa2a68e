from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_reminder_days = fields.Char(related="company_id.billing_reminder_days", readonly=False)
