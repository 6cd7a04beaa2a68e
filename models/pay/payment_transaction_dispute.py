from odoo import models

from ..logic.stripe_dispute import TAKING


class PaymentTransaction(models.Model):
    """Payments that a bank takes back: what it takes is not refunded as well."""

    _inherit = "payment.transaction"

    # === GETTERS === #

    def _get_refundable(self):
        """Override to leave out what is disputed."""
        taking = self.env["service.dispute"].search([("transaction_id", "=", self.id), ("status", "in", list(TAKING))])
        return super()._get_refundable() - sum(taking.mapped("amount"))
