from odoo import api, models

from .stripe_event_error import IgnoredEventError


class ServiceStripeEvent(models.Model):
    """Events about cards: saved on the hosted page, renewed by the bank, removed at Stripe."""

    _inherit = "service.stripe.event"

    # === BUSINESS METHODS - APPLY === #

    def _apply_setup_intent(self, intent):
        """Take over a card that a customer saved.

        :param dict intent: The SetupIntent as it is now, with its payment method.
        """
        transaction = self._find_transaction(intent)
        if not transaction:
            raise IgnoredEventError(self.env._("No card of ours."))
        transaction._lock_for_job()
        return transaction._apply_stripe(intent)

    def _apply_payment_method(self, method):
        """Take over what became of a card.

        :param dict method: The payment method as it is now.
        """
        token = self.env["payment.token"].search(
            [("provider_id", "=", self.provider_id.id), ("provider_ref", "=", method["id"])]
        )
        if not token:
            raise IgnoredEventError(self.env._("No card of ours."))
        if not method["customer"]:
            token._remove()
            return
        token.write(token._prepare_card_values(method["card"]))
        self.env["service.charge.attempt"]._retry_declined(token)

    def _apply_customer(self, customer):
        """Forget a customer that somebody deleted at Stripe.

        :param dict customer: What is left of the customer.
        """
        if not customer.get("deleted") or not self.env["service.stripe.customer"]._note_gone(
            self.provider_id, customer["id"]
        ):
            raise IgnoredEventError(self.env._("No customer of ours, or gone before."))

    # === GETTERS === #

    @api.model
    def _get_event_types(self):
        return super()._get_event_types() | {
            "setup_intent.succeeded",
            "payment_method.automatically_updated",
            "payment_method.detached",
            "customer.deleted",
        }

    @api.model
    def _get_resources(self):
        return {
            **super()._get_resources(),
            "setup_intent": ("setup_intents", {"expand": ["payment_method"]}),
            "payment_method": ("payment_methods", {}),
            "customer": ("customers", {}),
        }
