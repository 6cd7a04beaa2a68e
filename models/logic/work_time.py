"""Work time: how long somebody worked, and how much of it is billed.

Time on a timer is counted in whole minutes, because nobody can check a second on an invoice.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

MINUTES_PER_HOUR = Decimal(60)
ROUNDING_METHODS = ("none", "up", "nearest")


def elapsed_hours(started_at: datetime, stopped_at: datetime) -> Decimal:
    """Return the hours between two moments, counted in whole minutes.

    >>> elapsed_hours(datetime(2026, 5, 4, 9, 0, 0), datetime(2026, 5, 4, 10, 7, 20))
    Decimal('1.116666666666666666666666667')

    :param datetime started_at: The beginning, naive UTC.
    :param datetime stopped_at: The end, naive UTC.
    :return: Hours, 0 or more.
    :raise ValueError: If the end lies before the beginning.
    """
    if stopped_at < started_at:
        raise ValueError("stopped before started")
    seconds = Decimal(int((stopped_at - started_at).total_seconds()))
    minutes = (seconds / 60).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return minutes / MINUTES_PER_HOUR


def billed_hours(logged_hours: Decimal, *, step_minutes: int, method: str) -> Decimal:
    """Round logged hours to the billing step.

    Logged time is read in whole minutes first: 0.67 h is 40 minutes, which a step of ten minutes leaves alone.

    >>> billed_hours(Decimal("1.1167"), step_minutes=15, method="up")
    Decimal('1.25')
    >>> billed_hours(Decimal("0.67"), step_minutes=10, method="up") * 60
    Decimal('40.00000000000000000000000000')

    :param Decimal logged_hours: Hours worked, 0 or more.
    :param int step_minutes: The step in minutes; 0 bills what was logged.
    :param str method: One of :data:`ROUNDING_METHODS`.
    :return: Hours to bill: a whole number of steps, or the logged hours unchanged.
    :raise ValueError: If an argument is out of range.
    """
    if logged_hours < 0 or step_minutes < 0 or method not in ROUNDING_METHODS:
        raise ValueError("hours and step must not be negative, the method must be known")
    if method == "none" or not step_minutes:
        return logged_hours
    minutes = (logged_hours * MINUTES_PER_HOUR).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    steps = minutes / step_minutes
    rounding = "ROUND_CEILING" if method == "up" else ROUND_HALF_UP
    return steps.quantize(Decimal(1), rounding=rounding) * step_minutes / MINUTES_PER_HOUR


def whole_minutes(hours: Decimal) -> int:
    """Return the hours in whole minutes: 1.12 h is what is left of 1:07 after rounding to two digits.

    >>> whole_minutes(Decimal("1.12"))
    67

    :param Decimal hours: Hours, 0 or more.
    :return: Minutes.
    """
    return int((hours * MINUTES_PER_HOUR).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def format_hours(hours: Decimal) -> str:
    """Write hours the way a clock does.

    >>> format_hours(Decimal("1.1167"))
    '1:07'

    :param Decimal hours: Hours, 0 or more.
    :return: ``H:MM``.
    """
    minutes = whole_minutes(hours)
    return f"{minutes // 60}:{minutes % 60:02d}"
