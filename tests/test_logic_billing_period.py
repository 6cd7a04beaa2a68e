import doctest
import itertools
from calendar import monthrange
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import billing_period
from odoo.addons.service_billing.models.logic.billing_period import Period, Rhythm, local_moment, share

DAY = timedelta(days=1)
DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))
RHYTHMS = st.builds(Rhythm, DAYS, st.sampled_from(billing_period.UNITS), st.integers(min_value=1, max_value=18))
INDEXES = st.integers(min_value=-50, max_value=50)
PERIODS = st.builds(lambda day, length: Period(day, day + length * DAY), DAYS, st.integers(min_value=0, max_value=800))
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Auckland"]
)


class TestRhythm(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(billing_period).failed, 0)

    @given(RHYTHMS, INDEXES)
    def test_each_period_begins_the_day_after_the_one_before(self, rhythm, index):
        self.assertEqual(rhythm.get_period(index).stop + DAY, rhythm.get_period(index + 1).start)

    @given(RHYTHMS, INDEXES)
    def test_every_day_of_a_period_leads_back_to_it(self, rhythm, index):
        period = rhythm.get_period(index)

        for day in {period.start, period.start + (period.days // 2) * DAY, period.stop}:
            self.assertEqual(rhythm.get_index(day), index)
            self.assertEqual(rhythm.get_period_of(day), period)

    @given(RHYTHMS, DAYS)
    def test_every_day_lies_in_the_period_of_its_number(self, rhythm, day):
        period = rhythm.get_period_of(day)

        self.assertLessEqual(period.start, day)
        self.assertLessEqual(day, period.stop)

    @given(RHYTHMS, INDEXES)
    def test_periods_keep_the_day_of_the_anchor_wherever_the_month_has_it(self, rhythm, index):
        start = rhythm.get_start(index)

        if rhythm.unit in ("month", "year"):
            self.assertEqual(start.day, min(rhythm.anchor.day, monthrange(start.year, start.month)[1]))
        else:
            self.assertEqual((start - rhythm.anchor).days % (rhythm.interval * (7 if rhythm.unit == "week" else 1)), 0)

    @given(RHYTHMS)
    def test_first_period_begins_on_the_anchor(self, rhythm):
        self.assertEqual(rhythm.get_start(0), rhythm.anchor)
        self.assertEqual(rhythm.get_index(rhythm.anchor - DAY), -1)

    def test_end_of_january_does_not_drift(self):
        rhythm = Rhythm(date(2026, 1, 31), "month")

        self.assertEqual(
            [rhythm.get_start(index) for index in range(5)],
            [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)],
        )

    def test_leap_day_comes_back_every_four_years(self):
        rhythm = Rhythm(date(2028, 2, 29), "year")

        self.assertEqual(
            [rhythm.get_start(index) for index in range(5)],
            [date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28), date(2032, 2, 29)],
        )

    def test_what_is_no_rhythm_is_refused(self):
        for unit, interval in (("quarter", 1), ("month", 0), ("month", -1), ("month", 1.5)):
            with self.subTest(unit=unit, interval=interval), self.assertRaises(ValueError):
                Rhythm(date(2026, 1, 1), unit, interval)

    def test_period_outside_the_calendar_is_refused(self):
        for index in (8000, -3000):
            with self.subTest(index=index), self.assertRaises(OverflowError):
                Rhythm(date(2026, 1, 1), "year").get_start(index)


