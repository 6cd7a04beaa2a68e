from odoo import fields, models


class ServiceInvoiceTag(models.Model):
    """A word of the office's own to find invoices by. It is not printed, so it may change at any time."""

    _name = "service.invoice.tag"
    _description = "Invoice Tag"
    _order = "name, id"

    name = fields.Char(required=True)
    color = fields.Integer(default=1)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, help="Without a company, all companies share the tag."
    )

    _name_uniq = models.UniqueIndex("(name, COALESCE(company_id, 0))", "There is a tag of that name already.")
