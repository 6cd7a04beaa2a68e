from ..devtools.stripe_double.cards import BY_NUMBER
from .common_jobs import performing_jobs
from .common_stripe import CARD, StripeCommon


class CardCommon(StripeCommon):
    """Customers who saved a card at the Stripe double, and invoices that are due."""

    def _save_card(self, number=CARD, customer=None, provider=None, **values):
        """Return the card that a customer saved, as Stripe knows it."""
        customer, provider = customer or self.customer, provider or self.provider
        gateway = provider._get_gateway()
        ref = self.env["service.stripe.customer"]._get_ref(provider, customer)
        method = gateway.act("payment_methods", "attach", self._get_method(number), {"customer": ref})
        return self.env["payment.token"]._save_card(
            {
                "provider_id": provider.id,
                "partner_id": customer.id,
                "provider_ref": method["id"],
                "billing_customer_ref": ref,
                "billing_is_test": True,
                **self.env["payment.token"]._prepare_card_values(method["card"]),
                **values,
            }
        )

    def _get_method(self, number):
        return BY_NUMBER[number].token

    def _charge(self, invoice, token, amount=None, user=None):
        """Let the biller charge the card from the invoice's form, and return the attempt."""
        wizard = self._open_charge(invoice, user).create(
            {"token_id": token.id, **({"amount": amount} if amount else {})}
        )
        with performing_jobs():
            wizard.action_confirm()
        return self._get_last_attempt(invoice)

    def _open_charge(self, invoice, user=None):
        return self.env["service.charge.card"].with_user(user or self.biller).with_context(active_id=invoice.id)

    def _get_last_attempt(self, invoice):
        return self.env["service.charge.attempt"].search([("move_id", "=", invoice.id)], limit=1)

    def _get_charges(self):
        """Return what Stripe charged, oldest first."""
        return [charge for charge in self.double.find("charge") if charge["paid"]]
