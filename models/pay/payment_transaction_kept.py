from odoo import models
from odoo.exceptions import UserError

from .payment_provider import STRIPE


class PaymentTransaction(models.Model):
    """What Stripe says of a payment is written by the work itself. Core lets everybody who bills change
    transactions: a state or an amount by hand would be money in the books that nobody paid."""

    _inherit = "payment.transaction"

    # === CRUD METHODS === #

    def write(self, vals):
        self._check_written_by_hand()
        result = super().write(vals)
        self._check_written_by_hand()
        return result

    # === BUSINESS METHODS - CHECKS === #

    def _check_written_by_hand(self):
        """Refuse that somebody writes transactions of Stripe's by hand.

        :raise UserError: If one of them is Stripe's, and it is not the work that writes.
        """
        if not self.env.su and STRIPE in self.mapped("provider_code"):
            raise UserError(self.env._("What Stripe tells of a payment cannot be changed by hand."))
