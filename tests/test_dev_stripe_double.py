import urllib.request
from concurrent.futures import ThreadPoolExecutor

import stripe

from odoo.addons.service_billing.devtools.stripe_double.cards import CARDS

from .common_stripe_double import ASKING_ALWAYS, ASKING_ONCE, VISA, DoubleCase


class TestContract(DoubleCase):
    """A request that the package's own types do not allow is refused."""

    def _assert_refused(self, param, call, *arguments):
        with self.assertRaises(stripe.InvalidRequestError) as caught:
            call(*arguments)
        self.assertEqual(caught.exception.param, param)

    def test_unknown_parameter_is_refused_at_every_depth(self):
        create = self.stripe.payment_intents.create

        self._assert_refused("amout", create, {"amout": 100, "currency": "eur"})
        line = {"quantity": 1, "price_data": {"currency": "eur", "unit_amnt": 5}}
        self._assert_refused("line_items[0][price_data][unit_amnt]", lambda: self._open_session(line_items=[line]))

    def test_parameter_that_stripe_took_away_is_refused(self):
        values = {"amount": 100, "currency": "eur", "payment_method_types": ["card"]}

        self._assert_refused("payment_method_types", self.stripe.payment_intents.create, values)

    def test_missing_parameter_and_wrong_types_are_refused(self):
        create = self.stripe.payment_intents.create

        self._assert_refused("amount", create, {"currency": "eur"})
        self._assert_refused("amount", create, {"amount": 10.5, "currency": "eur"})
        self._assert_refused("confirm", create, {"amount": 100, "currency": "eur", "confirm": "yes"})
        self._assert_refused("metadata", create, {"amount": 100, "currency": "eur", "metadata": "x"})

    def test_enumerations_are_closed(self):
        self._assert_refused("reason", self.stripe.refunds.create, {"charge": "ch_1", "reason": "whim"})

    def test_amounts_follow_the_currency(self):
        create = self.stripe.payment_intents.create

        self.assertEqual(create({"amount": 500, "currency": "jpy"}).amount, 500)
        self.assertEqual(create({"amount": 5120, "currency": "kwd"}).amount, 5120)
        self._assert_refused("amount", create, {"amount": 5125, "currency": "kwd"})
        with self.assertRaises(stripe.InvalidRequestError) as caught:
            create({"amount": 49, "currency": "eur"})
        self.assertEqual(caught.exception.code, "amount_too_small")

    def test_only_test_keys_and_the_version_of_the_package_are_taken(self):
        for key in ("sk_live_1", "sk_test_refused"):
            with self.assertRaises(stripe.AuthenticationError):
                self._connect(key).balance.retrieve()
        with self.assertRaises(stripe.InvalidRequestError):
            self._connect("sk_test_1", stripe_version="2019-05-16").balance.retrieve()


class TestCheckoutPage(DoubleCase):
    def test_customer_pays_after_a_declined_card_and_a_failed_question_of_the_bank(self):
        session = self._open_session(payment_intent_data={"metadata": {"odoo_tx": "S1"}})

        self.assertFalse(self.double.pay(session.url, "4000000000009995"))
        self.assertFalse(self.double.pay(session.url, ASKING_ALWAYS, authenticate=False))
        target = self.double.pay(session.url, ASKING_ALWAYS)

        self.assertEqual(target, f"https://firm.example/back/{session.id}")
        paid = self.stripe.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
        self.assertEqual((paid.status, paid.payment_status, paid.url), ("complete", "paid", None))
        self.assertEqual(paid.payment_intent.metadata["odoo_tx"], "S1")
        self.assertEqual(paid.payment_intent.latest_charge.payment_method_details.card.last4, "3184")
        self.assertEqual(self._get_types().count("payment_intent.payment_failed"), 2)
        self.assertEqual(self._get_types().count("payment_intent.succeeded"), 1)

    def test_page_says_that_it_is_a_test_and_offers_every_card(self):
        with urllib.request.urlopen(self._open_session().url) as answer:
            page = answer.read().decode()

        self.assertIn("Test page: no card is charged", page)
        for card in CARDS:
            self.assertIn(f'value="{card.number}"', page)
        self.assertNotIn("Save this card", page)

    def test_page_that_is_paid_or_expired_takes_nothing_more(self):
        paid, expired = self._open_session(), self._open_session()
        self.double.pay(paid.url, VISA)
        self.stripe.checkout.sessions.expire(expired.id)

        self.assertFalse(self.double.pay(paid.url, VISA))
        self.assertFalse(self.double.pay(expired.url, VISA))
        self.assertEqual(len(self.double.find("charge")), 1)
        with self.assertRaises(stripe.InvalidRequestError):
            self.stripe.checkout.sessions.expire(paid.id)

    def test_card_is_saved_only_when_the_customer_ticks_the_box(self):
        customer = self.stripe.customers.create({"name": "Hotel Alpina"}).id
        options = {"customer": customer, "saved_payment_method_options": {"payment_method_save": "enabled"}}

        for is_saved in (False, True):
            self.double.pay(self._open_session(**options).url, VISA, save=is_saved)
            self.assertEqual(len(self.stripe.customers.payment_methods.list(customer).data), int(is_saved))

    def test_card_saved_with_its_bank_asked_is_charged_without_the_customer(self):
        customer = self.stripe.customers.create({"name": "Hotel Alpina"}).id
        session = self.stripe.checkout.sessions.create(
            {"mode": "setup", "currency": "eur", "customer": customer, "success_url": "https://firm.example"}
        )

        self.double.pay(session.url, ASKING_ONCE)

        method = self.stripe.setup_intents.retrieve(session.setup_intent).payment_method
        self.assertEqual(self._charge(customer, method).status, "succeeded")


