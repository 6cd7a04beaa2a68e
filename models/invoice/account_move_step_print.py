from odoo import models


class AccountMove(models.Model):
    """What customers read of the steps: in print, and in the portal."""

    _inherit = "account.move"

    # === GETTERS === #

    def _get_payable_amount(self):
        """Return what the customer can pay: what is due, and what is written off.

        Note: `self.ensure_one()`

        :return: An amount in the document's currency.
        :rtype: float
        """
        self.ensure_one()
        return self.amount_residual + self.billing_amount_written_off

    def _get_print_payments(self):
        """Return what settled the document, for customers: neither the mirror of a void document nor bad debts.

        Note: `self.ensure_one()`

        :return: Entries of `invoice_payments_widget`.
        :rtype: list[dict]
        """
        self.ensure_one()
        # In sudo mode because whoever prints the document may not read payments.
        move_sudo = self.sudo()
        payments = (move_sudo.invoice_payments_widget or {}).get("content", [])
        entries = move_sudo.browse(payment["move_id"] for payment in payments)
        own = entries.filtered(lambda entry: entry.billing_origin_move_id == move_sudo or move_sudo._is_mirror())
        return [payment for payment in payments if payment["move_id"] not in own.ids]

    def _get_portal_badge(self):
        """Return the status in the customer's words, where the ledger's own would say something else.

        Note: `self.ensure_one()`

        :return: `{'text': str, 'style': str}`, the style as Bootstrap has them; empty where the ledger's words do.
        :rtype: dict
        """
        self.ensure_one()
        if not self.billing_managed:
            return {}
        if self._is_void():
            return {"text": self.env._("Void"), "style": "secondary"}
        if self.billing_writeoff_move_id:
            return {"text": self.env._("Not Paid"), "style": "warning"}
        return {}
