import stripe

from odoo.tests import BaseCase

from odoo.addons.service_billing.devtools.stripe_double.thread import get_double

VISA, ASKING_ALWAYS, ASKING_ONCE = "4242424242424242", "4000002760003184", "4000002500003155"


class DoubleCase(BaseCase):
    """A double, asked with the official package."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = get_double()
        cls.stripe = cls._connect("sk_test_double")

    @classmethod
    def _connect(cls, key, **options):
        client = stripe.StripeClient(
            key,
            base_addresses={"api": cls.double.address},
            http_client=stripe.RequestsClient(timeout=10),
            max_network_retries=0,
            **options,
        )
        return client.v1

    def setUp(self):
        super().setUp()
        self.double.reset()

    # === STEPS === #

    def _open_session(self, **values):
        price = {"currency": "eur", "unit_amount": 1250, "product_data": {"name": "INV/1"}}
        return self.stripe.checkout.sessions.create(
            {
                "mode": "payment",
                "success_url": "https://firm.example/back/{CHECKOUT_SESSION_ID}",
                "cancel_url": "https://firm.example/invoice",
                "line_items": [{"quantity": 1, "price_data": price}],
                **values,
            }
        )

    def _create_customer(self, card="pm_card_visa"):
        customer = self.stripe.customers.create({"name": "Hotel Alpina"})
        return customer.id, self.stripe.payment_methods.attach(card, {"customer": customer.id}).id

    def _charge(self, customer, method, amount=3000, key=None, **values):
        params = {
            "amount": amount,
            "currency": "eur",
            "customer": customer,
            "payment_method": method,
            "confirm": True,
            "off_session": True,
            "allowed_payment_method_types": ["card"],
            **values,
        }
        return self.stripe.payment_intents.create(params, {"idempotency_key": key} if key else {})

    def _pay(self, card, **values):
        """Pay a session, and return its payment intent."""
        session = self._open_session(**values)
        self.double.pay(session.url, card)
        return self.stripe.checkout.sessions.retrieve(session.id).payment_intent

    def _get_types(self):
        return [event["type"] for event in self.double.events()]