class TestCharge(DoubleCase):
    def test_every_declined_card_gives_its_reason(self):
        for card in CARDS:
            if card.code:
                with self.subTest(card=card.title), self.assertRaises(stripe.CardError) as caught:
                    self._charge(None, card.token)
                self.assertEqual(caught.exception.code, card.code)
                self.assertEqual(caught.exception.error.payment_intent.status, "requires_payment_method")

    def test_bank_that_wants_the_customer_declines_without_them(self):
        with self.assertRaises(stripe.CardError) as caught:
            self._charge(*self._create_customer("pm_card_authenticationRequired"))

        self.assertEqual(caught.exception.code, "authentication_required")

    def test_removed_card_and_card_of_another_customer_are_refused(self):
        customer, method = self._create_customer()
        other, _method = self._create_customer()

        with self.assertRaises(stripe.InvalidRequestError):
            self._charge(other, method)
        self.stripe.payment_methods.detach(method)
        with self.assertRaises(stripe.InvalidRequestError):
            self._charge(customer, method)

    def test_same_key_charges_once(self):
        customer, method = self._create_customer()

        with ThreadPoolExecutor(8) as pool:
            calls = [pool.submit(self._charge, customer, method, key="once") for _number in range(8)]
        refs = {call.result().id for call in calls}

        self.assertEqual(len(refs), 1)
        self.assertEqual(len(self.double.find("charge")), 1)

    def test_same_key_for_another_amount_is_refused(self):
        customer, method = self._create_customer()
        self._charge(customer, method, key="once")

        with self.assertRaises(stripe.IdempotencyError):
            self._charge(customer, method, amount=4000, key="once")

    def test_declined_answer_is_the_same_when_asked_again(self):
        for _time in range(2):
            with self.assertRaises(stripe.CardError):
                self._charge(None, "pm_card_visa_chargeDeclined", key="once")

        self.assertEqual(len(self.double.find("charge")), 1)

    def test_lost_answer_is_told_again(self):
        customer, method = self._create_customer()
        self.double.fail_next("lost")
        with self.assertRaises(stripe.APIConnectionError):
            self._charge(customer, method, key="once")

        self.assertEqual(self._charge(customer, method, key="once").status, "succeeded")
        self.assertEqual(len(self.double.find("charge")), 1)
        self.assertTrue(self.double.requests()[-1]["replayed"])

    def test_planned_failures_do_nothing(self):
        errors = {"server": stripe.APIError, "rate_limit": stripe.RateLimitError, "key": stripe.AuthenticationError}
        for kind, error in {**errors, "cut": stripe.APIConnectionError}.items():
            self.double.fail_next(kind)
            with self.subTest(kind=kind), self.assertRaises(error):
                self.stripe.customers.create({"name": "Hotel Alpina"})

        self.assertFalse(self.double.find("customer"))
