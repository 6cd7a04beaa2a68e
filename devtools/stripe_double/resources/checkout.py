"""Checkout sessions, and what the customer does on their page."""

import time

from stripe.checkout import Session

from ..amounts import check_amount
from ..cards import get_card, refuse_card
from ..charging import charge_intent, refuse_intent
from ..errors import RefusalError
from ..memory import make_token
from ..routes import route
from ..shapes import make
from ..wallet import check_customer, create_card, save_card
from .payment_intents import new_intent
from .setup_intents import new_setup, save_for_setup

SHORTEST, LONGEST = 30 * 60, 24 * 3600
NOT_AUTHENTICATED = (
    "We are unable to authenticate your payment method. Please choose a different payment method and try again."
)
COPIED = (
    "adaptive_pricing", "allowed_payment_method_types", "cancel_url", "client_reference_id", "customer",
    "customer_creation", "customer_email", "locale", "metadata", "saved_payment_method_options", "submit_type",
    "success_url",
)  # fmt: skip


@route("POST", "checkout/sessions", "checkout.SessionCreateParams")
def create_session(memory, params):
    """Remember a page on which a customer pays or saves a card."""
    _check_session(memory, params)
    items = params.get("line_items", [])
    total = sum(item["price_data"]["unit_amount"] * item.get("quantity", 1) for item in items)
    currency = items[0]["price_data"]["currency"].lower() if items else params.get("currency")
    if items:
        check_amount(total, currency)
    session = _new_session(
        memory,
        params,
        amount_subtotal=total if items else None,
        amount_total=total if items else None,
        currency=currency,
        payment_status="unpaid" if items else "no_payment_required",
        _title=items[0]["price_data"].get("product_data", {}).get("name", "") if items else "",
    )
    if params["mode"] == "setup":
        data = {**params.get("setup_intent_data", {}), "customer": params.get("customer")}
        session["setup_intent"] = new_setup(memory, data)["id"]
    return session


def _new_session(memory, params, **values):
    ref = f"cs_test_{make_token(58)}"
    return memory.create(
        Session,
        "cs",
        id=ref,
        automatic_tax=make(Session.AutomaticTax, enabled=False),
        custom_fields=[],
        custom_text=make(Session.CustomText),
        expires_at=params.get("expires_at", int(time.time()) + LONGEST),
        mode=params["mode"],
        payment_method_types=["card"],
        shipping_options=[],
        status="open",
        ui_mode="hosted_page",
        url=f"{memory.address}/c/pay/{ref}#fid{make_token(40)}",
        _intent=params.get("payment_intent_data", {}),
        **{name: params[name] for name in COPIED if name in params},
        **values,
    )


def _check_session(memory, params):
    """Refuse what does not go together in a session."""
    for name in ("mode", "success_url"):
        if not params.get(name):
            raise RefusalError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    if params["mode"] == "subscription":
        raise RefusalError("The double knows the modes payment and setup.", param="mode")
    wrong = {"payment": ("setup_intent_data",), "setup": ("line_items", "payment_intent_data")}[params["mode"]]
    for name in wrong:
        if name in params:
            raise RefusalError(f"You can not pass `{name}` in `{params['mode']}` mode.", param=name)
    if params.get("customer"):
        check_customer(memory, params["customer"])
    elif params.get("saved_payment_method_options", {}).get("payment_method_save"):
        raise RefusalError("`saved_payment_method_options` needs a `customer`.", param="saved_payment_method_options")
    if params.get("customer") and params.get("customer_email"):
        raise RefusalError("You may only specify one of these parameters: customer, customer_email.", param="customer")
    if not SHORTEST <= params.get("expires_at", time.time() + LONGEST) - time.time() + 1 <= LONGEST + 2:
        raise RefusalError(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.", param="expires_at"
        )
    _check_lines(params)


def _check_lines(params):
    if params["mode"] == "setup":
        if not params.get("currency") and not params.get("allowed_payment_method_types"):
            raise RefusalError("Missing required param: currency.", code="parameter_missing", param="currency")
        return
    if not params.get("line_items"):
        raise RefusalError("Missing required param: line_items.", code="parameter_missing", param="line_items")
    for number, item in enumerate(params["line_items"]):
        price = item.get("price_data", {})
        if "unit_amount" not in price or not (price.get("product_data") or price.get("product")):
            raise RefusalError(
                "The double wants `price_data` with an amount.", param=f"line_items[{number}][price_data]"
            )
    if len({item["price_data"]["currency"].lower() for item in params["line_items"]}) > 1:
        raise RefusalError("All line items must have the same currency.", param="line_items")


