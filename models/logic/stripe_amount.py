"""Amounts as Stripe counts them: whole numbers of its smallest unit of each currency.

See https://docs.stripe.com/currencies#zero-decimal, #three-decimal and #special-cases.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO_DECIMAL = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)
THREE_DECIMAL = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))
# Without decimals in the world, but sent with two, which are always zero.
WHOLE_WITH_TWO = frozenset(("ISK", "UGX"))


def chargeable_amount(amount: float, code: str) -> float:
    """Return the most of an amount that Stripe can charge: three-decimal currencies end in a zero.

    >>> chargeable_amount(10.005, "KWD"), chargeable_amount(10.55, "ISK"), chargeable_amount(10.55, "EUR")
    (10.0, 10.0, 10.55)

    :param amount: In the currency, rounded as the currency rounds.
    :param code: The ISO 4217 code.
    """
    step = Decimal("1") if code in WHOLE_WITH_TWO else Decimal("0.01")
    if code not in THREE_DECIMAL | WHOLE_WITH_TWO:
        return amount
    return float(_exact(amount).quantize(step, rounding=ROUND_DOWN))


def to_minor_units(amount: float, code: str) -> int:
    """Return an amount as Stripe counts it.

    >>> to_minor_units(500, "JPY"), to_minor_units(19.99, "EUR"), to_minor_units(1.23, "KWD"), to_minor_units(5, "ISK")
    (500, 1999, 1230, 500)

    :param amount: In the currency, rounded as the currency rounds.
    :param code: The ISO 4217 code.
    """
    return int((_exact(amount) * 10 ** _get_digits(code)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_minor_units(amount: int, code: str) -> float:
    """Return in its currency what Stripe counts.

    >>> from_minor_units(500, "JPY"), from_minor_units(1999, "EUR"), from_minor_units(1230, "KWD")
    (500.0, 19.99, 1.23)

    :param amount: As Stripe counts it.
    :param code: The ISO 4217 code.
    """
    return float(Decimal(amount).scaleb(-_get_digits(code)))


def _get_digits(code):
    if code in ZERO_DECIMAL:
        return 0
    return 3 if code in THREE_DECIMAL else 2


def _exact(amount):
    # The shortest text that is this float: 19.99 and not 19.989999999999998.
    return Decimal(repr(float(amount)))
