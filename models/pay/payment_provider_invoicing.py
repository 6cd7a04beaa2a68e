from odoo import api, models

from .payment_provider import STRIPE


class PaymentProvider(models.Model):
    """Accounts in which our invoices stand too."""

    _inherit = "payment.provider"

    # === CRON METHODS === #

    @api.model
    def _cron_sweep(self):
        """Bring also invoices at Stripe to what is due whose own job did not come through."""
        super()._cron_sweep()
        # In sudo mode because the work is the same for all companies.
        mirrored_sudo = self.env["service.stripe.invoice"].sudo()
        settled = [("state", "=", "open"), ("move_id.payment_state", "in", ("paid", "in_payment", "reversed"))]
        (mirrored_sudo.search([("state", "=", "waiting")]) | mirrored_sudo.search(settled))._enqueue()

    # === GETTERS === #

    def _takes(self, currency):
        """Tell whether the account is in use, and for a currency.

        Note: there may be none.

        :param currency: The currency.
        :rtype: bool
        """
        is_used = self.code == STRIPE and self.state in ("enabled", "test")
        return is_used and (not self.available_currency_ids or currency in self.available_currency_ids)
