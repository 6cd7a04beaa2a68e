from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_cycle_auto = fields.Boolean(related="company_id.billing_cycle_auto", readonly=False)
    billing_hour = fields.Integer(related="company_id.billing_hour", readonly=False)
    billing_grace_days = fields.Integer(related="company_id.billing_grace_days", readonly=False)
    billing_cycle_finish = fields.Selection(related="company_id.billing_cycle_finish", readonly=False)
    billing_cycle_date = fields.Selection(related="company_id.billing_cycle_date", readonly=False)
