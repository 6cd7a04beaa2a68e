"""What Stripe's words mean for a dispute."""

from collections.abc import Iterable

# See https://docs.stripe.com/api/disputes/object#dispute_object-status.
OVER = frozenset(("won", "warning_closed", "prevented"))
STATUSES = (
    ("needs_response", "Needs an answer"),
    ("under_review", "Under review"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("warning_needs_response", "Inquiry: needs an answer"),
    ("warning_under_review", "Inquiry: under review"),
    ("warning_closed", "Inquiry: closed"),
    ("prevented", "Prevented"),
    ("appeal_needs_response", "Appeal: needs an answer"),
    ("appeal_under_review", "Appeal: under review"),
)

# The bank has the money, or is about to decide: it is not refunded as well. An inquiry may be answered by a refund.
TAKING = frozenset(code for code, _name in STATUSES if code not in OVER and not code.startswith("warning"))


def read_funds(movements: Iterable[dict]) -> tuple[int, int]:
    """Return what a dispute took so far and what Stripe charges for it, in the smallest unit.

    >>> read_funds([{"amount": -5000, "fee": 2000}, {"amount": 5000, "fee": -2000}]), read_funds([])
    ((0, 0), (0, 0))

    :param movements: The balance transactions of the dispute: what it takes is below zero.
    """
    taken, fee = 0, 0
    for movement in movements:
        taken -= movement["amount"]
        fee += movement["fee"]
    return taken, fee