@route("GET", "checkout/sessions/{}", "checkout.SessionRetrieveParams")
def retrieve_session(memory, _params, ref):
    """Answer with a session."""
    return get_session(memory, ref)


@route("GET", "checkout/sessions", "checkout.SessionListParams")
def list_sessions(memory, params):
    """List sessions, newest first."""
    filters = {name: params[name] for name in ("customer", "payment_intent", "status") if name in params}
    return memory.list(memory.find(Session, **filters), params)


@route("POST", "checkout/sessions/{}/expire", "checkout.SessionExpireParams")
def expire_session(memory, _params, ref):
    """Close a page on which nothing was paid."""
    session = get_session(memory, ref)
    if session["status"] != "open":
        raise RefusalError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"`{session['status']}`."
        )
    close_session(memory, session)
    return session


def get_session(memory, ref):
    """Return a session, closed if its time is over.

    :rtype: dict
    """
    session = memory.get(Session, ref)
    if session["status"] == "open" and session["expires_at"] <= time.time():
        close_session(memory, session)
    return session


def close_session(memory, session):
    """Let a session expire; what waits for the customer's bank is given up."""
    session.update(status="expired", url=None)
    intent = memory.objects.get(session["payment_intent"])
    if intent and intent["status"] != "succeeded":
        intent.update(canceled_at=int(time.time()), next_action=None, status="canceled")
        memory.emit("payment_intent.canceled", intent)
    memory.emit("checkout.session.expired", session)


# === THE CUSTOMER === #


def use_card(memory, session, number, *, is_saved=False):
    """Pay with a card, or save it, as the customer does on the page.

    :param dict session: The session, which is open.
    :param str number: Of a test card.
    :param bool is_saved: Whether the customer ticked the box.
    :return: Whether it is done; if not, the customer's bank asks for the customer.
    :rtype: bool
    :raise RefusalError: If the bank refuses; the customer may try again.
    """
    method = create_card(memory, get_card(number))
    method["billing_details"]["email"] = session["customer_email"] or "customer@example.com"
    session.update(_method=method["id"], _is_saved=is_saved)
    return _advance(memory, session, is_authenticated=False)


def authenticate(memory, session, *, is_successful):
    """Answer the customer's bank.

    :return: True.
    :raise RefusalError: If the customer failed, or the bank refuses then.
    """
    if is_successful:
        return _advance(memory, session, is_authenticated=True)
    refusal = refuse_card(NOT_AUTHENTICATED, "payment_intent_authentication_failure", "")
    if session["mode"] == "payment":
        intent, method = memory.objects[session["payment_intent"]], memory.objects[session["_method"]]
        raise refuse_intent(memory, intent, method, refusal)
    memory.objects[session["setup_intent"]].update(status="requires_payment_method", payment_method=None)
    raise refusal


def _advance(memory, session, *, is_authenticated):
    method = memory.objects[session["_method"]]
    if session["mode"] == "setup":
        setup = memory.objects[session["setup_intent"]]
        is_done = save_for_setup(memory, setup, method, is_authenticated=is_authenticated)
    else:
        is_done = _pay(memory, session, method, is_authenticated=is_authenticated)
    if is_done:
        _complete(memory, session, method)
    return is_done


def _pay(memory, session, method, *, is_authenticated):
    """Charge the card; the payment intent is made at the first attempt, as Stripe does it."""
    if not session["payment_intent"]:
        data = {key: value for key, value in session["_intent"].items() if value}
        data.update(amount=session["amount_total"], currency=session["currency"], customer=session["customer"])
        session["payment_intent"] = new_intent(memory, data)["id"]
    intent = memory.objects[session["payment_intent"]]
    is_done = charge_intent(memory, intent, method, is_authenticated=is_authenticated)
    if not is_done:
        intent["status"] = "requires_action"
        memory.emit("payment_intent.requires_action", intent)
    elif session["_is_saved"] and session["customer"]:
        save_card(memory, method, session["customer"])
        method["allow_redisplay"] = "always"
    return is_done


def _complete(memory, session, method):
    details = make(Session.CustomerDetails, email=method["billing_details"]["email"], tax_exempt="none", tax_ids=[])
    session.update(customer_details=details, status="complete", url=None)
    if session["mode"] == "payment":
        session["payment_status"] = "paid"
    memory.emit("checkout.session.completed", session)
