"""What Stripe's words mean for a refund."""

# See https://docs.stripe.com/api/refunds/object#refund_object-status.
_STATES = {"succeeded": "done", "failed": "error", "canceled": "error"}


def refund_state(refund: dict) -> str:
    """Tell the state of a refund as `payment.transaction` has it.

    >>> refund_state({"status": "succeeded"}), refund_state({"status": "requires_action"})
    ('done', 'pending')

    :return: ``done``, ``pending`` or ``error``.
    """
    return _STATES.get(refund["status"], "pending")


def plan_refund(amount, refundable: dict) -> dict:
    """Split a refund among payments, in their order: as much of each as can be refunded.

    >>> plan_refund(50, {"first": 30, "second": 40})
    {'first': 30, 'second': 20}

    :param amount: What is refunded, a Decimal or whole number; not more than all of them together.
    :param refundable: What is left of each payment.
    """
    shares = {}
    for payment, left in refundable.items():
        share = min(left, amount)
        if share > 0:
            shares[payment] = share
            amount -= share
    return shares
