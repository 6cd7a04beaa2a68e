"""What a payout of Stripe's is made of, and where it goes in the books.

See https://docs.stripe.com/reports/balance-transaction-types.
"""

from collections.abc import Iterable
from dataclasses import dataclass

PAYMENT, REFUND, DISPUTE, FEE, PAYOUT, OTHER = "payment", "refund", "dispute", "fee", "payout", "other"
_KINDS = {
    "charge": PAYMENT,
    "payment": PAYMENT,
    "refund": REFUND,
    "refund_failure": REFUND,
    "payment_refund": REFUND,
    "payment_failure_refund": REFUND,
    "stripe_fee": FEE,
    "stripe_fx_fee": FEE,
    "tax_fee": FEE,
    "payout_failure": PAYOUT,
    "payout_cancel": PAYOUT,
}


@dataclass(frozen=True)
class Part:
    """One movement of money in a payout, in the smallest unit of its currency: what came in is above zero."""

    ref: str
    kind: str
    gross: int
    fee: int
    source: str

    @property
    def net(self) -> int:
        """What it adds to the payout."""
        return self.gross - self.fee


def read_parts(transactions: Iterable[dict], payout_ref: str) -> list[Part]:
    """Return what a payout is made of, without the payout itself.

    >>> read_parts([{"id": "txn_1", "type": "charge", "amount": 100, "fee": 3, "source": "ch_1"}], "po_1")
    [Part(ref='txn_1', kind='payment', gross=100, fee=3, source='ch_1')]

    :param transactions: Stripe's balance transactions of the payout.
    :param payout_ref: The payout's id.
    """
    return [
        Part(entry["id"], _get_kind(entry), entry["amount"], entry["fee"], entry["source"] or "")
        for entry in transactions
        if (entry["type"], entry["source"]) != ("payout", payout_ref)
    ]


def _get_kind(entry):
    if (entry.get("reporting_category") or "").startswith("dispute"):
        return DISPUTE
    if entry["type"] == "adjustment" and entry.get("reporting_category") == "fee":
        return FEE
    return _KINDS.get(entry["type"], OTHER)
