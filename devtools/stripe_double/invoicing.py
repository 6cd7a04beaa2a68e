"""Invoices of Stripe Invoicing: what each asks for, and what was paid of it."""

import time

import stripe

from .amounts import MINIMUM, USUAL_MINIMUM
from .memory import make_token
from .shapes import make


def get_amount_due(total, currency):
    """Return what an invoice asks for: what is too small to be charged is carried to the customer's next one.

    :param int total: In the smallest unit.
    :rtype: int
    """
    return total if total >= MINIMUM.get(currency, USUAL_MINIMUM) else 0


def open_invoice(memory, invoice, intent):
    """Have an invoice ask for its money.

    :param dict invoice: The draft.
    :param dict intent: The payment intent that pays all of it.
    """
    token = make_token(32)
    url = f"{memory.address}/c/invoice/{invoice['id']}/{token}"
    invoice.update(effective_at=int(time.time()), hosted_invoice_url=url, invoice_pdf=f"{url}/pdf", status="open")
    invoice["status_transitions"]["finalized_at"] = int(time.time())
    intent["_invoice"] = invoice["id"]
    _create_payment(memory, invoice, {"type": "payment_intent", "payment_intent": intent["id"]}, is_default=True)
    memory.emit("invoice.finalized", invoice)


def settle_invoice(memory, intent):
    """Note on the invoice of a payment intent that it was paid."""
    invoice = memory.objects.get(intent.get("_invoice"))
    if invoice:
        _finish_payment(find_default(memory, invoice), "paid", intent["amount_received"])
        _add_paid(memory, invoice, intent["amount_received"])


def settle_elsewhere(memory, invoice, amount, record=None):
    """Note that money was paid for an invoice that Stripe did not see.

    :param dict invoice: The open invoice.
    :param int amount: In the smallest unit.
    :param dict record: The payment record that tells of it, if any.
    """
    if record:
        payment = {"type": "payment_record", "payment_record": record["id"]}
        _finish_payment(_create_payment(memory, invoice, payment, amount=amount), "paid", amount)
    invoice["amount_paid_off_stripe"] = (invoice["amount_paid_off_stripe"] or 0) + amount
    _add_paid(memory, invoice, amount)


def void_invoice(memory, invoice):
    """Have an invoice ask for nothing any more."""
    _close_default(memory, invoice)
    invoice.update(amount_remaining=0, status="void")
    invoice["status_transitions"]["voided_at"] = int(time.time())
    memory.emit("invoice.voided", invoice)


def find_default(memory, invoice):
    """Return the payment by which the whole invoice can be paid.

    :rtype: dict
    """
    return memory.find(stripe.InvoicePayment, invoice=invoice["id"], is_default=True)[0]


def _add_paid(memory, invoice, amount):
    """Count what was paid, and close the invoice when that is all."""
    invoice["amount_paid"] += amount
    invoice["amount_remaining"] = max(invoice["amount_due"] - invoice["amount_paid"], 0)
    invoice["amount_overpaid"] = max(invoice["amount_paid"] - invoice["amount_due"], 0)
    default = find_default(memory, invoice)
    if invoice["amount_remaining"]:
        default["amount_requested"] = invoice["amount_remaining"]
        memory.objects[default["payment"]["payment_intent"]]["amount"] = invoice["amount_remaining"]
        memory.emit("invoice.updated", invoice)
        return
    if default["status"] == "open":
        _close_default(memory, invoice)
    invoice.update(attempted=True, status="paid")
    invoice["status_transitions"]["paid_at"] = int(time.time())
    memory.emit("invoice.paid", invoice)


def _close_default(memory, invoice):
    default = find_default(memory, invoice)
    _finish_payment(default, "canceled", None)
    intent = memory.objects[default["payment"]["payment_intent"]]
    intent.update(canceled_at=int(time.time()), next_action=None, status="canceled")
    memory.emit("payment_intent.canceled", intent)


def _create_payment(memory, invoice, payment, *, amount=None, is_default=False):
    return memory.create(
        stripe.InvoicePayment,
        "inpay",
        amount_requested=invoice["amount_remaining"] if amount is None else amount,
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=is_default,
        payment=make(stripe.InvoicePayment.Payment, **payment),
        status="open",
        status_transitions=make(stripe.InvoicePayment.StatusTransitions),
    )


def _finish_payment(payment, status, amount):
    payment.update(amount_paid=amount, status=status)
    payment["status_transitions"][f"{status}_at"] = int(time.time())
