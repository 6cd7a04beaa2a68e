from odoo import models

from ..settings.row_lock import touch_rows


class AccountMove(models.Model):
    """Strict mode: each document is sealed with the hash of the one before."""

    _inherit = "account.move"

    # === BUSINESS METHODS - FINALIZE === #

    def _post(self, soft=True):
        """Seal one document after the other: whoever finalizes at the same time sees the one before."""
        touch_rows(self.filtered(lambda move: move.billing_managed and move._is_strict()).journal_id)
        return super()._post(soft)

    def _get_number_constraints(self):
        constraints = super()._get_number_constraints()
        if self.name and self.name != "/" and self._is_strict():
            constraints["number"] = self.env._("In strict mode no number is chosen: leave it empty.")
        return constraints

    # === GETTERS === #

    def _is_backdating_allowed(self):
        return super()._is_backdating_allowed() and not self._is_strict()

    def _is_strict(self):
        """Tell whether the document is sealed when it is finalized.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.company_id.billing_strict
