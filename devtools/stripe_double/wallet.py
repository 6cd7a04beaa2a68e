"""Cards: what the bank of each would do, and whose they are."""

import hashlib

import stripe

from .cards import BY_NUMBER, BY_TOKEN
from .errors import RefusalError, refuse_missing
from .shapes import make

EXPIRY = {"exp_month": 12, "exp_year": 2034}


def create_card(memory, card):
    """Remember a new payment method for a test card.

    :param TestCard card: What it does.
    :rtype: dict
    """
    details = make(
        stripe.PaymentMethod.Card,
        brand=card.brand,
        country="US",
        display_brand=card.brand,
        fingerprint=hashlib.sha256(card.number.encode()).hexdigest()[:16],
        funding="credit",
        last4=card.number[-4:],
        **EXPIRY,
    )
    return memory.create(
        stripe.PaymentMethod,
        "pm",
        allow_redisplay="unspecified",
        billing_details=make(stripe.PaymentMethod.BillingDetails),
        card=details,
        type="card",
        _number=card.number,
    )


def check_customer(memory, ref):
    """Refuse a customer that there is not, or not any more.

    :raise RefusalError: As Stripe does where a customer is a parameter.
    """
    customer = memory.objects.get(ref)
    if not customer or customer["object"] != "customer" or customer.get("_is_deleted"):
        raise refuse_missing("customer", ref, "customer")


def get_method(memory, ref):
    """Return a payment method; the name of a test card stands for a new one.

    :rtype: dict
    """
    if ref in BY_TOKEN:
        return create_card(memory, BY_TOKEN[ref])
    return memory.get(stripe.PaymentMethod, ref)


def get_test_card(method):
    """Return what the card of a payment method does.

    :rtype: TestCard
    """
    return BY_NUMBER[method["_number"]]


def save_card(memory, method, customer):
    """Save a card with a customer, unless the bank refuses that.

    :raise RefusalError: If the bank refuses.
    """
    card = get_test_card(method)
    if card.code and card.is_refused_when_saved:
        raise card.get_refusal()
    if method["customer"] not in (None, customer):
        raise RefusalError("The payment method you provided has already been attached to a customer.")
    if not method["customer"]:
        method["customer"] = customer
        memory.emit("payment_method.attached", method)
