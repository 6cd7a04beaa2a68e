"""How much a customer may pay of what is open."""

from decimal import Decimal

from .csv_values import COMMA, MARKS, POINT, parse_number

EARLY, DUE, NEXT, FULL, OTHER = "early", "due", "next", "full", "other"
UNKNOWN, UNREADABLE, TOO_LITTLE, TOO_MUCH = "unknown", "unreadable", "too_little", "too_much"


class PayAmountError(ValueError):
    """The customer asked for an amount that cannot be paid; its argument says why, as the constants above do."""


def get_offers(instalments: list[tuple[bool, Decimal]], full: Decimal) -> dict[str, Decimal]:
    """Return what is offered to be paid, the most pressing first.

    >>> get_offers([(True, Decimal(30)), (False, Decimal(70))], Decimal(100))
    {'due': Decimal('30'), 'full': Decimal('100')}
    >>> get_offers([(False, Decimal(40)), (False, Decimal(60))], Decimal(100))
    {'next': Decimal('40'), 'full': Decimal('100')}
    >>> get_offers([(True, Decimal(100))], Decimal(100)), get_offers([], Decimal(0))
    ({'full': Decimal('100')}, {})

    :param list instalments: By due date: whether it is due by now, and what is left of it.
    :param Decimal full: All that can be paid.
    """
    due = sum((left for is_due, left in instalments if is_due), Decimal(0))
    upcoming = [left for is_due, left in instalments if not is_due]
    code, first = (DUE, due) if due else (NEXT, upcoming[0] if upcoming else Decimal(0))
    offers = {code: first} if 0 < first < full else {}
    return {**offers, FULL: full} if full > 0 else offers


def choose_amount(
    choice: str, offers: dict[str, Decimal], *, text: str = "", mark: str = POINT, minimum: Decimal = Decimal(0)
) -> Decimal:
    """Return what the customer wants to pay.

    >>> offers = {"due": Decimal(30), "full": Decimal(100)}
    >>> choose_amount("due", offers), choose_amount("other", offers, text="12,50", mark="comma")
    (Decimal('30'), Decimal('12.50'))

    :param str choice: One of the offers, or `OTHER`.
    :param dict offers: As `get_offers` returns them.
    :param str text: The amount that was typed, if it is another one.
    :param str mark: Which sign parts the decimals in the customer's language; a number that makes sense only the other
        way is read that way.
    :param Decimal minimum: The least other amount; what is left may be less.
    :raise PayAmountError: If it cannot be paid.
    """
    if choice in offers:
        return offers[choice]
    if choice != OTHER or not offers:
        raise PayAmountError(UNKNOWN)
    amount = _read(text, mark)
    if amount <= 0 or amount < min(minimum, offers[FULL]):
        raise PayAmountError(TOO_LITTLE)
    if amount > offers[FULL]:
        raise PayAmountError(TOO_MUCH)
    return amount


def _read(text: str, mark: str) -> Decimal:
    for sign in (mark, *(other for other in MARKS if other != mark)):
        try:
            return parse_number(text, sign)
        except ValueError:
            continue
    raise PayAmountError(UNREADABLE)


def get_mark(decimal_point: str) -> str:
    """Return which sign parts the decimals, from the sign itself.

    >>> get_mark(","), get_mark(".")
    ('comma', 'point')
    """
    return COMMA if decimal_point == "," else POINT
