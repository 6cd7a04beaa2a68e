"""The balance, its transactions, and payouts to the bank."""

import stripe

from ..routes import route
from ..shapes import make


@route("GET", "balance", "BalanceRetrieveParams")
def retrieve_balance(memory, _params):
    """Answer with what is not paid out, by currency."""
    sums = {"eur": 0}
    for entry in memory.find(stripe.BalanceTransaction):
        if not entry.get("_payout"):
            sums[entry["currency"]] = sums.get(entry["currency"], 0) + entry["net"]
    pending = [make(stripe.Balance.Pending, amount=amount, currency=currency) for currency, amount in sums.items()]
    available = [make(stripe.Balance.Available, amount=0, currency=currency) for currency in sums]
    return make(stripe.Balance, object="balance", available=available, livemode=False, pending=pending)


@route("GET", "balance_transactions/{}", "BalanceTransactionRetrieveParams")
def retrieve_transaction(memory, _params, ref):
    """Answer with a movement of money."""
    return memory.get(stripe.BalanceTransaction, ref)


@route("GET", "balance_transactions", "BalanceTransactionListParams")
def list_transactions(memory, params):
    """List movements of money, newest first; those of a payout include the payout itself."""
    names = {"payout": "_payout", "source": "source", "type": "type", "currency": "currency"}
    filters = {own: params[name] for name, own in names.items() if name in params}
    return memory.list(memory.find(stripe.BalanceTransaction, **filters), params)


@route("GET", "payouts/{}", "PayoutRetrieveParams")
def retrieve_payout(memory, _params, ref):
    """Answer with a payout."""
    return memory.get(stripe.Payout, ref)


@route("GET", "payouts", "PayoutListParams")
def list_payouts(memory, params):
    """List payouts, newest first."""
    filters = {"status": params["status"]} if "status" in params else {}
    return memory.list(memory.find(stripe.Payout, **filters), params)
