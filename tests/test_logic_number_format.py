import doctest
from datetime import date

from hypothesis import given, strategies as st

from odoo.tests import BaseCase, tagged

from ..models.logic import number_format
from ..models.logic.number_format import NumberFormatError, parse

days = st.dates(date(1970, 1, 1), date(2099, 12, 31))
counters = st.integers(1, 999_999_999)
signs = st.text("ABCRXYZ-/. _", max_size=4)


@st.composite
def formats(draw):
    """Return a text that is a number format: a part with year and month or without, a sign, the counter, an end."""
    parts = draw(st.sampled_from(["", "{YYYY}", "{YY}", "{YYYY}{MM}", "{YYYY}/{MM}", "{MM}-{YY}", "7"]))
    sign = draw(st.sampled_from("-/.A")) if parts else draw(signs)
    return f"{draw(signs)}{parts}{sign}{{{'0' * draw(st.integers(1, 9))}}}{draw(signs)}"


@tagged("post_install", "-at_install")
class TestLogicNumberFormat(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(number_format).failed, 0)

    @given(formats(), counters, days)
    def test_what_is_rendered_can_be_read(self, text, counter, day):
        reading = parse(text).decode(parse(text).render(counter, day))

        self.assertEqual(int(reading.counter), counter)
        self.assertEqual(reading.prefix, parse(text).prefix_on(day))
        self.assertIn(reading.year, (day.year, day.year % 100, 0))
        self.assertIn(reading.month, (day.month, 0))

    @given(formats(), st.integers(0, 999_000), days)
    def test_next_numbers_follow_each_other(self, text, last, day):
        readings = [parse(text).decode(number) for number in parse(text).next_numbers(last, day)]

        self.assertEqual([int(reading.counter) for reading in readings], [last + 1, last + 2, last + 3])

    @given(formats(), days, days)
    def test_series_changes_with_what_resets_it(self, text, day, other):
        periods = {"never": ((), ()), "year": ((day.year % 100,), (other.year % 100,))}
        periods["month"] = ((day.year % 100, day.month), (other.year % 100, other.month))
        mine, others = periods[parse(text).reset]

        if day.year // 100 == other.year // 100:
            self.assertEqual(parse(text).prefix_on(day) == parse(text).prefix_on(other), mine == others)

    def test_known_formats(self):
        for text, number, reset in (
            ("INV-{000}", "INV-007", "never"),
            ("INV-{YYYY}-{000}", "INV-2026-007", "year"),
            ("{YYYY}-{000}", "2026-007", "year"),
            ("{YY}-{0000}", "26-0007", "year"),
            ("SB{YYYY}/{MM}/{0000}", "SB2026/11/0007", "month"),
            ("INV-{YYYY}{MM}-{0}", "INV-202611-7", "month"),
            ("INV/{0000}-EU", "INV/0007-EU", "never"),
        ):
            with self.subTest(text):
                self.assertEqual(parse(text).render(7, date(2026, 11, 21)), number)
                self.assertEqual(parse(text).reset, reset)

    def test_formats_that_no_series_can_follow(self):
        for text, code in (
            ("", "counter"),
            ("INV", "counter"),
            ("INV-{000}-{000}", "counter"),
            ("INV-{0000000000}", "digits"),
            ("INV-{YYYY}-{MM}-{DD}-{000}", "part"),
            ("INV-{year}-{000}", "part"),
            ("INV-{-{000}", "part"),
            ("{YYYY}/{YY}-{000}", "twice"),
            ("{YYYY}-{MM}-{MM}-{000}", "twice"),
            ("{MM}-{000}", "month"),
            ("{YYYY}{000}", "sign"),
            ("INV7{000}", "sign"),
            ("INV-{000}-{YYYY}", "end"),
            ("INV-{000}-2B", "end"),
        ):
            with self.subTest(text), self.assertRaises(NumberFormatError) as caught:
                parse(text)
            self.assertEqual(caught.exception.code, code)

    def test_numbers_of_another_format_are_not_read(self):
        for number in ("INV/2026/00001", "INV-2026-01", "INV-26-001", "RINV-2026-001", "INV-2026-001-B", "INV-2026-"):
            with self.subTest(number):
                self.assertIsNone(parse("INV-{YYYY}-{000}").decode(number))
