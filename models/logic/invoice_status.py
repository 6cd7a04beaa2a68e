"""The one status of an invoice or credit note, from what the ledger says about it."""

DRAFT, OPEN, PARTIALLY_PAID, PAID, CANCELLED = "draft", "open", "partially_paid", "paid", "cancelled"
PAID_ONLINE, MANUAL_PAID, VOID, UNCOLLECTIBLE = "paid_online", "manual_paid", "void", "uncollectible"
DUE = (OPEN, PARTIALLY_PAID)
SETTLED = (PAID, PAID_ONLINE, MANUAL_PAID)

_PAID_BY = {"online": PAID_ONLINE, "manual": MANUAL_PAID}


def invoice_status(
    state: str,
    payment_state: str,
    *,
    is_void: bool = False,
    is_written_off: bool = False,
    is_recovering: bool = False,
    paid_by: str = "",
) -> str:
    """Tell the billing status of a document.

    What was decided about the document goes before what the ledger shows: a void or written-off invoice looks paid
    there.

    >>> invoice_status("posted", "partial")
    'partially_paid'
    >>> invoice_status("posted", "paid", is_written_off=True)
    'uncollectible'
    >>> invoice_status("posted", "paid", paid_by="online")
    'paid_online'

    :param str state: ``draft``, ``posted`` or ``cancel``, as ``account.move`` has them.
    :param str payment_state: The ledger's own word: ``not_paid``, ``partial``, ``in_payment``, ``paid``,
        ``reversed`` (settled by credit notes alone), ``blocked``.
    :param bool is_void: A mirror entry took the document back, or the document is that mirror.
    :param bool is_written_off: Some of the document stands in the books as a bad debt.
    :param bool is_recovering: Money came in after it was written off, and part of it is a bad debt still.
    :param str paid_by: ``online`` or ``manual`` where a payment of that kind settled it, else empty.
    :return: One of the constants of this module.
    """
    if state != "posted":
        return CANCELLED if state == "cancel" else DRAFT
    if is_void:
        return VOID
    if is_written_off:
        return PARTIALLY_PAID if is_recovering else UNCOLLECTIBLE
    if payment_state in ("paid", "in_payment", "reversed"):
        return _PAID_BY.get(paid_by, PAID)
    return PARTIALLY_PAID if payment_state == "partial" else OPEN
