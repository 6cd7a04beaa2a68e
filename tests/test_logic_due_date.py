import doctest
from datetime import date, timedelta

from hypothesis import given, strategies as st

from odoo.tests import BaseCase, tagged

from ..models.logic import due_date
from ..models.logic.due_date import allowed_due_dates

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@tagged("post_install", "-at_install")
class TestLogicDueDate(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(due_date).failed, 0)

    @given(days, st.integers(1, 3650), days, st.booleans())
    def test_last_day_is_so_many_days_away(self, today, limit, invoice_date, on_receipt):
        first, last = allowed_due_dates(today, limit, invoice_date, on_receipt=on_receipt)

        self.assertEqual(last - today, timedelta(days=limit))
        self.assertLessEqual(first, last)

    @given(days, st.integers(1, 3650), days, st.booleans())
    def test_nothing_is_due_before_it_is_finalized(self, today, limit, invoice_date, on_receipt):
        first, _last = allowed_due_dates(today, limit, invoice_date, on_receipt=on_receipt)

        self.assertGreaterEqual(first, today)
        self.assertEqual(first == today, on_receipt and invoice_date == today)

    @given(days, st.integers(max_value=0))
    def test_no_limit_is_no_rule(self, today, limit):
        self.assertIsNone(allowed_due_dates(today, limit, today, on_receipt=False))
