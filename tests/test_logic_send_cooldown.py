import doctest
from datetime import datetime, timedelta

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import send_cooldown
from odoo.addons.service_billing.models.logic.send_cooldown import Sending, find_blocking, format_age

NOW = datetime(2026, 11, 21, 12, 0)
SENDINGS = st.lists(
    st.integers(min_value=0, max_value=7200).map(lambda age: Sending(NOW - timedelta(seconds=age), "a"))
)


class TestSendCooldown(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(send_cooldown), (0, 4))

    @given(SENDINGS, st.integers(min_value=0, max_value=120))
    def test_latest_sending_within_the_minutes_blocks(self, sendings, minutes):
        recent = [sending for sending in sendings if NOW - sending.asked_at < timedelta(minutes=minutes)]

        blocking = find_blocking(sendings, NOW, minutes)

        self.assertEqual(blocking and blocking.asked_at, max((sending.asked_at for sending in recent), default=None))

    def test_what_waits_blocks_however_old_it_is(self):
        old = Sending(NOW - timedelta(days=2), "a", is_waiting=True)

        self.assertEqual(find_blocking([old], NOW, 0), old)

    def test_nothing_was_sent(self):
        self.assertIsNone(find_blocking([], NOW, 5))

    @given(st.integers(min_value=-5, max_value=100000))
    def test_age_says_minutes_and_seconds(self, seconds):
        minutes, rest = format_age(timedelta(seconds=seconds)).split(":")

        self.assertEqual(int(minutes) * 60 + int(rest), max(seconds, 0))
