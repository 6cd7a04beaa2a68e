from odoo import fields, models


class AccountMove(models.Model):
    """Tags on invoices and credit notes, also on finalized ones: no customer sees them."""

    _inherit = "account.move"

    billing_tag_ids = fields.Many2many(
        comodel_name="service.invoice.tag",
        relation="account_move_billing_tag_rel",
        string="Tags",
        copy=False,
        check_company=True,
        groups="service_billing.group_biller",
    )
