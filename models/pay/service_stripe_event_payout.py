from odoo import api, models

from ..settings.row_lock import touch_rows
from .stripe_event_error import IgnoredEventError


class ServiceStripeEvent(models.Model):
    """Events about payouts."""

    _inherit = "service.stripe.event"

    # === BUSINESS METHODS - APPLY === #

    def _apply_payout(self, payout):
        """Keep a payout, and book it if all of it is known.

        :param dict payout: The Payout as it is now.
        """
        touch_rows(self.provider_id)
        # In sudo mode because Stripe tells it, and no user.
        payouts_sudo = self.env["service.payout"].sudo()
        if not payouts_sudo._take_payout(self.provider_id, payout):
            raise IgnoredEventError(self.env._("Nothing reached the bank yet."))

    # === GETTERS === #

    @api.model
    def _get_event_types(self):
        return super()._get_event_types() | {"payout.paid", "payout.failed", "payout.reconciliation_completed"}

    @api.model
    def _get_resources(self):
        return {**super()._get_resources(), "payout": ("payouts", {})}
