"""What a change of status says about an invoice or credit note."""

from .invoice_status import DRAFT, OPEN, PAID, PARTIALLY_PAID

FINALIZED, REOPENED = "finalized", "reopened"
PAID_STATUSES = frozenset({PAID, "paid_online", "manual_paid"})
_FOLLOWED = PAID_STATUSES | {OPEN, PARTIALLY_PAID}


def get_status_events(before: str | None, after: str) -> list[str]:
    """Tell which events a change of status is, in their order. What void, written off and cancelled mean is logged
    by whoever does it.

    >>> get_status_events("draft", "open"), get_status_events("open", "paid"), get_status_events("paid", "open")
    (['finalized'], ['paid'], ['reopened'])

    :param before: The status before, nothing where there was none yet.
    :param after: The status now.
    """
    events = []
    if not before or before == DRAFT:
        if after in _FOLLOWED:
            events.append(FINALIZED)
        before = OPEN
    if before == after or before not in _FOLLOWED or after not in _FOLLOWED:
        return events
    if after in PAID_STATUSES:
        return events if before in PAID_STATUSES else [*events, PAID]
    return [*events, REOPENED if after == OPEN or before in PAID_STATUSES else PARTIALLY_PAID]
