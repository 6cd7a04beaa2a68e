import doctest
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import work_time

MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1))
DURATIONS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30))
HOURS = st.decimals(min_value=0, max_value=1000, places=2)
STEPS = st.integers(min_value=1, max_value=480)


class TestElapsedHours(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(work_time), (0, 5))

    @given(MOMENTS, DURATIONS)
    def test_elapsed_time_is_whole_minutes_within_half_a_minute(self, start, duration):
        minutes = work_time.elapsed_hours(start, start + duration) * 60

        self.assertAlmostEqual(minutes, round(minutes), places=15)
        self.assertLessEqual(abs(float(minutes) * 60 - duration.total_seconds()), 31)

    @given(MOMENTS, DURATIONS, DURATIONS)
    def test_longer_work_never_counts_less(self, start, shorter, more):
        first = work_time.elapsed_hours(start, start + shorter)
        second = work_time.elapsed_hours(start, start + shorter + more)

        self.assertLessEqual(first, second)

    def test_half_a_minute_counts_as_one(self):
        start = datetime(2026, 5, 4, 9)

        self.assertEqual(work_time.elapsed_hours(start, start + timedelta(seconds=29)), 0)
        self.assertEqual(work_time.elapsed_hours(start, start + timedelta(seconds=30)) * 60, 1)

    def test_end_before_start_is_refused(self):
        with self.assertRaises(ValueError):
            work_time.elapsed_hours(datetime(2026, 5, 4, 9), datetime(2026, 5, 4, 8, 59, 59))


class TestBilledHours(BaseCase):
    @given(HOURS, STEPS, st.sampled_from(["up", "nearest"]))
    def test_billed_time_is_a_whole_number_of_steps(self, hours, step, method):
        steps = work_time.billed_hours(hours, step_minutes=step, method=method) * 60 / step

        self.assertAlmostEqual(steps, round(steps), places=15)

    @given(HOURS, STEPS)
    def test_rounding_up_adds_less_than_a_step_and_takes_nothing_away(self, hours, step):
        added = work_time.billed_hours(hours, step_minutes=step, method="up") * 60 - hours * 60

        self.assertGreaterEqual(added, Decimal("-0.5"))
        self.assertLessEqual(added, Decimal(step) - Decimal("0.5"))

    @given(HOURS, STEPS)
    def test_rounding_to_the_nearest_is_never_off_by_more_than_half_a_step(self, hours, step):
        difference = work_time.billed_hours(hours, step_minutes=step, method="nearest") * 60 - hours * 60

        self.assertLessEqual(abs(difference), Decimal(step) / 2 + Decimal("0.5"))

    @given(HOURS, HOURS, STEPS, st.sampled_from(work_time.ROUNDING_METHODS))
    def test_more_work_is_never_billed_less(self, hours, more, step, method):
        less_billed = work_time.billed_hours(hours, step_minutes=step, method=method)
        more_billed = work_time.billed_hours(hours + more, step_minutes=step, method=method)

        self.assertLessEqual(less_billed, more_billed)

    @given(HOURS, STEPS, st.sampled_from(["up", "nearest"]))
    def test_rounding_twice_is_rounding_once(self, hours, step, method):
        once = work_time.billed_hours(hours, step_minutes=step, method=method)

        self.assertAlmostEqual(work_time.billed_hours(once, step_minutes=step, method=method), once, places=20)

    @given(HOURS, st.integers(min_value=0, max_value=480))
    def test_no_rounding_bills_what_was_logged(self, hours, step):
        self.assertEqual(work_time.billed_hours(hours, step_minutes=step, method="none"), hours)
        self.assertEqual(work_time.billed_hours(hours, step_minutes=0, method="up"), hours)

    @given(st.integers(min_value=0, max_value=10_000))
    def test_time_stored_with_two_decimals_keeps_its_minutes(self, minutes):
        stored = round(Decimal(minutes) / 60, 2)

        self.assertEqual(round(work_time.billed_hours(stored, step_minutes=1, method="up") * 60, 15), minutes)

    def test_seven_minutes_over_the_hour_are_billed_as_the_next_quarter(self):
        self.assertEqual(work_time.billed_hours(Decimal("1.12"), step_minutes=15, method="up"), Decimal("1.25"))
        self.assertEqual(work_time.billed_hours(Decimal("1.12"), step_minutes=15, method="nearest"), Decimal("1"))

    def test_what_makes_no_sense_is_refused(self):
        for hours, step, method in ((Decimal(-1), 15, "up"), (Decimal(1), -15, "up"), (Decimal(1), 15, "down")):
            with self.subTest(hours=hours, step=step, method=method), self.assertRaises(ValueError):
                work_time.billed_hours(hours, step_minutes=step, method=method)


class TestFormatHours(BaseCase):
    @given(st.integers(min_value=0, max_value=100_000))
    def test_clock_reads_back_as_the_same_minutes(self, minutes):
        hours, rest = work_time.format_hours(Decimal(minutes) / 60).split(":")

        self.assertEqual(int(hours) * 60 + int(rest), minutes)
        self.assertEqual(len(rest), 2)
