from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_template_id = fields.Many2one(
        comodel_name="service.invoice.template",
        string="Invoice Template",
        domain="[('company_id', 'parent_of', id)]",
        ondelete="restrict",
        help="For customers who have no template of their own.",
    )
