from odoo import fields, models
from odoo.exceptions import ValidationError

from .payment_provider import STRIPE
from .stripe_gateway import is_test_key


class PaymentTransaction(models.Model):
    """Cards: those that are charged, and those that are saved on the way."""

    _inherit = "payment.transaction"

    billing_consent_text = fields.Text(readonly=True, copy=False, help="What the customer agreed to, to save the card.")
    billing_consent_ip = fields.Char(readonly=True, copy=False)

    # === BUSINESS METHODS - PAYMENT FLOW === #

    def _send_payment_request(self):
        """Override of `payment`: nobody charges a saved card by core's forms. The office does, autopay does, and the
        customer chooses one on Stripe's page."""
        if self.provider_code == STRIPE:
            raise ValidationError(self.env._("Saved cards are not charged here: pay with a card instead."))
        super()._send_payment_request()

    # === BUSINESS METHODS - PROCESSING === #

    def _apply_stripe(self, stripe_object):
        """Override to tell the attempt that waits for it."""
        problem = super()._apply_stripe(stripe_object)
        self.env["service.charge.attempt"].search([("transaction_id", "=", self.id)])._follow()
        return problem

    def _tokenize(self, payment_data):
        """Override of `payment` to keep a card once, however often the customer saves it."""
        if self.provider_code != STRIPE:
            super()._tokenize(payment_data)
            return
        values = self._extract_token_values(payment_data)
        if values:
            self.write({"token_id": self.env["payment.token"]._save_card(values).id, "tokenize": False})

    def _extract_token_values(self, payment_data):
        """Override of `payment` to take the card from what was paid with."""
        if self.provider_code != STRIPE:
            return super()._extract_token_values(payment_data)
        charge = payment_data.get("latest_charge") or {}
        details = charge.get("payment_method_details") or {}
        if "card" not in details or not payment_data.get("customer"):
            return {}
        return self._prepare_token_values(charge["payment_method"], payment_data["customer"], details["card"])

    # === GETTERS === #

    def _prepare_token_values(self, method_ref, customer_ref, card, **extra):
        """Return what a saved card is made of.

        Note: `self.ensure_one()`

        :param str method_ref: What Stripe calls the card.
        :param str customer_ref: Whose it is at Stripe.
        :param dict card: What Stripe tells of the card.
        :rtype: dict
        """
        self.ensure_one()
        return {
            "provider_id": self.provider_id.id,
            "partner_id": self.partner_id.commercial_partner_id.id,
            "provider_ref": method_ref,
            "billing_customer_ref": customer_ref,
            "billing_is_test": is_test_key(self.provider_id.billing_stripe_key),
            **self.env["payment.token"]._prepare_card_values(card),
            "billing_consent_text": self.billing_consent_text or self._get_consent_text(),
            "billing_consent_ip": self.billing_consent_ip,
            "billing_consent_at": fields.Datetime.now(),
            **extra,
        }

    def _get_consent_text(self):
        """Return what a customer agrees to who saves a card, in the customer's language.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        return self.env["payment.token"]._get_consent_text(self.company_id, self.partner_id)
