from odoo import api, models

from ..logic.stripe_status import checkout_language
from .payment_transaction_checkout import RETURN_PATH

SETUP = {"expand": ["payment_method"]}


class PaymentTransaction(models.Model):
    """Customers who save a card without paying: on the same hosted page, where nothing is charged."""

    _inherit = "payment.transaction"

    # === BUSINESS METHODS - PAYMENT FLOW === #

    @api.model
    def _start_setup(self, provider, partner, **values):
        """Lead a customer to the page on which a card is saved.

        :param provider: The account, in sudo mode.
        :param partner: The customer.
        :param values: What else is kept of it: `landing_route` and `billing_consent_ip`.
        :return: The address to go to.
        :rtype: str
        :raise UserError: If that is not possible now; the sentence is for the customer.
        """
        # In sudo mode because the customer need not be logged in.
        transactions_sudo = self.sudo()
        with provider._explaining_stripe():
            return transactions_sudo.create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": self.env.ref("payment.payment_method_card").id,
                    "amount": 0.0,
                    "currency_id": provider.company_id.currency_id.id,
                    "partner_id": partner.commercial_partner_id.id,
                    "operation": "validation",
                    "tokenize": True,
                    "billing_consent_text": self.env["payment.token"]._get_consent_text(provider.company_id, partner),
                    **values,
                }
            )._get_checkout_url()

    def _apply_checkout(self, session):
        """Override to take over the card where nothing was paid."""
        if self.operation == "validation" and session["status"] == "complete":
            gateway = self.provider_id._get_gateway()
            return self._apply_stripe(gateway.retrieve("setup_intents", session["setup_intent"], SETUP))
        return super()._apply_checkout(session)

    def _apply_setup_intent_updates(self, intent):
        self.provider_reference = intent["id"]
        if intent["status"] == "succeeded":
            self._set_done(extra_allowed_states=("cancel",))
        elif intent["status"] == "canceled":
            self._set_canceled()

    def _tokenize(self, payment_data):
        """Override to charge what the customer's last card was refused for, now that there is another one."""
        super()._tokenize(payment_data)
        if self.operation == "validation" and self.token_id:
            self.env["service.charge.attempt"]._retry_declined(self.token_id)

    def _extract_token_values(self, payment_data):
        """Override to take the card from what was saved."""
        if payment_data.get("object") != "setup_intent":
            return super()._extract_token_values(payment_data)
        method = payment_data["payment_method"]
        return self._prepare_token_values(method["id"], payment_data["customer"], method["card"])

    # === GETTERS === #

    def _prepare_checkout_values(self, **extra):
        """Override to save a card, and to say at the button what the customer agrees to."""
        if self.operation != "validation":
            return super()._prepare_checkout_values(**extra)
        base = self.provider_id.get_base_url()
        metadata = self._get_stripe_metadata()
        customers = self.env["service.stripe.customer"]
        return {
            "mode": "setup",
            "client_reference_id": self.reference,
            "currency": self.currency_id.name.lower(),
            "customer": customers._get_ref(self.provider_id, self.partner_id),
            "allowed_payment_method_types": ["card"],
            "custom_text": {"submit": {"message": self.billing_consent_text}},
            "locale": checkout_language(self.partner_id.lang),
            "metadata": metadata,
            "setup_intent_data": {"metadata": metadata, "description": self.reference},
            "success_url": f"{base}{RETURN_PATH}?session_id={{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{base}{self.landing_route}",
            **extra,
        }
