from datetime import datetime

from hypothesis import given, strategies as st

from odoo.tests import BaseCase, tagged

from ..models.logic.card_decline import AUTHENTICATION, FUNDS, HARD, TECHNICAL, decline_class, next_try

NOW = datetime(2026, 3, 1, 8)
CODES = st.one_of(
    st.none(), st.text(max_size=30), st.sampled_from(("insufficient_funds", "processing_error", "expired_card"))
)


@tagged("post_install", "-at_install")
class TestCardDecline(BaseCase):
    def test_what_banks_say(self):
        for code, kind in (
            ("insufficient_funds", FUNDS),
            ("processing_error", TECHNICAL),
            ("issuer_not_available", TECHNICAL),
            ("authentication_required", AUTHENTICATION),
            *((code, HARD) for code in ("expired_card", "lost_card", "stolen_card", "do_not_honor", "generic_decline")),
        ):
            with self.subTest(code=code):
                self.assertEqual(decline_class(code), kind)

    @given(code=CODES, failures=st.integers(min_value=0, max_value=100))
    def test_a_next_try_is_later_and_there_are_three_at_most(self, code, failures):
        moment = next_try(code, failures, NOW)

        self.assertTrue(moment is None or (moment > NOW and 1 <= failures <= 3))

    @given(code=CODES, failures=st.integers(min_value=1, max_value=5))
    def test_only_what_heals_is_tried_again(self, code, failures):
        if decline_class(code) in (HARD, AUTHENTICATION):
            self.assertIsNone(next_try(code, failures, NOW))
