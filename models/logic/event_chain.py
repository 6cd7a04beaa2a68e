"""A chain of events: the hash of each covers the one before it, so that nothing changes or goes missing unseen."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

CHANGED, MISSING, UNLINKED = "changed", "missing", "unlinked"


@dataclass(frozen=True)
class Link:
    """One event of a chain.

    :param int sequence: Its place, from 1 on.
    :param str payload: What it says, as :func:`get_canonical` writes it.
    :param str previous_hash: The hash of the event before it, empty for the first.
    :param str hash: Its own.
    """

    sequence: int
    payload: str
    previous_hash: str
    hash: str


def get_canonical(value) -> str:
    """Write a value as JSON that is the same text whenever the value is the same.

    >>> get_canonical({"total": "12.00", "number": "INV/1"})
    '{"number":"INV/1","total":"12.00"}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def get_digest(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal digits.

    >>> get_digest("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def get_hash(previous_hash: str, sequence: int, payload: str) -> str:
    """Return the hash of an event.

    >>> get_hash("", 1, "{}") == get_digest("|1|{}")
    True
    """
    return get_digest(f"{previous_hash}|{sequence}|{payload}")


def find_break(links: Iterable[Link]) -> tuple[int, str] | None:
    """Find the first event of a chain that is not as it was written.

    >>> first = Link(1, "{}", "", get_hash("", 1, "{}"))
    >>> find_break([first]), find_break([Link(2, "{}", "", "")]), find_break([Link(1, "[]", "", first.hash)])
    (None, (1, 'missing'), (1, 'changed'))

    :param links: The events of one chain, in their order.
    :return: The place of the event and what is wrong with it: ``missing``, ``unlinked`` (it does not follow the one
        before it) or ``changed``; None where nothing is.
    """
    previous_hash = ""
    for place, link in enumerate(links, start=1):
        if link.sequence != place:
            return place, MISSING
        if link.previous_hash != previous_hash:
            return place, UNLINKED
        if link.hash != get_hash(link.previous_hash, link.sequence, link.payload):
            return place, CHANGED
        previous_hash = link.hash
    return None
