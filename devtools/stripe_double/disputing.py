"""Disputes: the bank takes the money at once, and decides later."""

import time

import stripe

from .ledger import DISPUTE_FEE, add_transaction
from .shapes import make

A_WEEK = 7 * 24 * 3600


def open_dispute(memory, charge, reason, amount=None):
    """Have a customer dispute a charge: the bank takes the money at once.

    :param dict charge: The charge.
    :param str reason: Such as `fraudulent`.
    :param int amount: In the smallest unit; the whole charge by default.
    :rtype: dict
    """
    dispute = memory.create(
        stripe.Dispute,
        "du",
        amount=charge["amount"] if amount is None else amount,
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence=make(stripe.Dispute.Evidence, enhanced_evidence={}),
        evidence_details=make(
            stripe.Dispute.EvidenceDetails,
            due_by=int(time.time()) + A_WEEK,
            enhanced_eligibility={},
            has_evidence=False,
            past_due=False,
            submission_count=0,
            submission_method="not_submitted",
        ),
        is_charge_refundable=False,
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="needs_response",
    )
    charge["disputed"] = True
    memory.emit("charge.dispute.created", dispute)
    _move(memory, dispute, -dispute["amount"], fee=DISPUTE_FEE)
    memory.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(memory, dispute, status):
    """Have the bank decide.

    :param str status: `won` or `lost`.
    """
    dispute["status"] = status
    memory.emit("charge.dispute.closed", dispute)
    if status == "won":
        _move(memory, dispute, dispute["amount"], fee=-DISPUTE_FEE)
        memory.emit("charge.dispute.funds_reinstated", dispute)


def _move(memory, dispute, amount, *, fee):
    category = "dispute" if amount < 0 else "dispute_reversal"
    entry = add_transaction(memory, dispute, "adjustment", amount, fee=fee, reporting_category=category)
    dispute["balance_transactions"].append(entry)
