"""Customers."""

import stripe

from ..routes import route
from ..shapes import make


@route("POST", "customers", "CustomerCreateParams")
def create_customer(memory, params):
    """Remember a customer."""
    known = {name: value for name, value in params.items() if name in stripe.Customer.__annotations__}
    settings = make(stripe.Customer.InvoiceSettings, **known.pop("invoice_settings", {}))
    customer = memory.create(stripe.Customer, "cus", **{"balance": 0, **known}, invoice_settings=settings)
    memory.emit("customer.created", customer)
    return customer


@route("GET", "customers", "CustomerListParams")
def list_customers(memory, params):
    """List customers, newest first."""
    filters = {"email": params["email"]} if "email" in params else {}
    return memory.list(memory.find(stripe.Customer, **filters), params)


@route("GET", "customers/{}", "CustomerRetrieveParams")
def retrieve_customer(memory, _params, ref):
    """Answer with a customer, or with what is left of a deleted one."""
    customer = memory.get(stripe.Customer, ref)
    return {"id": ref, "object": "customer", "deleted": True} if customer.get("_is_deleted") else customer


@route("POST", "customers/{}", "CustomerUpdateParams")
def update_customer(memory, params, ref):
    """Change a customer; metadata is merged."""
    customer = memory.get(stripe.Customer, ref)
    customer["metadata"].update(params.pop("metadata", None) or {})
    customer["invoice_settings"].update(params.pop("invoice_settings", {}))
    customer.update({name: value for name, value in params.items() if name in customer})
    memory.emit("customer.updated", customer)
    return customer


@route("DELETE", "customers/{}", "CustomerDeleteParams")
def delete_customer(memory, _params, ref):
    """Delete a customer, and take its cards off."""
    customer = memory.get(stripe.Customer, ref)
    customer["_is_deleted"] = True
    for method in memory.find(stripe.PaymentMethod, customer=ref):
        method["customer"] = None
    memory.emit("customer.deleted", customer)
    return {"id": ref, "object": "customer", "deleted": True}
