"""Charging a card: the bank's answer, the charge, the money in the balance."""

import stripe

from .cards import refuse_card
from .disputing import open_dispute
from .errors import RefusalError
from .invoicing import settle_invoice
from .ledger import add_charge
from .shapes import make
from .wallet import get_test_card, save_card

ASKED = "Your card was declined. This transaction requires authentication."


def needs_customer(method, *, is_off_session):
    """Return whether the bank wants to see the customer.

    :param dict method: The card.
    :param bool is_off_session: Whether the customer is away: a card that asks once is known by then if it was saved.
    :rtype: bool
    """
    asks = get_test_card(method).asks
    return asks == "always" or (asks == "first" and not (is_off_session and method.get("_is_authenticated")))


def charge_intent(memory, intent, method, *, is_authenticated=False, is_off_session=False):
    """Charge a card for a payment intent, which succeeds, or asks for the customer.

    :param dict intent: The payment intent, which is changed.
    :param dict method: The card.
    :param bool is_authenticated: Whether the customer has just answered the bank.
    :param bool is_off_session: Whether the customer is away.
    :return: Whether the intent succeeded; if not, the customer is asked.
    :rtype: bool
    :raise RefusalError: If the bank refuses; that is noted on the intent.
    """
    check_usable(intent, method)
    intent["payment_method"] = method["id"]
    if needs_customer(method, is_off_session=is_off_session) and not is_authenticated:
        if is_off_session:
            raise refuse_intent(
                memory, intent, method, refuse_card(ASKED, "authentication_required", "authentication_required")
            )
        return False
    refusal = get_test_card(method).get_refusal()
    if refusal:
        raise refuse_intent(memory, intent, method, refusal)
    if intent["setup_future_usage"] and intent["customer"]:
        save_card(memory, method, intent["customer"])
        method["_is_authenticated"] = method.get("_is_authenticated") or is_authenticated
    _succeed(memory, intent, method)
    return True


def check_usable(intent, method):
    """Refuse a card that is another customer's, or that was removed."""
    if method.get("_is_gone"):
        raise RefusalError(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared "
            "with a connected account without Customer attachment, or was detached from a Customer. It may not be "
            "used again.",
            param="payment_method",
        )
    if method["customer"] and method["customer"] != intent["customer"]:
        raise RefusalError(
            f"The customer does not have a payment method with the ID {method['id']}. The payment method must be "
            "attached to the customer.",
            code="resource_missing",
            param="payment_method",
        )


def refuse_intent(memory, intent, method, refusal):
    """Note a refusal on a payment intent, and return it with what Stripe adds.

    :rtype: RefusalError
    """
    charge = _create_charge(memory, intent, method, error=refusal.error)
    error = make(
        stripe.PaymentIntent.LastPaymentError, **refusal.error, charge=charge["id"], payment_method=dict(method)
    )
    intent.update(
        last_payment_error=error,
        latest_charge=charge["id"],
        next_action=None,
        payment_method=None,
        status="requires_payment_method",
    )
    memory.emit("charge.failed", charge)
    memory.emit("payment_intent.payment_failed", intent)
    refusal.error.update(charge=charge["id"], payment_intent=dict(intent), payment_method=dict(method))
    return refusal


def _succeed(memory, intent, method):
    charge = _create_charge(memory, intent, method)
    intent.update(
        amount_received=intent["amount"],
        last_payment_error=None,
        latest_charge=charge["id"],
        next_action=None,
        status="succeeded",
    )
    add_charge(memory, charge)
    memory.emit("charge.succeeded", charge)
    memory.emit("payment_intent.succeeded", intent)
    settle_invoice(memory, intent)
    if get_test_card(method).fate == "dispute":
        open_dispute(memory, charge, "fraudulent")


def _create_charge(memory, intent, method, error=None):
    return memory.create(
        stripe.Charge,
        "ch",
        amount=intent["amount"],
        amount_captured=0 if error else intent["amount"],
        amount_refunded=0,
        billing_details=dict(method["billing_details"]),
        captured=not error,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        failure_code=error and error["code"],
        failure_message=error and error["message"],
        metadata=dict(intent["metadata"]),
        outcome=_get_outcome(error),
        paid=not error,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=_get_details(method),
        refunded=False,
        status="failed" if error else "succeeded",
    )


def _get_outcome(error):
    if not error:
        return make(stripe.Charge.Outcome, type="authorized", network_status="approved_by_network")
    reason = error.get("decline_code")
    return make(stripe.Charge.Outcome, type="issuer_declined", network_status="declined_by_network", reason=reason)


def _get_details(method):
    names = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    card = {name: method["card"][name] for name in names}
    return {"type": "card", "card": make(stripe.Charge.PaymentMethodDetails.Card, network=card["brand"], **card)}
