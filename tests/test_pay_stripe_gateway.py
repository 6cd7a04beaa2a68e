import itertools
import os
from unittest.mock import patch

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from ..models.logic.stripe_amount import (
    THREE_DECIMAL,
    WHOLE_WITH_TWO,
    ZERO_DECIMAL,
    chargeable_amount,
    from_minor_units,
    to_minor_units,
)
from ..models.pay import stripe_gateway
from ..models.pay.stripe_gateway import (
    API_BASE,
    API_VERSION,
    StripeGateway,
    StripeKeyError,
    StripeLaterError,
    StripeSignatureError,
    read_event,
    stripe,
)

SECRET = "whsec_test"
BODY = b'{"object": "event", "id": "evt_1", "data": {"object": {"id": "pi_1", "object": "payment_intent"}}}'


class TestStripeGateway(BaseCase):
    # === THE WAY THERE === #

    def test_the_package_speaks_the_version_that_we_pin(self):
        self.assertEqual(stripe.api_version, API_VERSION)

    def test_live_key_never_goes_to_another_server(self):
        with patch.dict(os.environ, {API_BASE: "http://127.0.0.1:9"}), self.assertRaises(StripeKeyError):
            StripeGateway("sk_live_1")

    def test_missing_key_is_refused_before_anything_is_sent(self):
        with self.assertRaises(StripeKeyError):
            StripeGateway("")

    def test_server_that_is_down_is_asked_again_later(self):
        with patch.dict(os.environ, {API_BASE: "http://127.0.0.1:9"}), self.assertRaises(StripeLaterError) as caught:
            StripeGateway("sk_test_1").retrieve("accounts")

        self.assertEqual(str(caught.exception), "Stripe cannot be reached.")

    def test_one_process_asks_no_faster_than_stripe_allows(self):
        pace = stripe_gateway._Pace()
        pauses = []
        clock = itertools.count(start=100, step=0.001)
        with (
            patch.object(stripe_gateway.time, "monotonic", lambda: next(clock)),
            patch.object(stripe_gateway.time, "sleep", pauses.append),
        ):
            for _request in range(stripe_gateway.REQUESTS_PER_SECOND + 1):
                pace.wait()

        self.assertEqual(len(pauses), 1)
        self.assertAlmostEqual(pauses[0], 1, delta=0.1)

    # === SIGNATURES === #

    def test_signed_event_is_read(self):
        self.assertEqual(read_event(BODY, self._sign(BODY), SECRET)["id"], "evt_1")

    def test_event_that_is_not_signed_by_stripe_is_refused(self):
        signature = self._sign(BODY)
        cases = {
            "unsigned": (BODY, None, SECRET),
            "garbage": (BODY, "garbage", SECRET),
            "forged": (BODY, self._sign(BODY, "whsec_other"), SECRET),
            "tampered": (BODY.replace(b"pi_1", b"pi_2"), signature, SECRET),
            "no secret": (BODY, self._sign(BODY, ""), ""),
            "unknown secret": (BODY, signature, None),
            "secret of an empty field": (BODY, signature, False),
            "no text": (b"\xff", signature, SECRET),
        }
        for name, (body, header, secret) in cases.items():
            with self.subTest(name), self.assertRaises(StripeSignatureError):
                read_event(body, header, secret)

    def test_old_event_is_refused_though_it_was_signed(self):
        with self.assertRaises(StripeSignatureError):
            read_event(BODY, self._sign(BODY, timestamp=1_700_000_000), SECRET)

    def test_signed_text_that_is_no_event_is_refused(self):
        for body in (
            b"nonsense",
            b"[]",
            b"{}",
            b'{"object": "event", "data": {"object": {}}}',
            b'{"object": "charge"}',
        ):
            with self.subTest(body), self.assertRaises(StripeSignatureError):
                read_event(body, self._sign(body), SECRET)

    def _sign(self, body, secret=SECRET, timestamp=None):
        return stripe.WebhookSignature.generate_signature_header(body.decode(), secret, timestamp)

    # === AMOUNTS === #

    @given(st.integers(1, 10**10), st.sampled_from(("EUR", "JPY", "KWD", "MGA", "TND")))
    def test_amount_comes_back_as_it_was_sent(self, units, code):
        self.assertEqual(to_minor_units(from_minor_units(units, code), code), units)

    @given(st.integers(1, 10**8), st.sampled_from(sorted(THREE_DECIMAL)))
    def test_three_decimals_end_in_a_zero_and_never_charge_more(self, units, code):
        amount = chargeable_amount(units / 1000, code)

        self.assertEqual(to_minor_units(amount, code) % 10, 0)
        self.assertLessEqual(amount, units / 1000)

    def test_currencies_that_stripe_counts_in_its_own_way(self):
        self.assertEqual(to_minor_units(500, "JPY"), 500)
        self.assertEqual(to_minor_units(500, "ISK"), 50000)
        self.assertEqual(to_minor_units(500, "MGA"), 500)
        self.assertFalse(ZERO_DECIMAL & WHOLE_WITH_TWO)
