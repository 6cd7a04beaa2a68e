import json
import os
from unittest.mock import patch

import stripe

from ..devtools.stripe_double.thread import get_double
from .common_money import MoneyCommon

CARD = "4242424242424242"
CARD_MASTER = "5555555555554444"
CARD_DECLINED = "4000000000000002"
CARD_WITHOUT_FUNDS = "4000000000009995"
CARD_ASKING_ALWAYS = "4000002760003184"
CARD_ASKING_ONCE = "4000002500003155"
CARD_DECLINED_LATER = "4000000000000341"
WEBHOOK_SECRET = "whsec_double"


class StripeCommon(MoneyCommon):
    """A company that takes money online, by an account of the Stripe double, which forgets all before each test.

    Events are delivered by the tests themselves, when and as often as they want: `deliver` and `receive`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = get_double()
        cls.startClassPatcher(patch.dict(os.environ, {"STRIPE_API_BASE": cls.double.address}))
        cls.provider = cls._create_stripe_provider(cls.company)

    def setUp(self):
        super().setUp()
        self.double.reset()

    @classmethod
    def _create_stripe_provider(cls, company):
        """Return the Stripe account of a company, connected in test mode."""
        providers = cls.env["payment.provider"]
        provider = providers.search([("code", "=", "stripe_checkout"), ("company_id", "=", company.id)]) or cls.env.ref(
            "service_billing.payment_provider_stripe"
        ).copy({"company_id": company.id})
        provider.write({"state": "test", "billing_stripe_key": "sk_test_double"})
        provider.billing_stripe_webhook_secret = WEBHOOK_SECRET
        return provider

    # === EVENTS === #

    def _get_events(self, *types):
        """Return the events so far, oldest first; of these types only, if any is given."""
        return [event for event in self.double.events() if not types or event["type"] in types]

    def receive(self, event, provider=None):
        """Put an event into the inbox, as the webhook does once its signature is found to be right."""
        return self.env["service.stripe.event"]._receive(provider or self.provider, event)

    def deliver(self, event, times=1, *, provider=None, secret=WEBHOOK_SECRET):
        """Post a signed event to the webhook over HTTP, and return the answers: for `HttpCase` only."""
        payload = json.dumps(event)
        header = stripe.WebhookSignature.generate_signature_header(payload, secret)
        url = f"/payment/stripe_checkout/webhook/{(provider or self.provider).id}"
        headers = {"Content-Type": "application/json", "Stripe-Signature": header}
        return [self.url_open(url, data=payload.encode(), headers=headers) for _time in range(times)]
