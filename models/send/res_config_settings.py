from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_auto_send = fields.Boolean(related="company_id.billing_auto_send", readonly=False)
    billing_ready_notice = fields.Boolean(related="company_id.billing_ready_notice", readonly=False)
    billing_send_cooldown = fields.Integer(related="company_id.billing_send_cooldown", readonly=False)
    billing_collection = fields.Selection(related="company_id.billing_collection", readonly=False)
