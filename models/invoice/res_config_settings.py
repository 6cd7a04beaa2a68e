from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    billing_template_id = fields.Many2one(related="company_id.billing_template_id", readonly=False)
    billing_bad_debt_account_id = fields.Many2one(related="company_id.billing_bad_debt_account_id", readonly=False)
    billing_bad_debt_tax_relief = fields.Boolean(related="company_id.billing_bad_debt_tax_relief", readonly=False)
    billing_due_limit = fields.Integer(related="company_id.billing_due_limit", readonly=False)
    billing_due_on_receipt = fields.Boolean(related="company_id.billing_due_on_receipt", readonly=False)
    billing_backdating = fields.Boolean(related="company_id.billing_backdating", readonly=False)
    billing_strict = fields.Boolean(related="company_id.billing_strict")

    # === ACTION METHODS === #

    def action_billing_strict(self):
        """Turn strict mode on for the company."""
        self.check_access("write")
        self.company_id.billing_strict = True
        return {"type": "ir.actions.client", "tag": "reload"}
