"""Payment intents and their charges."""

import time

import stripe

from ..amounts import check_amount
from ..charging import charge_intent
from ..errors import RefusalError
from ..memory import make_token
from ..routes import route
from ..shapes import make
from ..wallet import check_customer, get_method

COPIED = ("customer", "description", "receipt_email", "setup_future_usage", "statement_descriptor_suffix", "metadata")
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def new_intent(memory, params):
    """Remember a new payment intent that waits for a card.

    :param dict params: As in the request; what is not copied is checked by the caller.
    :rtype: dict
    """
    currency = check_amount(params["amount"], params["currency"])
    ref = f"pi_{make_token(24)}"
    intent = memory.create(
        stripe.PaymentIntent,
        "pi",
        id=ref,
        amount=params["amount"],
        amount_capturable=0,
        amount_received=0,
        automatic_payment_methods={"enabled": True, "allow_redirects": "always"},
        allowed_payment_method_types=params.get("allowed_payment_method_types"),
        capture_method="automatic_async",
        client_secret=f"{ref}_secret_{make_token(25)}",
        confirmation_method="automatic",
        currency=currency,
        payment_method_types=["card"],
        status="requires_payment_method",
        **{name: params[name] for name in COPIED if name in params},
    )
    memory.emit("payment_intent.created", intent)
    return intent


@route("POST", "payment_intents", "PaymentIntentCreateParams")
def create_intent(memory, params):
    """Create a payment intent, and charge at once if that is asked for."""
    if params.get("customer"):
        check_customer(memory, params["customer"])
    if params.get("off_session") and not params.get("confirm"):
        raise RefusalError(
            "The parameter `off_session` cannot be used when `confirm` is not true.", param="off_session"
        )
    if params.get("confirm"):
        _check_return(params)
    method = get_method(memory, params["payment_method"]) if params.get("payment_method") else None
    intent = new_intent(memory, params)
    if method:
        intent.update(payment_method=method["id"], status="requires_confirmation")
    return _confirm(memory, intent, params) if params.get("confirm") else intent


def _check_return(params):
    """Refuse methods that may lead the customer away when there is no way back."""
    redirects = params.get("automatic_payment_methods", {}).get("allow_redirects")
    if params.get("return_url") or redirects == "never" or params.get("allowed_payment_method_types") == ["card"]:
        return
    raise RefusalError(
        "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these "
        "payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't "
        "want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and "
        "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents."
    )


def _confirm(memory, intent, params):
    """Charge the card of an intent; a customer who is there is sent to the bank if it asks."""
    if not intent["payment_method"]:
        raise RefusalError(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
        )
    method = memory.get(stripe.PaymentMethod, intent["payment_method"])
    if not charge_intent(memory, intent, method, is_off_session=bool(params.get("off_session"))):
        redirect = {"return_url": params.get("return_url"), "url": f"{memory.address}/c/authenticate/{intent['id']}"}
        action = make(stripe.PaymentIntent.NextAction, type="redirect_to_url", redirect_to_url=redirect)
        intent.update(next_action=action, status="requires_action")
        memory.emit("payment_intent.requires_action", intent)
    return intent


@route("GET", "payment_intents/{}", "PaymentIntentRetrieveParams")
def retrieve_intent(memory, _params, ref):
    """Answer with a payment intent."""
    return memory.get(stripe.PaymentIntent, ref)


@route("GET", "payment_intents", "PaymentIntentListParams")
def list_intents(memory, params):
    """List payment intents, newest first."""
    filters = {"customer": params["customer"]} if "customer" in params else {}
    return memory.list(memory.find(stripe.PaymentIntent, **filters), params)


@route("POST", "payment_intents/{}", "PaymentIntentUpdateParams")
def update_intent(memory, params, ref):
    """Change the texts of a payment intent."""
    intent = memory.get(stripe.PaymentIntent, ref)
    intent["metadata"].update(params.get("metadata") or {})
    intent.update({name: params[name] for name in COPIED if name in params and name != "metadata"})
    return intent


@route("POST", "payment_intents/{}/confirm", "PaymentIntentConfirmParams")
def confirm_intent(memory, params, ref):
    """Charge an intent that waits."""
    intent = memory.get(stripe.PaymentIntent, ref)
    _check_open(intent, "confirm")
    if params.get("payment_method"):
        intent["payment_method"] = get_method(memory, params["payment_method"])["id"]
    return _confirm(memory, intent, params)


@route("POST", "payment_intents/{}/cancel", "PaymentIntentCancelParams")
def cancel_intent(memory, params, ref):
    """Give up an intent that waits."""
    intent = memory.get(stripe.PaymentIntent, ref)
    _check_open(intent, "cancel")
    reason = params.get("cancellation_reason")
    intent.update(canceled_at=int(time.time()), cancellation_reason=reason, next_action=None, status="canceled")
    memory.emit("payment_intent.canceled", intent)
    return intent


def _check_open(intent, verb):
    if intent["status"] not in OPEN:
        raise RefusalError(
            f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
            payment_intent=dict(intent),
        )


# === CHARGES === #


@route("GET", "charges/{}", "ChargeRetrieveParams")
def retrieve_charge(memory, _params, ref):
    """Answer with a charge."""
    return memory.get(stripe.Charge, ref)


@route("GET", "charges", "ChargeListParams")
def list_charges(memory, params):
    """List charges, newest first."""
    filters = {name: params[name] for name in ("customer", "payment_intent") if name in params}
    return memory.list(memory.find(stripe.Charge, **filters), params)
