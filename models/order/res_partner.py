from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_order_ids = fields.One2many("service.order", "partner_id", string="Service Orders")
