"""Setup intents: a card is saved and nothing is charged."""

import stripe

from ..charging import check_usable, needs_customer
from ..errors import RefusalError
from ..memory import make_token
from ..routes import route
from ..shapes import make
from ..wallet import get_method, get_test_card, save_card

COPIED = ("customer", "description", "metadata")


def new_setup(memory, params):
    """Remember a new setup intent that waits for a card.

    :rtype: dict
    """
    ref = f"seti_{make_token(24)}"
    setup = memory.create(
        stripe.SetupIntent,
        "seti",
        id=ref,
        client_secret=f"{ref}_secret_{make_token(25)}",
        payment_method_types=["card"],
        status="requires_payment_method",
        usage=params.get("usage", "off_session"),
        **{name: params[name] for name in COPIED if name in params},
    )
    memory.emit("setup_intent.created", setup)
    return setup


def save_for_setup(memory, setup, method, *, is_authenticated=False):
    """Save a card for a setup intent, which succeeds, or asks for the customer.

    :return: Whether it succeeded.
    :rtype: bool
    :raise RefusalError: If the bank refuses; that is noted on the intent.
    """
    check_usable(setup, method)
    setup["payment_method"] = method["id"]
    if needs_customer(method, is_off_session=False) and not is_authenticated:
        return False
    try:
        save_card(memory, method, setup["customer"])
    except RefusalError as refusal:
        setup.update(
            last_setup_error=make(stripe.SetupIntent.LastSetupError, **refusal.error),
            payment_method=None,
            status="requires_payment_method",
        )
        memory.emit("setup_intent.setup_failed", setup)
        raise
    method["_is_authenticated"] = is_authenticated or get_test_card(method).asks == ""
    setup.update(last_setup_error=None, next_action=None, status="succeeded")
    memory.emit("setup_intent.succeeded", setup)
    return True


@route("POST", "setup_intents", "SetupIntentCreateParams")
def create_setup(memory, params):
    """Create a setup intent, and save the card at once if that is asked for."""
    setup = new_setup(memory, params)
    if params.get("payment_method"):
        setup.update(payment_method=get_method(memory, params["payment_method"])["id"], status="requires_confirmation")
    if params.get("confirm"):
        _confirm(memory, setup, params)
    return setup


@route("POST", "setup_intents/{}/confirm", "SetupIntentConfirmParams")
def confirm_setup(memory, params, ref):
    """Save the card of a setup intent that waits."""
    setup = memory.get(stripe.SetupIntent, ref)
    if params.get("payment_method"):
        setup["payment_method"] = get_method(memory, params["payment_method"])["id"]
    _confirm(memory, setup, params)
    return setup


def _confirm(memory, setup, params):
    method = memory.get(stripe.PaymentMethod, setup["payment_method"])
    if not save_for_setup(memory, setup, method):
        redirect = {"return_url": params.get("return_url"), "url": f"{memory.address}/c/authenticate/{setup['id']}"}
        action = make(stripe.SetupIntent.NextAction, type="redirect_to_url", redirect_to_url=redirect)
        setup.update(next_action=action, status="requires_action")
        memory.emit("setup_intent.requires_action", setup)


@route("GET", "setup_intents/{}", "SetupIntentRetrieveParams")
def retrieve_setup(memory, _params, ref):
    """Answer with a setup intent."""
    return memory.get(stripe.SetupIntent, ref)


@route("POST", "setup_intents/{}/cancel", "SetupIntentCancelParams")
def cancel_setup(memory, params, ref):
    """Give up a setup intent."""
    setup = memory.get(stripe.SetupIntent, ref)
    if setup["status"] in ("succeeded", "canceled"):
        raise RefusalError(f"You cannot cancel this SetupIntent because it has a status of {setup['status']}.")
    setup.update(cancellation_reason=params.get("cancellation_reason"), status="canceled")
    memory.emit("setup_intent.canceled", setup)
    return setup
