from odoo import fields, models


class ServiceInvoiceTax(models.TransientModel):
    _name = "service.invoice.tax"
    _description = "Set Tax on All Lines"

    move_id = fields.Many2one("account.move", string="Invoice", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="move_id.company_id")
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        string="Taxes",
        domain="[('type_tax_use', '=', 'sale'), ('company_id', 'parent_of', company_id)]",
        help="Without a tax, the lines are billed without tax.",
    )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Give all lines of the draft the taxes."""
        self.ensure_one()
        self.move_id._set_taxes(self.tax_ids)
        return {"type": "ir.actions.act_window_close"}
