import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import stripe

from .common_stripe_double import VISA, DoubleCase

SECRET = "whsec_test"
REFUND_FAILS, REFUND_PENDING = "4000000000005126", "4000000000007726"


class TestMoneyBack(DoubleCase):
    def test_no_more_is_refunded_than_was_paid(self):
        intent = self._pay(VISA)
        self.stripe.refunds.create({"payment_intent": intent, "amount": 1000})

        with self.assertRaises(stripe.InvalidRequestError):
            self.stripe.refunds.create({"payment_intent": intent, "amount": 251})

        self.stripe.refunds.create({"payment_intent": intent})
        self.assertEqual(
            [refund.amount for refund in self.stripe.refunds.list({"payment_intent": intent})], [250, 1000]
        )

    def test_refund_may_be_pending_or_fail_later(self):
        pending = self.stripe.refunds.create({"payment_intent": self._pay(REFUND_PENDING)})
        failing = self.stripe.refunds.create({"payment_intent": self._pay(REFUND_FAILS)})

        self.assertEqual((pending.status, failing.status), ("pending", "failed"))
        self.assertEqual(self.double.succeed_refund(pending.id)["status"], "succeeded")
        self.assertEqual(self._get_types().count("refund.failed"), 1)

    def test_dispute_takes_the_money_until_it_is_won(self):
        dispute = self.double.dispute(self._pay(VISA), reason="product_not_received")
        self.assertEqual(self.stripe.balance.retrieve().pending[0].amount, 1250 - 43 - 1250 - 2000)

        sent = self.stripe.disputes.update(dispute["id"], {"evidence": {"uncategorized_text": "Signed."}})
        self.double.close_dispute(dispute["id"], "won")

        self.assertEqual(sent.status, "under_review")
        self.assertEqual(self.stripe.disputes.retrieve(dispute["id"]).status, "won")
        self.assertEqual(self.stripe.balance.retrieve().pending[0].amount, 1250 - 43)

    def test_payout_is_the_sum_of_its_transactions_and_pays_each_once(self):
        self.stripe.refunds.create({"payment_intent": self._pay(VISA), "amount": 200})

        (payout,) = self.double.payout()

        entries = self.stripe.balance_transactions.list({"payout": payout["id"]})
        self.assertEqual({entry.type for entry in entries}, {"charge", "refund", "payout"})
        self.assertEqual(sum(entry.net for entry in entries), 0)
        self.assertFalse(self.double.payout())


class TestEvents(DoubleCase):
    def test_events_are_listed_since_a_moment_page_by_page(self):
        self._pay(VISA)

        events = list(self.stripe.events.list({"created": {"gte": 0}, "limit": 2}).auto_paging_iter())

        self.assertEqual([event.type for event in reversed(events)], self._get_types())
        self.assertEqual(list(self.stripe.events.list({"created": {"gt": int(time.time()) + 60}})), [])
        self.assertEqual(len(self.stripe.events.list({"types": ["payment_intent.succeeded"]}).data), 1)

    def test_secret_of_an_endpoint_is_told_once(self):
        params = {"url": "http://127.0.0.1:9/", "enabled_events": ["*"]}

        endpoint = self.stripe.webhook_endpoints.create(params)

        self.assertTrue(endpoint.secret.startswith("whsec_"))
        self.assertIsNone(self.stripe.webhook_endpoints.retrieve(endpoint.id).secret)

    def test_events_are_signed_and_sent_as_often_as_wanted_also_beside_a_dead_endpoint(self):
        with Listener() as listener:
            self.double.connect(url="http://127.0.0.1:9/", secret=SECRET)
            self.double.connect(url=listener.url, secret=SECRET)
            self.double.delivery(is_on=True, copies=3, shuffle=0.1)
            self.stripe.customers.create({"name": "Hotel Alpina"})
            listener.wait_for(3)

        for body, header in listener.received:
            self.assertTrue(stripe.WebhookSignature.verify_header(body, header, SECRET, 300))
        self.assertEqual({json.loads(body)["type"] for body, _header in listener.received}, {"customer.created"})

    def test_lost_events_do_not_arrive_but_are_listed(self):
        with Listener() as listener:
            self.double.connect(url=listener.url, secret=SECRET)
            self.double.delivery(is_on=True, drop=1.0)
            self.stripe.customers.create({"name": "Hotel Alpina"})
            self.double.delivery(is_on=True)
            self.stripe.customers.create({"name": "Garage Meyer"})
            listener.wait_for(1)

        self.assertEqual(len(listener.received), 1)
        self.assertEqual(len(self.stripe.events.list().data), 2)


class Listener:
    """An endpoint that keeps what it gets."""

    def __enter__(self):
        self.received = received = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received.append((body, self.headers["Stripe-Signature"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *arguments):
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def wait_for(self, count):
        """Wait until that many arrived."""
        deadline = time.monotonic() + 20
        while len(self.received) < count and time.monotonic() < deadline:
            time.sleep(0.02)

    def __exit__(self, *exc_info):
        self._server.shutdown()
        self._server.server_close()
