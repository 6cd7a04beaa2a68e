"""Cards of customers."""

import stripe

from ..errors import RefusalError
from ..routes import route
from ..wallet import check_customer, get_method, save_card


@route("GET", "payment_methods/{}", "PaymentMethodRetrieveParams")
def retrieve_method(memory, _params, ref):
    """Answer with a card."""
    return memory.get(stripe.PaymentMethod, ref)


@route("POST", "payment_methods/{}", "PaymentMethodUpdateParams")
def update_method(memory, params, ref):
    """Change what may be changed of a card."""
    method = memory.get(stripe.PaymentMethod, ref)
    method["metadata"].update(params.pop("metadata", None) or {})
    method["card"].update(params.pop("card", {}))
    method.update({name: value for name, value in params.items() if name in method})
    memory.emit("payment_method.updated", method)
    return method


@route("GET", "payment_methods", "PaymentMethodListParams")
def list_methods(memory, params):
    """List the cards of a customer."""
    return memory.list(memory.find(stripe.PaymentMethod, customer=params.get("customer")), params)


@route("GET", "customers/{}/payment_methods", "CustomerPaymentMethodListParams")
def list_methods_of_customer(memory, params, customer):
    """List the cards of a customer."""
    return memory.list(memory.find(stripe.PaymentMethod, customer=customer), params)


@route("POST", "payment_methods/{}/attach", "PaymentMethodAttachParams")
def attach_method(memory, params, ref):
    """Save a card with a customer."""
    check_customer(memory, params.get("customer"))
    method = get_method(memory, ref)
    save_card(memory, method, params["customer"])
    return method


@route("POST", "payment_methods/{}/detach", "PaymentMethodDetachParams")
def detach_method(memory, _params, ref):
    """Take a card off its customer; it can never be used again."""
    method = memory.get(stripe.PaymentMethod, ref)
    if not method["customer"]:
        raise RefusalError("The payment method you provided is not attached to a customer so detachment is impossible.")
    method.update(customer=None, _is_gone=True)
    memory.emit("payment_method.detached", method)
    return method
