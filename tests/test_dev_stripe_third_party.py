import json
import os
import queue
import threading
import time
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

from odoo.tests import BaseCase

from odoo.addons.service_billing.devtools.other_stripe import running_localstripe
from odoo.addons.service_billing.models.pay.stripe_gateway import (
    API_BASE,
    StripeCardError,
    StripeGateway,
    StripeKeyError,
    StripeRefusedError,
    StripeSignatureError,
    read_event,
)

SECRET = "whsec_third_party"
SECONDS_TO_WAIT = 20


class TestStripeThirdParty(BaseCase):
    """Our gateway at localstripe, which somebody else wrote: what it does as the double does is not our idea alone.

    It has no hosted pages, disputes, payouts of charges or expansion of them, and does not know idempotency keys: the
    same key charges again. It refunds more than was paid. It refuses `allowed_payment_method_types`, `description`,
    `return_url`, `setup_future_usage` and other parameters of today, so that these are left out here.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.address = cls.enterClassContext(running_localstripe())
        cls.startClassPatcher(patch.dict(os.environ, {API_BASE: cls.address}))
        cls.gateway = StripeGateway("sk_test_third_party")
        customer = {"name": "Third Party", "metadata": {"odoo_db": "1"}}
        cls.customer = cls.gateway.create("customers", customer, key=cls._make_key())["id"]

    # === STEPS === #

    @staticmethod
    def _make_key():
        return uuid.uuid4().hex

    def _save_card(self, card="pm_card_visa"):
        return self.gateway.act("payment_methods", "attach", card, {"customer": self.customer})

    def _charge(self, card="pm_card_visa"):
        params = {
            "amount": 3000,
            "currency": "eur",
            "customer": self.customer,
            "payment_method": self._save_card(card)["id"],
            "confirm": True,
            "off_session": True,
            "metadata": {"odoo_tx": "S1"},
        }
        return self.gateway.create("payment_intents", params, key=self._make_key())

    def _listen(self):
        """Have localstripe send its events here, and return the queue of what it posts."""
        posted = queue.Queue()

        class Listener(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                posted.put((body, self.headers["Stripe-Signature"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_arguments):
                pass

        server = HTTPServer(("127.0.0.1", 0), Listener)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        values = {
            "url": f"http://127.0.0.1:{server.server_port}",
            "secret": SECRET,
            "events": ["payment_intent.succeeded"],
        }
        request = urllib.request.Request(
            f"{self.address}/_config/webhooks/ours",
            data=json.dumps(values).encode(),
            headers={"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=SECONDS_TO_WAIT).close()
        return posted

    # === TESTS === #

    def test_third_party_saves_a_card(self):
        card = self._save_card()

        self.assertEqual(
            (card["customer"], card["card"]["last4"], card["card"]["brand"]), (self.customer, "4242", "visa")
        )
        found = self.gateway.list("payment_methods", {"customer": self.customer, "type": "card"})
        self.assertIn(card["id"], [known["id"] for known in found])

    def test_third_party_charges_a_saved_card_without_the_customer(self):
        intent = self._charge()

        again = self.gateway.retrieve("payment_intents", intent["id"])
        self.assertEqual((again["status"], again["amount"], again["currency"]), ("succeeded", 3000, "eur"))
        self.assertEqual(again["metadata"], {"odoo_tx": "S1"})

    def test_third_party_declines_a_card(self):
        with self.assertRaises(StripeCardError) as caught:
            self._charge("pm_card_chargeCustomerFail")

        self.assertEqual(caught.exception.code, "card_declined")

    def test_third_party_refunds_a_part(self):
        intent = self._charge()["id"]

        refund = self.gateway.create("refunds", {"payment_intent": intent, "amount": 1000}, key=self._make_key())

        self.assertEqual((refund["status"], refund["amount"]), ("succeeded", 1000))
        known = self.gateway.list("refunds", {"payment_intent": intent})
        self.assertEqual([found["id"] for found in known], [refund["id"]])

    def test_third_party_refuses_what_it_does_not_know(self):
        with self.assertRaises(StripeRefusedError):
            self.gateway.retrieve("payment_intents", "pi_unknown")
        with self.assertRaises(StripeKeyError):
            StripeGateway("rk_test_third_party").retrieve("payment_intents", "pi_unknown")

    def test_third_party_signs_what_we_read(self):
        posted = self._listen()
        intent = self._charge()["id"]

        event = {}
        while event.get("data", {}).get("object", {}).get("id") != intent:
            # It tells a second late, so that the charges of other tests may come first.
            body, signature = posted.get(timeout=SECONDS_TO_WAIT)
            event = read_event(body, signature, SECRET)

        self.assertEqual((event["type"], event["livemode"]), ("payment_intent.succeeded", False))
        self.assertLess(abs(event["created"] - time.time()), 60)
        with self.assertRaises(StripeSignatureError):
            read_event(body, signature, "whsec_other")

    def test_live_key_never_reaches_the_third_party(self):
        with self.assertRaises(StripeKeyError):
            StripeGateway("sk_live_third_party")
