"""Refunds."""

import stripe

from ..amounts import show_amount
from ..errors import RefusalError
from ..ledger import add_transaction
from ..routes import route
from ..wallet import get_test_card


def refund_charge(memory, charge, amount=None, **values):
    """Give money back to a card.

    :param dict charge: The charge.
    :param int amount: In the smallest unit; all that is left by default.
    :return: The refund, which the bank may still refuse.
    :rtype: dict
    :raise RefusalError: If that much is not left.
    """
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = left if amount is None else amount
    _check_refundable(charge, amount, left)
    fate = get_test_card(memory.objects[charge["payment_method"]]).fate
    refund = memory.create(
        stripe.Refund,
        "re",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        destination_details={"type": "card", "card": {"type": "refund", "reference_status": "pending"}},
        payment_intent=charge["payment_intent"],
        status="pending" if fate == "refund_pending" else "succeeded",
        **values,
    )
    refund["balance_transaction"] = add_transaction(memory, refund, "refund", -amount)["id"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    memory.emit("charge.refunded", charge)
    memory.emit("refund.created", refund)
    if fate == "refund_fails":
        fail_refund(memory, refund)
    return refund


def _check_refundable(charge, amount, left):
    if charge["status"] != "succeeded":
        raise RefusalError(f"Charge {charge['id']} has not been captured.", code="charge_not_captured")
    if charge["disputed"]:
        raise RefusalError(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if not left:
        raise RefusalError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount < 1:
        raise RefusalError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        currency = charge["currency"]
        raise RefusalError(
            f"Refund amount ({show_amount(amount, currency)}) is greater than unrefunded amount on charge "
            f"({show_amount(left, currency)})",
            param="amount",
        )


def succeed_refund(memory, refund):
    """Have the bank take a refund that was pending."""
    refund["status"] = "succeeded"
    _tell(memory, refund, "refund.updated", "charge.refund.updated")


def fail_refund(memory, refund):
    """Have the bank send a refund back, days later in real life: the money is on the balance again."""
    back = add_transaction(memory, refund, "refund_failure", refund["amount"])
    refund.update(failure_balance_transaction=back["id"], failure_reason="expired_or_canceled_card", status="failed")
    charge = memory.objects[refund["charge"]]
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    _tell(memory, refund, "refund.updated", "charge.refund.updated", "refund.failed")


def _tell(memory, refund, *names):
    for name in names:
        memory.emit(name, refund)


@route("POST", "refunds", "RefundCreateParams")
def create_refund(memory, params):
    """Refund a charge, or the charge of a payment intent."""
    ref = params.get("charge")
    if params.get("payment_intent"):
        ref = memory.get(stripe.PaymentIntent, params["payment_intent"])["latest_charge"]
    if not ref:
        raise RefusalError("One of the following params should be provided for this request: payment_intent or charge.")
    values = {name: params[name] for name in ("reason", "metadata") if params.get(name)}
    return refund_charge(memory, memory.get(stripe.Charge, ref), params.get("amount"), **values)


@route("GET", "refunds/{}", "RefundRetrieveParams")
def retrieve_refund(memory, _params, ref):
    """Answer with a refund."""
    return memory.get(stripe.Refund, ref)


@route("GET", "refunds", "RefundListParams")
def list_refunds(memory, params):
    """List refunds, newest first."""
    filters = {name: params[name] for name in ("charge", "payment_intent") if name in params}
    return memory.list(memory.find(stripe.Refund, **filters), params)
