import doctest
import itertools
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import subscription_plan
from odoo.addons.service_billing.models.logic.billing_period import UNITS, Period, Rhythm
from odoo.addons.service_billing.models.logic.subscription_plan import (
    get_part_amount,
    get_parts,
    get_unit_price,
    subtract,
)

DAY = timedelta(days=1)
BEGIN = date(2024, 1, 1)
CENT = Decimal("0.01")
OFFSETS = st.integers(min_value=0, max_value=900)
LENGTHS = st.integers(min_value=0, max_value=200)
SPANS = st.builds(lambda first, length: Period(BEGIN + first * DAY, BEGIN + (first + length) * DAY), OFFSETS, LENGTHS)
RHYTHMS = st.builds(
    Rhythm, st.dates(date(2023, 1, 1), date(2027, 1, 1)), st.sampled_from(UNITS), st.integers(min_value=1, max_value=13)
)
PRICES = st.decimals(min_value=0, max_value=100_000, places=2)
DISCOUNTS = st.decimals(min_value=0, max_value=Decimal("99.99"), places=2)


def days_of(spans):
    return [span.start + index * DAY for span in spans for index in range(span.days)]


class TestSubtract(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(subscription_plan, extraglobs={"date": date}).failed, 0)

    @given(SPANS, st.lists(SPANS, max_size=6))
    def test_what_is_left_are_the_days_that_nobody_took(self, span, removed):
        left = subtract([span], removed)

        taken = set(days_of(removed))
        self.assertEqual(days_of(left), [day for day in days_of([span]) if day not in taken])

    @given(SPANS, st.lists(SPANS, max_size=6))
    def test_what_is_left_does_not_touch(self, span, removed):
        left = subtract([span], removed)

        self.assertTrue(all(a.stop + DAY < b.start for a, b in itertools.pairwise(left)))


class TestParts(BaseCase):
    @given(RHYTHMS, SPANS, st.lists(SPANS, max_size=4))
    def test_parts_hold_each_day_once_and_each_lies_in_its_period(self, rhythm, span, removed):
        spans = subtract([span], removed)
        parts = get_parts(rhythm, spans)

        self.assertEqual(days_of(part.days for part in parts), days_of(spans))
        for part in parts:
            self.assertEqual(part.period, rhythm.get_period_of(part.days.start))
            self.assertEqual(part.period, rhythm.get_period_of(part.days.stop))

    @given(RHYTHMS, SPANS, st.lists(OFFSETS, max_size=6))
    def test_days_billed_bit_by_bit_are_each_billed_once(self, rhythm, span, steps):
        billed = []
        for until in [*sorted(steps), (span.stop - BEGIN).days]:
            open_days = subtract([span], [part.days for part in billed])
            due = [part for part in get_parts(rhythm, open_days) if part.period.start <= BEGIN + until * DAY]
            billed += due

        self.assertEqual(sorted(days_of(part.days for part in billed)), days_of([span]))


class TestAmounts(BaseCase):
    @given(PRICES, st.integers(min_value=1, max_value=366), st.data())
    def test_parts_of_a_period_cost_what_the_period_costs(self, price, days, data):
        cuts = sorted(data.draw(st.sets(st.integers(min_value=1, max_value=days), max_size=8)) | {days})
        shares = [Fraction(stop - start, days) for start, stop in zip([0, *cuts], cuts, strict=False)]

        amounts = [
            get_part_amount([(price, part) for part in shares[:count]], CENT) for count in range(1, len(cuts) + 1)
        ]

        self.assertEqual(sum(amounts), price)
        for amount, part in zip(amounts, shares, strict=True):
            self.assertLessEqual(abs(Fraction(amount) - Fraction(price) * part), Fraction(CENT))

    @given(PRICES, PRICES, st.integers(min_value=1, max_value=365))
    def test_two_prices_in_a_period_make_their_sum_by_days(self, before, after, day):
        shares = [(before, Fraction(day, 366)), (after, Fraction(366 - day, 366))]

        total = get_part_amount(shares[:1], CENT) + get_part_amount(shares, CENT)

        self.assertLessEqual(
            abs(Fraction(total) - sum(Fraction(price) * part for price, part in shares)), Fraction(CENT) / 2
        )

    @given(PRICES, DISCOUNTS)
    def test_price_of_one_unit_makes_the_amount_to_the_cent(self, amount, discount):
        price = get_unit_price(amount, quantity=Decimal(1), discount=discount, step=CENT)

        self.assertIsNotNone(price)
        self.assertEqual((price * (100 - discount) / 100).quantize(CENT, rounding="ROUND_HALF_UP"), amount)

    @given(PRICES, DISCOUNTS, st.decimals(min_value=Decimal("0.01"), max_value=1000, places=2))
    def test_price_of_many_units_makes_the_amount_or_there_is_none(self, amount, discount, quantity):
        price = get_unit_price(amount, quantity=quantity, discount=discount, step=CENT)
        if price is not None:
            total = price * quantity * (100 - discount) / 100
            self.assertEqual(total.quantize(CENT, rounding="ROUND_HALF_UP"), amount)
