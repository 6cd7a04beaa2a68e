from odoo import fields, models


class ResCompany(models.Model):
    """Whether customers' credit pays their new invoices by itself."""

    _inherit = "res.company"

    billing_use_credit = fields.Boolean(
        string="Use Credit by Itself",
        default=True,
        help="What a customer has paid too much, paid in advance or been credited pays the next invoice that is "
        "finalized, oldest first.",
    )
