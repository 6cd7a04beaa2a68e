from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

RATE_FIELDS = ("amount", "amount_type", "price_include_override")


class AccountTax(models.Model):
    _inherit = "account.tax"

    # === CRUD METHODS === #

    def write(self, vals):
        self._check_rate(vals)
        return super().write(vals)

    # === BUSINESS METHODS - LOCK === #

    def _check_rate(self, vals):
        """Make sure that a credit note finds the rate of its invoice: a tax that is on finalized documents keeps it.

        :param dict vals: What is written.
        :raise UserError: If the rate of such a tax would change.
        """
        will_change = self.env["account.move"]._will_change
        changing = self.filtered(lambda tax: any(will_change(tax, vals, name) for name in RATE_FIELDS if name in vals))
        domain = Domain("parent_state", "=", "posted") & Domain("move_id.billing_managed", "=", True)
        for tax in changing:
            # In sudo mode because the tax may be on documents of companies that are not switched on.
            if self.env["account.move.line"].sudo().search_count(domain & Domain("tax_ids", "in", tax.ids), limit=1):
                raise UserError(
                    self.env._("%(tax)s is on finalized invoices: make a new tax for the new rate.", tax=tax.name)
                )
