"""What an agreement that recurs bills when: which days, in which parts, for which amounts.

Each day is billed once. The parts of a period are rounded so that together they make what the period costs.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .billing_period import Period, Rhythm, share

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """Days of one period that are billed together: all of the period, or a part of it.

    >>> june = Period(date(2026, 6, 1), date(2026, 6, 30))
    >>> Part(june, Period(date(2026, 6, 16), date(2026, 6, 30))).share
    Fraction(1, 2)
    """

    period: Period
    days: Period

    @property
    def share(self) -> Fraction:
        """How much of the period it is, above 0 and up to 1."""
        return share(self.period, self.days.start, self.days.stop)

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the period."""
        return self.days == self.period


def subtract(spans: list[Period], removed: list[Period]) -> list[Period]:
    """Take days out of days.

    >>> june = Period(date(2026, 6, 1), date(2026, 6, 30))
    >>> [span.days for span in subtract([june], [Period(date(2026, 6, 11), date(2026, 6, 15))])]
    [10, 15]

    :param list[Period] spans: Days, without overlap.
    :param list[Period] removed: What goes; it may overlap and lie outside.
    :return: What is left, earliest first, each as long as it can be.
    """
    left = []
    for span in spans:
        start = span.start
        for gap in sorted(removed, key=lambda period: period.start):
            if gap.stop < start or gap.start > span.stop:
                continue
            if gap.start > start:
                left.append(Period(start, gap.start - DAY))
            start = gap.stop + DAY
        if start <= span.stop:
            left.append(Period(start, span.stop))
    return sorted(left, key=lambda period: period.start)


def get_parts(rhythm: Rhythm, spans: list[Period]) -> list[Part]:
    """Split days where a period ends.

    >>> monthly = Rhythm(date(2026, 1, 1), "month")
    >>> [part.days.days for part in get_parts(monthly, [Period(date(2026, 1, 31), date(2026, 3, 2))])]
    [1, 28, 2]

    :param Rhythm rhythm: The periods.
    :param list[Period] spans: Days, without overlap.
    :return: The parts, earliest first.
    """
    parts = []
    for span in sorted(spans, key=lambda period: period.start):
        first, last = rhythm.get_index(span.start), rhythm.get_index(span.stop)
        periods = (rhythm.get_period(index) for index in range(first, last + 1))
        parts += [Part(period, period.clip(span.start, span.stop)) for period in periods]
    return parts


def get_part_amount(shares: list[tuple[Decimal, Fraction]], step: Decimal) -> Decimal:
    """Return what the last of several parts of a period costs. Each part takes the rest that rounding the ones before
    it left, so that together they make the rounded sum.

    >>> price, third = Decimal(100), Fraction(1, 3)
    >>> [get_part_amount([(price, third)] * count, Decimal("0.01")) for count in (1, 2, 3)]
    [Decimal('33.33'), Decimal('33.34'), Decimal('33.33')]

    :param list shares: For each part of the period up to this one: the price of a whole period, and its share.
    :param Decimal step: The smallest amount of the currency.
    :return: The amount, a multiple of the step.
    """
    return _round_sum(shares, step) - _round_sum(shares[:-1], step)


def get_unit_price(amount: Decimal, *, quantity: Decimal, discount: Decimal, step: Decimal) -> Decimal | None:
    """Return the price of one unit for which a quantity costs an amount after its discount.

    >>> get_unit_price(Decimal("30.00"), quantity=Decimal(2), discount=Decimal(50), step=Decimal("0.01"))
    Decimal('30.00')

    :param Decimal amount: What everything costs, after the discount.
    :param Decimal quantity: How many units, not 0.
    :param Decimal discount: In percent, less than 100.
    :param Decimal step: The smallest difference between two prices.
    :return: The price; nothing where no price makes exactly this amount.
    """
    factor = quantity * (100 - discount) / 100
    price = _round(Fraction(amount) / Fraction(factor), step)
    return price if abs(price * factor - amount) * 2 < step else None


def _round_sum(shares: list[tuple[Decimal, Fraction]], step: Decimal) -> Decimal:
    return _round(sum((Fraction(price) * part for price, part in shares), Fraction(0)), step)


def _round(value: Fraction, step: Decimal) -> Decimal:
    steps = Decimal(value.numerator) / Decimal(value.denominator) / step
    return steps.quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
