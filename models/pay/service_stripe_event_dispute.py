from odoo import api, models

from ..settings.row_lock import touch_rows


class ServiceStripeEvent(models.Model):
    """Events about disputes."""

    _inherit = "service.stripe.event"

    # === BUSINESS METHODS - APPLY === #

    def _apply_dispute(self, dispute):
        """Take over what became of a dispute, and put what it moved into the books.

        :param dict dispute: The Dispute as it is now.
        """
        payment = self._find_refunded(dispute)
        payment._lock_for_job()
        touch_rows(payment)
        # In sudo mode because Stripe tells it, and no user.
        self.env["service.dispute"].sudo()._take_dispute(self.provider_id, payment, dispute)

    # === GETTERS === #

    @api.model
    def _get_event_types(self):
        names = ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated")
        return super()._get_event_types() | {f"charge.dispute.{name}" for name in names}

    @api.model
    def _get_resources(self):
        return {**super()._get_resources(), "dispute": ("disputes", {})}