class TestPeriodsOfARhythm(BaseCase):
    @given(RHYTHMS, DAYS, st.integers(min_value=-10, max_value=900))
    def test_periods_between_are_those_that_begin_there(self, rhythm, first, length):
        last = first + length * DAY
        periods = rhythm.get_periods_between(first, last)

        self.assertTrue(all(first <= period.start <= last for period in periods))
        self.assertTrue(all(a.stop + DAY == b.start for a, b in itertools.pairwise(periods)))
        if periods:
            before, after = rhythm.get_index(periods[0].start) - 1, rhythm.get_index(periods[-1].start) + 1
            self.assertLess(rhythm.get_start(before), first)
            self.assertGreater(rhythm.get_start(after), last)
        elif length >= 0:
            self.assertEqual(rhythm.get_index(first), rhythm.get_index(last))

    @given(RHYTHMS, st.lists(st.integers(min_value=0, max_value=120), min_size=1, max_size=8))
    def test_periods_settled_in_any_steps_are_each_settled_once(self, rhythm, steps):
        settled, after, until = [], None, rhythm.anchor
        for step in steps:
            until += step * DAY
            settled += rhythm.get_periods_ended(after, until)
            after = settled[-1].stop if settled else None

        self.assertEqual(settled, rhythm.get_periods_ended(None, until))
        self.assertTrue(all(period.stop <= until for period in settled))

    @given(RHYTHMS, st.integers(min_value=0, max_value=1500))
    def test_days_from_the_anchor_to_the_last_settled_one_are_all_settled(self, rhythm, length):
        periods = rhythm.get_periods_ended(None, rhythm.anchor + length * DAY)

        if periods:
            self.assertEqual(periods[0].start, rhythm.anchor)
            self.assertEqual(sum(period.days for period in periods), (periods[-1].stop - rhythm.anchor).days + 1)

    def test_after_three_missed_months_all_three_are_due(self):
        periods = Rhythm(date(2026, 1, 31), "month").get_periods_ended(date(2026, 2, 27), date(2026, 6, 1))

        self.assertEqual(
            [period.start for period in periods], [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
        )


class TestShare(BaseCase):
    def test_period_that_ends_before_it_starts_is_refused(self):
        with self.assertRaises(ValueError):
            Period(date(2026, 1, 2), date(2026, 1, 1))

    @given(PERIODS, st.lists(st.integers(min_value=0, max_value=800), max_size=5))
    def test_parts_of_a_period_add_up_to_the_whole(self, period, cuts):
        starts = sorted({period.start, *(period.start + cut * DAY for cut in cuts if cut < period.days)})
        stops = [start - DAY for start in starts[1:]] + [period.stop]

        self.assertEqual(sum(share(period, first, last) for first, last in zip(starts, stops, strict=True)), 1)

    @given(PERIODS, DAYS, DAYS)
    def test_share_is_the_part_of_the_days_and_never_out_of_range(self, period, first, last):
        part = share(period, first, last)
        days = sum(first <= period.start + index * DAY <= last for index in range(period.days))

        self.assertEqual(part, Fraction(days, period.days))

    @given(PERIODS)
    def test_share_without_limits_is_the_whole(self, period):
        self.assertEqual(share(period, None, None), 1)
        self.assertEqual(share(period, period.start, period.stop), 1)
        self.assertEqual(share(period, period.stop + DAY, None), 0)
        self.assertEqual(share(period, None, period.start - DAY), 0)


class TestLocalMoment(BaseCase):
    @given(DAYS, ZONES)
    def test_six_in_the_morning_is_six_on_every_night(self, day, zone):
        moment = local_moment(day, 6, zone).replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))

        self.assertEqual((moment.date(), moment.hour, moment.minute), (day, 6, 0))

    @given(DAYS, st.integers(min_value=0, max_value=23), ZONES)
    def test_moments_of_consecutive_days_are_about_a_day_apart(self, day, hour, zone):
        apart = local_moment(day + DAY, hour, zone) - local_moment(day, hour, zone)

        self.assertLessEqual(abs(apart - DAY), timedelta(hours=2))

    def test_hour_that_the_clock_skips_begins_after_the_gap(self):
        self.assertEqual(local_moment(date(2026, 3, 29), 2, "Europe/Berlin"), datetime(2026, 3, 29, 1))
        self.assertEqual(local_moment(date(2026, 3, 29), 3, "Europe/Berlin"), datetime(2026, 3, 29, 1))

    def test_hour_that_the_clock_strikes_twice_is_the_first(self):
        self.assertEqual(local_moment(date(2026, 10, 25), 2, "Europe/Berlin"), datetime(2026, 10, 25, 0))
