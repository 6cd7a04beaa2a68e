from odoo import fields, models


class ResUsersSettings(models.Model):
    """What a user chose the last time in the dialog that sends a document."""

    _inherit = "res.users.settings"

    billing_attach_pdf = fields.Boolean(string="Attach the PDF", default=True)
    billing_send_copy = fields.Boolean(string="Copy to the Sender")
    billing_has_message = fields.Boolean(string="Message of One's Own")
