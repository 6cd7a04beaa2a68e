from odoo import models

from ..settings.row_lock import wait_for_rows


class AccountMove(models.Model):
    """The customer's credit pays invoices: by itself when they are finalized, or by hand."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def js_assign_outstanding_line(self, line_id):
        """Use a credit on the document, and log it."""
        self.ensure_one()
        before = self._get_credit_partials()
        res = super().js_assign_outstanding_line(line_id)
        (self._get_credit_partials() - before)._note_credit_used()
        return res

    # === BUSINESS METHODS - FINALIZE === #

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._use_credit()
        return posted

    def _use_credit(self):
        """Let the customers' credit pay invoices that were finalized just now, where customers want it that way.

        The credit is locked: of two who use it at once, the second one sees what is left.
        """
        # In sudo mode because whoever finalizes the invoice may not read payments.
        invoices_sudo = self.sudo().filtered(lambda move: move._is_credit_used())
        dues = invoices_sudo.line_ids.filtered(lambda line: line.display_type == "payment_term" and not line.reconciled)
        credits = dues._find_credits() if dues else dues
        if not credits:
            return
        before = invoices_sudo._get_credit_partials()
        wait_for_rows(credits)
        dues._apply_credits(credits)
        (invoices_sudo._get_credit_partials() - before)._note_credit_used()

    # === GETTERS === #

    def _is_credit_used(self):
        """Tell whether the customer's credit pays the document by itself.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        if not self.billing_managed or self.move_type != "out_invoice" or self._is_mirror():
            return False
        choice = self.commercial_partner_id.billing_use_credit
        return choice == "yes" if choice else self.company_id.billing_use_credit

    def _get_credit_partials(self):
        """Return what settles the documents.

        :rtype: recordset of `account.partial.reconcile`
        """
        lines = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        return lines.matched_credit_ids | lines.matched_debit_ids
