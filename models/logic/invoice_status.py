"""The one status of an invoice or credit note, from what the ledger says about it."""

DRAFT, OPEN, PARTIALLY_PAID, PAID, CANCELLED = "draft", "open", "partially_paid", "paid", "cancelled"


def invoice_status(state: str, payment_state: str) -> str:
    """Tell the billing status of a document.

    >>> invoice_status("posted", "partial")
    'partially_paid'

    :param str state: ``draft``, ``posted`` or ``cancel``, as ``account.move`` has them.
    :param str payment_state: The ledger's own word: ``not_paid``, ``partial``, ``in_payment``, ``paid``,
        ``reversed`` (settled by credit notes alone), ``blocked``.
    :return: ``draft``, ``open``, ``partially_paid``, ``paid`` or ``cancelled``.
    """
    if state != "posted":
        return CANCELLED if state == "cancel" else DRAFT
    if payment_state in ("paid", "in_payment", "reversed"):
        return PAID
    return PARTIALLY_PAID if payment_state == "partial" else OPEN
