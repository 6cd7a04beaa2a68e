"""Billing periods: days that repeat from an anchor, without a gap, an overlap or a drift.

A period begins on a day and ends the day before the next one begins. Every beginning is computed from the anchor, never
from the period before: what begins on 31 January begins on 28 February, and on 31 March again.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

UNITS = ("day", "week", "month", "year")
DAYS_PER_UNIT = {"day": 1, "week": 7}
MONTHS_PER_UNIT = {"month": 1, "year": 12}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days from `start` to `stop`, both included.

    >>> Period(date(2026, 2, 1), date(2026, 2, 28)).days
    28

    :raise ValueError: If it ends before it starts.
    """

    start: date
    stop: date

    def __post_init__(self):
        if self.stop < self.start:
            raise ValueError("a period ends before it starts")

    @property
    def days(self) -> int:
        """The number of days, 1 or more."""
        return (self.stop - self.start).days + 1

    def clip(self, first: date | None, last: date | None) -> "Period | None":
        """Return the part of the period that lies between two days.

        >>> Period(date(2026, 2, 1), date(2026, 2, 28)).clip(date(2026, 2, 27), None)
        Period(start=datetime.date(2026, 2, 27), stop=datetime.date(2026, 2, 28))

        :param date first: The first day that counts; none: the period's own.
        :param date last: The last day that counts; none: the period's own.
        :return: The part, or nothing where no day is left.
        """
        start, stop = max(self.start, first or self.start), min(self.stop, last or self.stop)
        return Period(start, stop) if start <= stop else None


@dataclass(frozen=True)
class Rhythm:
    """How often something repeats: every `interval` units, counted from the anchor. A quarter is 3 months.

    >>> quarterly = Rhythm(date(2026, 1, 31), "month", 3)
    >>> quarterly.get_start(1)
    datetime.date(2026, 4, 30)

    :raise ValueError: If the unit is none of :data:`UNITS`, or the interval is no whole number from 1.
    """

    anchor: date
    unit: str
    interval: int = 1

    def __post_init__(self):
        if self.unit not in UNITS or not isinstance(self.interval, int) or self.interval < 1:
            raise ValueError("a rhythm is every one or more days, weeks, months or years")

    def get_start(self, index: int) -> date:
        """Return the day on which a period begins.

        >>> [Rhythm(date(2026, 1, 31), "month").get_start(index).day for index in range(4)]
        [31, 28, 31, 30]

        :param int index: 0 for the period that begins on the anchor, negative before it.
        :return: The day; where its month is shorter than the anchor's day, the last of the month.
        :raise OverflowError: If it lies before the year 1 or after the year 9999.
        """
        steps = index * self.interval
        if self.unit in DAYS_PER_UNIT:
            return self.anchor + timedelta(days=steps * DAYS_PER_UNIT[self.unit])
        months = self.anchor.year * 12 + self.anchor.month - 1 + steps * MONTHS_PER_UNIT[self.unit]
        year, month = months // 12, months % 12 + 1
        if not date.min.year <= year <= date.max.year:
            raise OverflowError("a period lies outside the calendar")
        return date(year, month, min(self.anchor.day, monthrange(year, month)[1]))

    def get_period(self, index: int) -> Period:
        """Return a period by its number.

        >>> Rhythm(date(2028, 2, 29), "year").get_period(1)
        Period(start=datetime.date(2029, 2, 28), stop=datetime.date(2030, 2, 27))

        :param int index: 0 for the period that begins on the anchor, negative before it.
        :return: The period, which ends the day before the next one begins.
        """
        return Period(self.get_start(index), self.get_start(index + 1) - DAY)

    def get_index(self, day: date) -> int:
        """Return the number of the period that holds a day.

        >>> Rhythm(date(2026, 1, 31), "month").get_index(date(2026, 2, 28))
        1

        :param date day: Any day.
        :return: 0 or more from the anchor on, negative before it.
        """
        if self.unit in DAYS_PER_UNIT:
            return (day - self.anchor).days // (DAYS_PER_UNIT[self.unit] * self.interval)
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        index = months // (MONTHS_PER_UNIT[self.unit] * self.interval)
        return index if self.get_start(index) <= day else index - 1

    def get_period_of(self, day: date) -> Period:
        """Return the period that holds a day.

        >>> Rhythm(date(2026, 1, 15), "month").get_period_of(date(2026, 3, 14))
        Period(start=datetime.date(2026, 2, 15), stop=datetime.date(2026, 3, 14))

        :param date day: Any day.
        :return: The period.
        """
        return self.get_period(self.get_index(day))

    def get_periods_between(self, first: date, last: date) -> list[Period]:
        """Return the periods that begin between two days, both included.

        >>> [period.start.day for period in Rhythm(date(2026, 1, 5), "week").get_periods_between(
        ...     date(2026, 1, 6), date(2026, 1, 19))]
        [12, 19]

        :param date first: The first day on which a period may begin.
        :param date last: The last day on which a period may begin.
        :return: The periods, earliest first; none where `last` lies before `first`.
        """
        if last < first:
            return []
        begin = self.get_index(first)
        begin += self.get_start(begin) < first
        return [self.get_period(index) for index in range(begin, self.get_index(last) + 1)]

    def get_periods_ended(self, after: date | None, until: date) -> list[Period]:
        """Return the periods that ended after one day and by another: what is due since the last time, however long
        that is ago.

        >>> [period.stop.month for period in Rhythm(date(2026, 1, 1), "month").get_periods_ended(
        ...     date(2026, 1, 31), date(2026, 4, 15))]
        [2, 3]

        :param date after: The last day that is settled; none: everything from the anchor on is due.
        :param date until: The last day on which a period may have ended.
        :return: The periods, earliest first.
        """
        first = self.anchor if after is None else self.get_start(self.get_index(after + DAY))
        return [period for period in self.get_periods_between(first, until) if period.stop <= until]


def share(period: Period, first: date | None, last: date | None) -> Fraction:
    """Return how much of a period lies between two days, by days.

    >>> share(Period(date(2026, 4, 1), date(2026, 4, 30)), date(2026, 4, 21), None)
    Fraction(1, 3)

    :param Period period: The whole.
    :param date first: The first day that counts; none: the period's own.
    :param date last: The last day that counts; none: the period's own.
    :return: From 0 to 1.
    """
    part = period.clip(first, last)
    return Fraction(part.days, period.days) if part else Fraction(0)


def local_moment(day: date, hour: int, timezone: str) -> datetime:
    """Return when it is a full hour somewhere. An hour that the clock skips begins as much later as it skips; of an
    hour that it strikes twice the first one counts.

    >>> local_moment(date(2026, 3, 28), 6, "Europe/Berlin"), local_moment(date(2026, 3, 29), 6, "Europe/Berlin")
    (datetime.datetime(2026, 3, 28, 5, 0), datetime.datetime(2026, 3, 29, 4, 0))

    :param date day: The local day.
    :param int hour: The local hour, 0 to 23.
    :param str timezone: The name of a time zone, such as `Europe/Berlin`.
    :return: The moment, naive UTC.
    """
    return datetime.combine(day, time(hour), ZoneInfo(timezone)).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
