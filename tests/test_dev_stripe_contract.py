import os
import time
import uuid
from unittest.mock import patch

from odoo.tests import BaseCase, common

from odoo.addons.service_billing.devtools.stripe_double.thread import get_double
from odoo.addons.service_billing.models.pay.stripe_gateway import (
    API_BASE,
    StripeCardError,
    StripeConflictError,
    StripeGateway,
    StripeKeyError,
    StripeRefusedError,
)

# With a key of a test account of your own, the same tests ask Stripe itself.
REAL_KEY = os.environ.get("STRIPE_SECRET_KEY", "")


class TestStripeContract(BaseCase):
    """What the add-on relies on, asked of the double, or of Stripe itself where the environment has a key for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if REAL_KEY and not REAL_KEY.startswith(("sk_test_", "rk_test_")):
            raise ValueError("STRIPE_SECRET_KEY is not a key for tests: these tests charge cards.")
        base = {} if REAL_KEY else {API_BASE: get_double().address}
        cls.startClassPatcher(patch.dict(os.environ, base))
        cls.gateway = StripeGateway(REAL_KEY or "sk_test_double")
        cls.customer = cls.gateway.create("customers", {"name": "Contract"}, key=cls._make_key())["id"]

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Let requests leave this machine when Stripe itself is asked."""
        if REAL_KEY:
            return common._super_send(session, request, **options)
        return super()._request_handler(session, request, **options)

    # === STEPS === #

    @staticmethod
    def _make_key():
        return uuid.uuid4().hex

    def _attach(self, card):
        return self.gateway.act("payment_methods", "attach", card, {"customer": self.customer})["id"]

    def _charge(self, card="pm_card_visa", *, key=None, amount=3000, currency="eur"):
        params = {
            "amount": amount,
            "currency": currency,
            "customer": self.customer,
            "payment_method": self._attach(card) if card.startswith("pm_card_") else card,
            "confirm": True,
            "off_session": True,
            "allowed_payment_method_types": ["card"],
            "metadata": {"odoo_tx": "S1"},
            "expand": ["latest_charge.balance_transaction"],
        }
        return self.gateway.create("payment_intents", params, key=key or self._make_key())

    def _create_session(self, key):
        price = {"currency": "eur", "unit_amount": 1250, "product_data": {"name": "INV/1"}}
        params = {
            "mode": "payment",
            "customer": self.customer,
            "client_reference_id": "S1",
            "line_items": [{"quantity": 1, "price_data": price}],
            "metadata": {"odoo_tx": "S1"},
            "payment_intent_data": {"metadata": {"odoo_tx": "S1"}, "setup_future_usage": "off_session"},
            "allowed_payment_method_types": ["card"],
            "adaptive_pricing": {"enabled": False},
            "success_url": "https://firm.example/back?session_id={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://firm.example/invoice",
        }
        return self.gateway.create("checkout.sessions", params, key=key)

    def _open_invoice(self, *amounts):
        """Return an invoice of Stripe Invoicing that asks for these amounts."""
        params = {
            "customer": self.customer,
            "currency": "eur",
            "auto_advance": False,
            "collection_method": "send_invoice",
            "due_date": int(time.time()) + 7 * 24 * 3600,
            "pending_invoice_items_behavior": "exclude",
            "metadata": {"odoo_db": "contract"},
        }
        ref = self.gateway.create("invoices", params, key=self._make_key())["id"]
        lines = [{"amount": amount, "description": f"Line {amount}"} for amount in amounts]
        draft = self.gateway.act("invoices", "add_lines", ref, {"lines": lines}, key=self._make_key())
        self.assertEqual((draft["status"], draft["total"], draft["amount_due"]), ("draft", sum(amounts), sum(amounts)))
        return self.gateway.act("invoices", "finalize_invoice", ref, {"auto_advance": False}, key=self._make_key())

    def _report_payment(self, amount):
        """Return the record of a payment that Stripe did not see."""
        moment = int(time.time())
        params = {
            "amount_requested": {"currency": "eur", "value": amount},
            "initiated_at": moment,
            "outcome": "guaranteed",
            "guaranteed": {"guaranteed_at": moment},
            "payment_method_details": {"type": "custom", "custom": {"display_name": "Bank"}},
        }
        return self.gateway.create("payment_records", params, key=self._make_key(), verb="report_payment")["id"]

    # === CHARGES === #

    def test_account_says_who_it_is(self):
        account = self.gateway.retrieve("accounts")

        self.assertTrue(account["id"].startswith("acct_"))
        self.assertEqual(len(account["default_currency"]), 3)

    def test_saved_card_is_charged_and_the_fee_is_known(self):
        intent = self._charge()

        entry = intent["latest_charge"]["balance_transaction"]
        self.assertEqual((intent["status"], intent["amount_received"]), ("succeeded", 3000))
        self.assertEqual(intent["metadata"]["odoo_tx"], "S1")
        self.assertEqual(intent["latest_charge"]["payment_method_details"]["card"]["last4"], "4242")
        self.assertEqual(entry["net"], entry["amount"] - entry["fee"])

    def test_same_key_is_one_charge_and_takes_no_other_amount(self):
        key, card = self._make_key(), self._attach("pm_card_visa")
        first = self._charge(card, key=key)

        self.assertEqual(self._charge(card, key=key)["id"], first["id"])
        with self.assertRaises(StripeConflictError):
            self._charge(card, key=key, amount=4000)

    def test_declined_card_says_why(self):
        with self.assertRaises(StripeCardError) as caught:
            self._charge("pm_card_chargeCustomerFail")

        self.assertEqual(
            (caught.exception.code, caught.exception.object["object"]), ("card_declined", "payment_intent")
        )
        self.assertTrue(caught.exception.decline_code)
        self.assertTrue(str(caught.exception))

    def test_bank_that_wants_the_customer_declines_without_them(self):
        with self.assertRaises(StripeCardError) as caught:
            self._charge("pm_card_authenticationRequired")

        self.assertEqual(caught.exception.code, "authentication_required")

    def test_amounts_too_small_and_unknown_currencies_are_refused(self):
        for amount, currency, code in ((1, "eur", "amount_too_small"), (500, "xxx", None)):
            with self.subTest(currency=currency), self.assertRaises(StripeRefusedError) as caught:
                self._charge(amount=amount, currency=currency)
            if code:
                self.assertEqual(caught.exception.code, code)

    def test_amount_without_decimals_is_taken_as_it_is(self):
        self.assertEqual(self._charge(amount=500, currency="jpy")["amount_received"], 500)

    def test_removed_card_is_not_charged(self):
        card = self._attach("pm_card_visa")
        self.gateway.act("payment_methods", "detach", card)

        with self.assertRaises(StripeRefusedError):
            self._charge(card)

    def test_wrong_key_is_told_from_other_errors(self):
        with self.assertRaises(StripeKeyError):
            StripeGateway("sk_test_refused").retrieve("accounts")

    # === AFTERWARDS === #

    def test_refund_is_never_more_than_was_paid(self):
        intent = self._charge()["id"]
        refund = self.gateway.create("refunds", {"payment_intent": intent, "amount": 1000}, key=self._make_key())

        self.assertEqual((refund["status"], refund["amount"]), ("succeeded", 1000))
        with self.assertRaises(StripeRefusedError):
            self.gateway.create("refunds", {"payment_intent": intent, "amount": 2001}, key=self._make_key())
        self.assertEqual(
            [found["id"] for found in self.gateway.list("refunds", {"payment_intent": intent})], [refund["id"]]
        )

    def test_hosted_page_is_made_once_a_key_and_closed_once(self):
        key = self._make_key()
        session = self._create_session(key)

        self.assertEqual(self._create_session(key)["id"], session["id"])
        self.assertEqual((session["status"], session["payment_status"]), ("open", "unpaid"))
        self.assertIsNone(session["payment_intent"])
        closed = self.gateway.act("checkout.sessions", "expire", session["id"])
        self.assertEqual(closed["status"], "expired")
        with self.assertRaises(StripeRefusedError):
            self.gateway.act("checkout.sessions", "expire", session["id"])

    # === INVOICES === #

    def test_invoice_asks_for_its_lines_and_has_a_page_and_a_pdf(self):
        invoice = self._open_invoice(3000, -500)

        self.assertEqual((invoice["status"], invoice["amount_remaining"]), ("open", 2500))
        self.assertTrue(invoice["hosted_invoice_url"].startswith("http"))
        self.assertTrue(invoice["invoice_pdf"].startswith("http"))
        self.assertIn(
            invoice["id"], [found["id"] for found in self.gateway.list("invoices", {"customer": self.customer})]
        )

    def test_payment_of_an_invoice_is_found_by_its_intent(self):
        invoice = self._open_invoice(3000)["id"]
        [payment] = self.gateway.list("invoice_payments", {"invoice": invoice})
        intent = payment["payment"]["payment_intent"]

        asked = {"payment": {"type": "payment_intent", "payment_intent": intent}}

        self.assertEqual([one["invoice"] for one in self.gateway.list("invoice_payments", asked)], [invoice])

    def test_invoice_paid_elsewhere_is_paid_once(self):
        invoice = self._open_invoice(3000)["id"]

        paid = self.gateway.act("invoices", "pay", invoice, {"paid_out_of_band": True})

        self.assertEqual((paid["status"], paid["amount_remaining"]), ("paid", 0))
        with self.assertRaises(StripeRefusedError):
            self.gateway.act("invoices", "pay", invoice, {"paid_out_of_band": True})
        with self.assertRaises(StripeRefusedError):
            self.gateway.act("invoices", "void_invoice", invoice)

    def test_invoice_paid_in_part_elsewhere_asks_for_the_rest_and_is_not_void_any_more(self):
        invoice = self._open_invoice(3000)["id"]

        part = self.gateway.act(
            "invoices", "attach_payment", invoice, {"payment_record": self._report_payment(1000)}, key=self._make_key()
        )

        self.assertEqual((part["status"], part["amount_remaining"]), ("open", 2000))
        with self.assertRaises(StripeRefusedError):
            self.gateway.act("invoices", "void_invoice", invoice)
        paid = self.gateway.act("invoices", "pay", invoice, {"paid_out_of_band": True})
        self.assertEqual((paid["status"], paid["amount_remaining"]), ("paid", 0))

    def test_void_invoice_asks_for_nothing(self):
        invoice = self._open_invoice(3000)["id"]

        self.assertEqual(self.gateway.act("invoices", "void_invoice", invoice)["status"], "void")

    def test_draft_that_is_deleted_is_gone(self):
        params = {"customer": self.customer, "currency": "eur", "collection_method": "send_invoice"}
        draft = self.gateway.create("invoices", {**params, "days_until_due": 7}, key=self._make_key())["id"]

        self.assertTrue(self.gateway.act("invoices", "delete", draft)["deleted"])
        with self.assertRaises(StripeRefusedError):
            self.gateway.retrieve("invoices", draft)

    # === LISTS === #

    def test_events_tell_of_the_charge(self):
        intent = self._charge()["id"]

        found = self.gateway.list("events", {"types": ["payment_intent.succeeded"], "limit": 100})

        self.assertIn(intent, [event["data"]["object"]["id"] for event in found])

    def test_lists_are_read_page_by_page(self):
        for _number in range(3):
            self._attach("pm_card_visa")

        cards = list(self.gateway.list("payment_methods", {"customer": self.customer, "type": "card", "limit": 1}))

        self.assertGreaterEqual(len({card["id"] for card in cards}), 3)
