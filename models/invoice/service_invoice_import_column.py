from odoo import fields, models


class ServiceInvoiceImportColumn(models.Model):
    """What one column of an imported file means."""

    _name = "service.invoice.import.column"
    _description = "Import of Invoices: Column"
    _order = "place"

    batch_id = fields.Many2one("service.invoice.import", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, index=True)
    place = fields.Integer(required=True)
    name = fields.Char(string="Column in the File")
    sample = fields.Char(string="For Example")
    field = fields.Selection(
        selection=[
            ("reference", "External reference"),
            ("customer", "Customer"),
            ("email", "E-mail"),
            ("vat", "VAT number"),
            ("date", "Invoice date"),
            ("due_date", "Due date"),
            ("currency", "Currency"),
            ("note", "Note"),
            ("description", "Description"),
            ("quantity", "Quantity"),
            ("price", "Unit price"),
            ("tax", "Tax"),
            ("product", "Product code"),
        ],
        string="Means",
    )
