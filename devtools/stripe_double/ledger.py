"""The account's balance: a transaction for each movement of money, each paid out once."""

import time

import stripe

from .amounts import get_fee
from .shapes import make

TWO_DAYS = 2 * 24 * 3600
DISPUTE_FEE = 2000


def add_transaction(memory, source, kind, amount, *, fee=0, **values):
    """Note a movement of money.

    :param dict source: The object that moves it.
    :param str kind: Stripe's `type` of the transaction.
    :param int amount: What is added to the balance before the fee, negative for what is taken.
    :param int fee: What Stripe keeps, in the currency of the balance.
    :rtype: dict
    """
    currency, amount, rate = _settle(memory, source["currency"], amount)
    details = make(stripe.BalanceTransaction.FeeDetail, amount=fee, currency=currency, type="stripe_fee")
    return memory.create(
        stripe.BalanceTransaction,
        "txn",
        amount=amount,
        available_on=int(time.time()) + TWO_DAYS,
        balance_type="payments",
        currency=currency,
        exchange_rate=rate,
        fee=fee,
        fee_details=[details] if fee else [],
        net=amount - fee,
        reporting_category=values.pop("reporting_category", kind),
        source=source["id"],
        status="pending",
        type=kind,
        **values,
    )


def add_charge(memory, charge):
    """Note the money of a charge."""
    currency, amount, _rate = _settle(memory, charge["currency"], charge["amount"])
    fee = get_fee(amount, currency)
    charge["balance_transaction"] = add_transaction(memory, charge, "charge", charge["amount"], fee=fee)["id"]


def _settle(memory, currency, amount):
    """Return in which currency the balance holds an amount, how much that is, and the rate if it is another one.

    See https://docs.stripe.com/currencies/conversions.

    :param int amount: In the smallest unit of the currency.
    :rtype: tuple
    """
    settled, rate = memory.settlement.get(currency, (currency, None))
    return settled, round(amount * rate) if rate else amount, rate


def pay_out(memory):
    """Pay out all that was not paid out, one payout a currency.

    :return: The payouts.
    :rtype: list[dict]
    """
    waiting = [entry for entry in memory.find(stripe.BalanceTransaction) if not entry.get("_payout")]
    payouts = []
    for currency in sorted({entry["currency"] for entry in waiting}):
        entries = [entry for entry in waiting if entry["currency"] == currency]
        payouts.append(_pay_out_entries(memory, currency, entries))
    return payouts


def _pay_out_entries(memory, currency, entries):
    payout = memory.create(
        stripe.Payout,
        "po",
        amount=sum(entry["net"] for entry in entries),
        arrival_date=int(time.time()),
        automatic=True,
        currency=currency,
        description="STRIPE PAYOUT",
        method="standard",
        reconciliation_status="completed",
        source_type="card",
        statement_descriptor="PRETENDED ACCOUNT",
        status="paid",
        type="bank_account",
    )
    own = add_transaction(memory, payout, "payout", -payout["amount"])
    payout["balance_transaction"] = own["id"]
    for entry in (*entries, own):
        entry.update(_payout=payout["id"], status="available")
    for name in ("payout.created", "payout.paid", "payout.reconciliation_completed"):
        memory.emit(name, payout)
    return payout


def fail_payout(memory, payout):
    """Have the bank send a payout back: its money waits for the next one."""
    back = add_transaction(memory, payout, "payout_failure", payout["amount"])
    payout.update(
        failure_balance_transaction=back["id"],
        failure_code="account_closed",
        failure_message="The bank account has been closed",
        status="failed",
    )
    memory.emit("payout.failed", payout)
