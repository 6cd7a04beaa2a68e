from odoo import models
from odoo.exceptions import UserError

from .payment_provider import STRIPE


class AccountPayment(models.Model):
    """Money that went out and came back."""

    _inherit = "account.payment"

    # === ACTION METHODS === #

    def action_billing_remove(self):
        """Leave refunds alone that Stripe made: the money went out, whatever is taken off here."""
        # In sudo mode because whoever bills need not reach payments of cards.
        for tx in self.sudo().payment_transaction_id:
            if tx.operation == "refund" and tx.provider_code == STRIPE and tx.state in ("pending", "done"):
                raise UserError(self.env._("%(reference)s went to the card: it stays.", reference=tx.reference))
        return super().action_billing_remove()

    # === BUSINESS METHODS - REFUND === #

    def _bounce(self):
        """Take back what was paid out, on the day on which it came back: what it paid is owed again. Posted,
        a reversal settles what it reverses.

        Note: `self.ensure_one()`

        :return: The entry.
        :rtype: recordset of `account.move`
        """
        self.ensure_one()
        self._get_counterparts().remove_move_reconcile()
        company = self.company_id
        today = company._get_billing_today()
        entry = self.move_id._reverse_moves(
            [
                {
                    "date": self._get_first_open_day(company, self.journal_id, today) or today,
                    "ref": self.env._("%(payment)s came back", payment=self.display_name),
                    "origin_payment_id": False,
                }
            ]
        )
        entry._post(soft=False)
        self.action_reject()
        return entry

    # === GETTERS === #

    def _get_counterparts(self):
        """Return the lines of the payments with what customers owe.

        :rtype: recordset of `account.move.line`
        """
        return self.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def _get_open_receivables(self):
        """Return what is open of the payments on the receivable accounts.

        :rtype: recordset of `account.move.line`
        """
        return self._get_counterparts().filtered(lambda line: not line.reconciled)

    def _get_open_credit(self):
        """Return what is left of a customer's payment.

        :return: In the currency of the payment.
        :rtype: float
        """
        return -sum(self._get_open_receivables().mapped("amount_residual_currency"))
