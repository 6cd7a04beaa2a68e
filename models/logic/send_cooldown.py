"""Whether a document may be sent again, or was sent only just now."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Sending:
    """A mail that was handed over or waits for it: when somebody asked for it, to whom, and whether it waits."""

    asked_at: datetime
    recipient: str
    is_waiting: bool = False


def find_blocking(sendings: list[Sending], now: datetime, minutes: int) -> Sending | None:
    """Return the latest sending that keeps a document from being sent again, if one does.

    One that waits for its mail server blocks however old it is. Sendings that failed are not to be passed.

    :param sendings: What was sent of the document.
    :param now: The moment, in the same time zone as the sendings.
    :param minutes: How long one sending keeps the next away; 0 keeps none away but those that wait.

    >>> at = datetime(2026, 11, 21, 9, 0)
    >>> find_blocking([Sending(at, "a@example.com")], at + timedelta(minutes=4), 5).recipient
    'a@example.com'
    >>> find_blocking([Sending(at, "a@example.com")], at + timedelta(minutes=5), 5)
    """
    since = now - timedelta(minutes=minutes)
    blocking = [sending for sending in sendings if sending.is_waiting or sending.asked_at > since]
    return max(blocking, key=lambda sending: sending.asked_at, default=None)


def format_age(age: timedelta) -> str:
    """Write how long ago something was, in minutes and seconds; never below zero.

    >>> format_age(timedelta(seconds=130))
    '2:10'
    """
    seconds = max(int(age.total_seconds()), 0)
    return f"{seconds // 60}:{seconds % 60:02d}"
