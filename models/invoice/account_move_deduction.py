from odoo import models


class AccountMove(models.Model):
    """What a deduction must not do to an invoice: turn one of its taxes negative."""

    _inherit = "account.move"

    # === BUSINESS METHODS - FINALIZE === #

    def _get_finalize_constraints(self):
        constraints = super()._get_finalize_constraints()
        if not self._has_deductions():
            return constraints
        for subtotal in self.tax_totals["subtotals"]:
            for group in subtotal["tax_groups"]:
                if self.currency_id.compare_amounts(group["base_amount_currency"], 0.0) < 0:
                    constraints["negative_tax"] = self.env._(
                        "The deduction leaves %(tax)s below zero: delete it from the draft, or credit the deposit and "
                        "bill it with the taxes of the work.",
                        tax=group["group_name"],
                    )
        return constraints
