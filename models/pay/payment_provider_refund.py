from odoo import api, models

from .payment_provider import STRIPE


class PaymentProvider(models.Model):
    """Refunds whose jobs gave up are asked for again."""

    _inherit = "payment.provider"

    # === CRON METHODS === #

    @api.model
    def _cron_sweep(self):
        """Ask again for the refunds whose jobs gave up."""
        super()._cron_sweep()
        waiting = [("operation", "=", "refund"), ("state", "=", "draft"), ("provider_id.code", "=", STRIPE)]
        self.env["payment.transaction"].search(waiting)._enqueue_refunds()
