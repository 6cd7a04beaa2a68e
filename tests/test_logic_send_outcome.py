import doctest
from datetime import datetime, timedelta

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import send_outcome
from odoo.addons.service_billing.models.logic.send_outcome import get_retry_moment, judge_answer, judge_report

ASKED_AT = datetime(2026, 11, 21, 9, 0)


class TestSendOutcome(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(send_outcome), (0, 8))

    @given(st.integers(min_value=500, max_value=599))
    def test_only_what_is_said_about_the_recipient_makes_the_address_dead(self, code):
        self.assertEqual(judge_answer(code, about_recipient=True), "refused")
        self.assertEqual(judge_answer(code, about_recipient=False), "failed")

    def test_server_that_is_down_is_tried_later(self):
        self.assertEqual(judge_answer(None, about_recipient=False), "later")

    def test_three_tries_within_a_day(self):
        moments = [get_retry_moment(ASKED_AT, failures) for failures in range(1, 6)]

        self.assertEqual([moment is not None for moment in moments], [True, True, True, False, False])
        self.assertLessEqual(moments[2], ASKED_AT + timedelta(hours=24))
        self.assertEqual(moments[:3], sorted(moments[:3]))

    def test_reports(self):
        reports = {
            ("delivered", "2.0.0"): "delivered",
            ("relayed", "2.0.0"): "delivered",
            ("delayed", "4.4.1"): "unknown",
            ("Failed", "5.1.1"): "refused",
            ("failed", "4.2.2"): "later",
        }
        for report, outcome in reports.items():
            with self.subTest(report=report):
                self.assertEqual(judge_report(*report), outcome)
