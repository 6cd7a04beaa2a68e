from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..logic.stripe_refund import plan_refund
from ..settings.row_lock import touch_rows, wait_for_rows


class ResPartner(models.Model):
    """Credit that came from cards goes back to them."""

    _inherit = "res.partner"

    # === BUSINESS METHODS - CREDIT === #

    def _refund_credit_to_cards(self, amount, *, currency, company):
        """Write down that a customer's credit goes back to the cards from which it came, oldest first, and let jobs
        do it.

        Note: `self.ensure_one()`

        :param float amount: In the currency.
        :param currency: The currency of the credit.
        :param company: In whose books the credit is.
        :return: The refunds in sudo mode, one for each payment.
        :rtype: recordset of `payment.transaction`
        :raise UserError: If the amount is not above zero, or more than can go back to cards.
        """
        self.ensure_one()
        credits = self._find_open_credits(company, currency)
        wait_for_rows(credits)
        touch_rows(credits._get_card_payments())
        cards = self._get_credit_cards(company, currency)
        most = sum(cards.values(), Decimal(0))
        if currency.compare_amounts(amount, 0.0) <= 0 or currency.compare_amounts(amount, float(most)) > 0:
            raise UserError(
                self.env._("Enter an amount up to %(amount)s.", amount=format_amount(self.env, float(most), currency))
            )
        # In sudo mode because whoever refunds need not reach payments of cards.
        refunds_sudo = self.env["payment.transaction"].sudo()
        for payment_sudo, share in plan_refund(Decimal(str(amount)), cards).items():
            refunds_sudo |= payment_sudo._create_refund(float(share))
        for refund_sudo in refunds_sudo:
            documents = refund_sudo.source_transaction_id.invoice_ids.sudo(self.env.su)
            documents._log_event("refund_asked", refund_sudo._get_refund_details())
        refunds_sudo._enqueue_refunds()
        return refunds_sudo

    # === GETTERS === #

    def _get_credit_cards(self, company, currency):
        """Return the card payments of which credit is left, the oldest first, and how much of each can go back.

        Note: `self.ensure_one()`

        :return: `{payment.transaction: Decimal}`, payments in sudo mode, amounts above zero.
        :rtype: dict
        """
        self.ensure_one()
        cards = {}
        for payment_sudo in self._find_open_credits(company, currency)._get_card_payments():
            left = min(payment_sudo._get_refundable(), payment_sudo._get_credit_not_asked())
            if currency.compare_amounts(left, 0.0) > 0:
                cards[payment_sudo] = Decimal(str(currency.round(left)))
        return cards
