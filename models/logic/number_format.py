"""What the numbers of documents look like, for instance "INV-{YYYY}-{000}".

Letters and signs stand for themselves. In braces: the year, {YYYY} or {YY}, the month, {MM}, and the counter, as many
zeros as it has digits at least. The counter begins anew with the year or month that stands before it.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce

MAX_DIGITS = 9
PARTS = re.compile(r"{([^{}]*)}")
YEAR, SHORT_YEAR, MONTH = "{YYYY}", "{YY}", "{MM}"
PATTERNS = {YEAR: r"(?P<year>\d{4})", SHORT_YEAR: r"(?P<year>\d{2})", MONTH: r"(?P<month>0[1-9]|1[0-2])"}


class NumberFormatError(ValueError):
    """A format that no series can follow; `code` says why.

    `counter`: not exactly one counter; `digits`: more than nine of them; `part`: something else in braces; `twice`:
    year or month twice; `month`: a month without its year; `sign`: a digit right before the counter; `end`: a digit
    or a part after it.
    """

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Reading:
    """What a number says. The year has two or four digits, and is 0 like the month where the format has none."""

    prefix: str
    counter: str
    suffix: str
    year: int = 0
    month: int = 0


@dataclass(frozen=True)
class NumberFormat:
    """A format that holds: what stands before the counter, the digits of the counter, what stands after it."""

    prefix: str
    digits: int
    suffix: str

    @property
    def reset(self) -> str:
        """When the counter begins anew: `never`, `year` or `month`."""
        if MONTH in self.prefix:
            return "month"
        return "year" if YEAR in self.prefix or SHORT_YEAR in self.prefix else "never"

    def prefix_on(self, day: date) -> str:
        """Return what stands before the counter on a day: the name of the series that the day belongs to.

        >>> parse("INV-{YYYY}-{000}").prefix_on(date(2026, 11, 21))
        'INV-2026-'
        """
        values = {YEAR: f"{day.year:04}", SHORT_YEAR: f"{day.year % 100:02}", MONTH: f"{day.month:02}"}
        return reduce(lambda text, part: text.replace(part, values[part]), values, self.prefix)

    def render(self, counter: int, day: date) -> str:
        """Return the number of a document.

        >>> parse("{YY}{MM}/{00}-B").render(7, date(2026, 11, 21))
        '2611/07-B'
        """
        return f"{self.prefix_on(day)}{counter:0{self.digits}}{self.suffix}"

    def next_numbers(self, last: int, day: date, count: int = 3) -> list[str]:
        """Return the numbers of the next documents of a day, after a last counter.

        >>> parse("INV-{000}").next_numbers(998, date(2026, 11, 21))
        ['INV-999', 'INV-1000', 'INV-1001']
        """
        return [self.render(counter, day) for counter in range(last + 1, last + 1 + count)]

    def decode(self, number: str) -> Reading | None:
        """Return what a number says, or nothing if it does not follow the format.

        >>> parse("INV-{YYYY}-{000}").decode("INV-2026-042").counter
        '042'
        """
        pieces = re.split(r"({[A-Z]+})", self.prefix)
        prefix = "".join(PATTERNS.get(piece) or re.escape(piece) for piece in pieces)
        found = re.fullmatch(
            rf"(?P<prefix>{prefix})(?P<counter>\d{{{self.digits},{MAX_DIGITS}}}){re.escape(self.suffix)}", number
        )
        if not found:
            return None
        parts = found.groupdict()
        return Reading(
            prefix=parts["prefix"],
            counter=parts["counter"],
            suffix=self.suffix,
            year=int(parts.get("year") or 0),
            month=int(parts.get("month") or 0),
        )


@lru_cache
def parse(text: str) -> NumberFormat:
    """Read a format.

    :raise NumberFormatError: If no series can follow it.

    >>> parse("INV/{YYYY}/{0000}")
    NumberFormat(prefix='INV/{YYYY}/', digits=4, suffix='')
    """
    counters = [found for found in PARTS.finditer(text) if set(found[1]) == {"0"}]
    if len(counters) != 1:
        raise NumberFormatError("counter")
    (counter,) = counters
    prefix, suffix = text[: counter.start()], text[counter.end() :]
    _check_prefix(prefix)
    if len(counter[1]) > MAX_DIGITS:
        raise NumberFormatError("digits")
    if re.search(r"[\d{}]", suffix):
        raise NumberFormatError("end")
    return NumberFormat(prefix, len(counter[1]), suffix)


def _check_prefix(prefix: str) -> None:
    parts = [f"{{{part}}}" for part in PARTS.findall(prefix)]
    if set(parts) - PATTERNS.keys() or re.search(r"[{}]", PARTS.sub("", prefix)):
        raise NumberFormatError("part")
    years = parts.count(YEAR) + parts.count(SHORT_YEAR)
    if years > 1 or parts.count(MONTH) > 1:
        raise NumberFormatError("twice")
    if MONTH in parts and not years:
        raise NumberFormatError("month")
    if re.search(r"[\d}]$", prefix):
        raise NumberFormatError("sign")
