import doctest
from decimal import Decimal

from hypothesis import given, strategies as st

from odoo.tests import BaseCase, tagged

from ..models.logic import advance_plan
from ..models.logic.advance_plan import Share, is_complete, split

CENT = Decimal("0.01")
totals = st.decimals(min_value=0, max_value=1_000_000, places=2)
percentages = st.lists(st.decimals(min_value=CENT, max_value=100, places=2), min_size=1, max_size=12)


@tagged("post_install", "-at_install")
class TestLogicAdvancePlan(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(advance_plan).failed, 0)

    @given(total=totals, count=st.integers(min_value=2, max_value=60))
    def test_equal_parts_rounded_down_are_all_of_it(self, total, count):
        typed = (Decimal(100) / count).quantize(CENT, "ROUND_DOWN")

        amounts = split(total, [Share(percentage=typed)] * count, step=CENT)

        self.assertEqual(sum(amounts), total)

    @given(total=totals, typed=percentages)
    def test_percentages_never_come_to_more_than_all_of_it_and_to_all_of_it_where_they_mean_it(self, total, typed):
        amounts = split(total, [Share(percentage=percentage) for percentage in typed], step=CENT)

        self.assertTrue(all(amount >= 0 for amount in amounts))
        self.assertLessEqual(sum(amounts), total)
        if is_complete(typed):
            self.assertEqual(sum(amounts), total)

    @given(total=totals, billed=st.decimals(min_value=0, max_value=100, places=2))
    def test_what_is_billed_never_changes_and_the_last_takes_the_rest(self, total, billed):
        half = Decimal(50)

        amounts = split(total, [Share(percentage=half, billed=billed), Share(percentage=half)], step=CENT)

        self.assertEqual(amounts, [billed, max(total - billed, Decimal(0))])

    def test_nothing_planned_comes_to_nothing(self):
        self.assertEqual(split(Decimal(100), [], step=CENT), [])

    def test_steps_of_a_currency_without_cents_are_kept(self):
        amounts = split(Decimal(1000), [Share(percentage=Decimal("33.33"))] * 3, step=Decimal(1))

        self.assertEqual(amounts, [333, 333, 334])
