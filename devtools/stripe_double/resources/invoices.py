"""Invoices of Stripe Invoicing, their payments, and the records of payments that Stripe did not see."""

import time

import stripe

from ..amounts import KNOWN
from ..errors import RefusalError
from ..invoicing import get_amount_due, open_invoice, settle_elsewhere, void_invoice
from ..routes import route
from ..shapes import make
from ..wallet import check_customer
from .payment_intents import new_intent

COPIED = ("description", "due_date", "footer", "metadata", "number")
ZEROS = (
    "amount_due", "amount_overpaid", "amount_paid", "amount_remaining", "amount_shipping", "attempt_count",
    "post_payment_credit_notes_amount", "pre_payment_credit_notes_amount", "starting_balance", "subtotal", "total",
)  # fmt: skip


@route("POST", "invoices", "InvoiceCreateParams")
def create_invoice(memory, params):
    """Remember a draft without lines."""
    check_customer(memory, params.get("customer"))
    _check_invoice(params)
    customer = memory.objects[params["customer"]]
    invoice = memory.create(
        stripe.Invoice,
        "in",
        attempted=False,
        auto_advance=params.get("auto_advance", False),
        automatic_tax=make(stripe.Invoice.AutomaticTax, enabled=False),
        billing_reason="manual",
        collection_method=params["collection_method"],
        currency=params["currency"].lower(),
        customer=customer["id"],
        customer_email=customer["email"],
        customer_name=customer["name"],
        default_tax_rates=[],
        discounts=[],
        issuer=make(stripe.Invoice.Issuer, type="self"),
        lines={"object": "list", "data": [], "has_more": False, "url": ""},
        payment_settings=make(stripe.Invoice.PaymentSettings),
        period_end=int(time.time()),
        period_start=int(time.time()),
        status="draft",
        status_transitions=make(stripe.Invoice.StatusTransitions),
        **dict.fromkeys(ZEROS, 0),
        **{name: params[name] for name in COPIED if name in params},
    )
    memory.emit("invoice.created", invoice)
    return invoice


def _check_invoice(params):
    if params.get("currency", "").lower() not in KNOWN.split():
        raise RefusalError(f"Invalid currency: {params.get('currency')}.", param="currency")
    if params.get("collection_method") != "send_invoice":
        raise RefusalError("The double charges no invoice by itself.", param="collection_method")
    if not (params.get("due_date") or params.get("days_until_due")):
        raise RefusalError("If you want to send the invoice, specify `due_date` or `days_until_due`.", param="due_date")
    if params.get("due_date") and params["due_date"] < time.time():
        raise RefusalError("The due date must be in the future.", param="due_date")


@route("GET", "invoices", "InvoiceListParams")
def list_invoices(memory, params):
    """List invoices, newest first."""
    filters = {name: params[name] for name in ("customer", "status") if name in params}
    return memory.list(memory.find(stripe.Invoice, **filters), params)


@route("GET", "invoices/{}", "InvoiceRetrieveParams")
def retrieve_invoice(memory, _params, ref):
    """Answer with an invoice."""
    return memory.get(stripe.Invoice, ref)


@route("DELETE", "invoices/{}", "InvoiceDeleteParams")
def delete_invoice(memory, _params, ref):
    """Forget a draft."""
    _get(memory, ref, "draft")
    del memory.objects[ref]
    return {"id": ref, "object": "invoice", "deleted": True}


@route("POST", "invoices/{}/add_lines", "InvoiceAddLinesParams")
def add_lines(memory, params, ref):
    """Add lines to a draft."""
    invoice = _get(memory, ref, "draft")
    for line in params["lines"]:
        if "amount" not in line:
            raise RefusalError("The double wants lines with an amount.", param="lines")
        invoice["lines"]["data"].append(_create_line(memory, invoice, line))
    total = sum(line["amount"] for line in invoice["lines"]["data"])
    due = get_amount_due(total, invoice["currency"])
    invoice.update(amount_due=due, amount_remaining=due, subtotal=total, total=total)
    memory.emit("invoice.updated", invoice)
    return invoice


