"""Numbers and dates as people write them, and how to tell which way a whole column is meant.

A value that reads two ways decides nothing: only one that makes sense in a single way does. Where none does, the
answer is `None`, and somebody has to be asked.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

POINT, COMMA = "point", "comma"
MARKS = (POINT, COMMA)
DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "dmy", "mdy", "ymd"
ORDERS = (DAY_FIRST, MONTH_FIRST)

_SIGNS = {POINT: (".", ","), COMMA: (",", ".")}
_CURRENCY = re.compile(r"^(?:[^\d\s().,'+-]{1,4}|[A-Z]{3})\s*|\s*(?:[^\d\s().,'+-]{1,4}|[A-Z]{3})$")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?$")
_MAX_DIGITS = 15


def parse_number(text: str, mark: str) -> Decimal:
    """Return the number in a text. Thousands may be grouped, with groups of their right size.

    :param mark: Which sign parts the decimals: `POINT` or `COMMA`.
    :raise ValueError: If the text is no such number.

    >>> parse_number("1.234,56", COMMA), parse_number("(12.00)", POINT), parse_number("€ 1'000", POINT)
    (Decimal('1234.56'), Decimal('-12.00'), Decimal('1000'))
    """
    decimal_sign, group_sign = _SIGNS[mark]
    body, is_negative = _strip_number(text)
    whole, _sign, decimals = body.partition(decimal_sign)
    groups = re.split(rf"[{re.escape(group_sign)}'\u2019\s]", whole)
    is_grouped = len(groups) == 1 or (
        1 <= len(groups[0]) <= 3 and len(groups[-1]) == 3 and all(len(group) in (2, 3) for group in groups[1:])
    )
    digits = "".join(groups)
    if not is_grouped or not re.fullmatch(r"[0-9]*", digits + decimals) or not digits + decimals:
        raise ValueError(text)
    if len(digits + decimals) > _MAX_DIGITS:
        raise ValueError(text)
    number = Decimal(f"{digits or '0'}.{decimals or '0'}" if decimals else digits)
    return -number if is_negative else number


def parse_date(text: str, order: str) -> date:
    """Return the day in a text. A day whose year comes first is understood in any order.

    :param order: What comes first where the year does not: `DAY_FIRST` or `MONTH_FIRST`; `YEAR_FIRST` allows no other.
    :raise ValueError: If the text is no such day.

    >>> parse_date("03/04/26", DAY_FIRST), parse_date("2026-04-03", DAY_FIRST)
    (datetime.date(2026, 4, 3), datetime.date(2026, 4, 3))
    """
    text = _TIME.sub("", (text or "").strip())
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        return date(*map(int, found.groups()))
    found = order != YEAR_FIRST and _YEAR_LAST.fullmatch(text)
    if not found:
        raise ValueError(text)
    first, second, year = map(int, found.groups())
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    return date(year if year > 99 else 2000 + year, month, day)


def detect_mark(texts: Iterable[str]) -> str | None:
    """Return which sign parts the decimals in these numbers, or nothing where they do not tell.

    >>> detect_mark(["1.234,56", "12"]), detect_mark(["1,234"])
    ('comma', None)
    """
    return _detect(texts, MARKS, parse_number, POINT)


def detect_order(texts: Iterable[str]) -> str | None:
    """Return what comes first in these days, or nothing where they do not tell.

    >>> detect_order(["03/04/26", "25/04/26"]), detect_order(["03/04/26"])
    ('dmy', None)
    """
    filled = [text for text in texts if text]
    if filled and all(_reading(parse_date, text, YEAR_FIRST) for text in filled):
        return YEAR_FIRST
    return _detect(filled, ORDERS, parse_date, DAY_FIRST)


def _detect(texts: Iterable[str], ways: tuple[str, str], parse: Callable[[str, str], Any], either: str) -> str | None:
    """Return the one way that some values make sense in, or the given one where both say the same."""
    readings = {tuple(_reading(parse, text, way) for way in ways) for text in set(texts) if text}
    first = any(one is not None and other is None for one, other in readings)
    second = any(one is None and other is not None for one, other in readings)
    if first != second:
        return ways[0] if first else ways[1]
    return None if first or any(one != other for one, other in readings) else either


def _reading(parse: Callable[[str, str], Any], text: str, way: str) -> Any:
    try:
        return parse(text, way)
    except ValueError:
        return None


def _strip_number(text: str) -> tuple[str, bool]:
    """Return a number without its sign, brackets and currency, and whether it is below zero."""
    body = (text or "").replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-").strip()
    body = _CURRENCY.sub("", body).strip()
    is_negative = False
    if body.startswith("(") and body.endswith(")"):
        body, is_negative = body[1:-1].strip(), True
    elif body[:1] in ("-", "+"):
        body, is_negative = body[1:].strip(), body[0] == "-"
    elif body[-1:] == "-":
        body, is_negative = body[:-1].strip(), True
    return _CURRENCY.sub("", body).strip(), is_negative