def _create_line(memory, invoice, line):
    moment = int(time.time())
    return memory.create(
        stripe.InvoiceLineItem,
        "il",
        amount=line["amount"],
        currency=invoice["currency"],
        description=line.get("description"),
        discountable=False,
        discounts=[],
        invoice=invoice["id"],
        period={"start": moment, "end": moment},
        quantity=1,
        subtotal=line["amount"],
    )


@route("POST", "invoices/{}/finalize", "InvoiceFinalizeInvoiceParams")
def finalize_invoice(memory, params, ref):
    """Have a draft ask for its money."""
    invoice = _get(memory, ref, "draft")
    if not invoice["amount_due"]:
        raise RefusalError("The double finalizes no invoice on which nothing is due.")
    invoice["auto_advance"] = params.get("auto_advance", invoice["auto_advance"])
    intent = {name: invoice[name] for name in ("currency", "customer")}
    open_invoice(memory, invoice, new_intent(memory, {**intent, "amount": invoice["amount_due"]}))
    return invoice


@route("POST", "invoices/{}/pay", "InvoicePayParams")
def pay_invoice(memory, params, ref):
    """Take it that an invoice was paid elsewhere."""
    if not params.get("paid_out_of_band"):
        raise RefusalError("The double pays invoices out of band only.", param="paid_out_of_band")
    invoice = _get(memory, ref, "open")
    settle_elsewhere(memory, invoice, invoice["amount_remaining"])
    return invoice


@route("POST", "invoices/{}/void", "InvoiceVoidInvoiceParams")
def void(memory, _params, ref):
    """Take an invoice back, unless something was paid of it."""
    invoice = _get(memory, ref, "open")
    if invoice["amount_paid"]:
        raise RefusalError("You can't void an invoice that has payments.")
    void_invoice(memory, invoice)
    return invoice


@route("POST", "invoices/{}/attach_payment", "InvoiceAttachPaymentParams")
def attach_payment(memory, params, ref):
    """Count a payment that Stripe did not see."""
    invoice = _get(memory, ref, "open")
    record = memory.get(stripe.PaymentRecord, params.get("payment_record"))
    amount = record["amount_guaranteed"]["value"]
    if amount > invoice["amount_remaining"]:
        raise RefusalError("The payment is more than what remains of the invoice.", param="payment_record")
    settle_elsewhere(memory, invoice, amount, record)
    return invoice


def _get(memory, ref, status):
    """Return an invoice of a status."""
    invoice = memory.get(stripe.Invoice, ref)
    if invoice["status"] != status:
        raise RefusalError(
            f"This invoice is {invoice['status']}, and has to be {status} for that.", code="invoice_not_editable"
        )
    return invoice


# === PAYMENTS === #


@route("GET", "invoice_payments", "InvoicePaymentListParams")
def list_payments(memory, params):
    """List the payments of an invoice, or the one of a payment intent."""
    filters = {name: params[name] for name in ("invoice", "status") if name in params}
    wanted = params.get("payment", {}).get("payment_intent")
    found = memory.find(stripe.InvoicePayment, **filters)
    return memory.list([one for one in found if wanted in (None, one["payment"].get("payment_intent"))], params)


@route("POST", "payment_records/report_payment", "PaymentRecordReportPaymentParams")
def report_payment(memory, params):
    """Remember a payment that Stripe did not see."""
    if params.get("outcome") != "guaranteed" or "guaranteed" not in params:
        raise RefusalError("The double takes payments that are guaranteed.", param="outcome")
    asked = params["amount_requested"]
    nothing = {"currency": asked["currency"], "value": 0}
    names = ("authorized", "canceled", "failed", "refunded")
    return memory.create(
        stripe.PaymentRecord,
        "pr",
        amount=dict(asked),
        amount_guaranteed=dict(asked),
        amount_requested=dict(asked),
        description=params.get("description"),
        metadata=params.get("metadata") or {},
        processor_details=make(stripe.PaymentRecord.ProcessorDetails, type="custom"),
        reported_by="self",
        **{f"amount_{name}": dict(nothing) for name in names},
    )
