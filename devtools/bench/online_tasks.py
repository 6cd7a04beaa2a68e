"""What is measured of payments online: the double runs in a thread of the worker."""

import os
import time

from ..stripe_double.thread import get_double
from .tasks import measured, prepare_invoices

CARD = "4242424242424242"
SECONDS_TO_REST = 1.1


def core_payments(env, count):
    """Pay invoices the way core does after an online payment: create the payment, post it, reconcile it."""
    invoices, result = _post_invoices(env, count), {}
    _end_transaction(env)
    with measured(env, result):
        for invoice in invoices:
            payment = env["account.payment"].create(_prepare_payment(invoice))
            payment.action_post()
            lines = (payment.move_id.line_ids | invoice.line_ids).filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
            lines.reconcile()
            _end_transaction(env)
    return result


def webhook_payments(env, count):
    """Receive an event for each of the invoices of `core_payments` and apply it, until the invoice is paid."""
    provider, events = _pay_invoices(env, count)
    result = {}
    _end_transaction(env)
    # The gateway keeps a pace: what the preparation asked for must not slow the measured part down.
    time.sleep(SECONDS_TO_REST)
    with measured(env, result):
        for event in events:
            env["service.stripe.event"]._receive(provider, event)._job_apply()
            _end_transaction(env)
    return {**result, "paid": _count_payments(env)}


def drain_inbox(env, count, payments):
    """Receive so many events about few payments, then apply them all.

    :return: Also how many of them were applied, and how many payments came of it.
    """
    provider, events = _pay_invoices(env, payments)
    inbox, result = env["service.stripe.event"], {}
    copies = [{**events[number % payments], "id": f"evt_{number}"} for number in range(count)]
    with measured(env, result):
        received = [inbox._receive(provider, event) for event in copies]
        for event in received:
            event._job_apply()
    done = inbox.search_count([("event_ref", "=like", "evt_%"), ("state", "=", "done")])
    return {**result, "done": done, "paid": _count_payments(env)}


def _end_transaction(env):
    """Do what a commit does first: write all, and post what is tracked. Each payment has a transaction of its own, and
    that one begins with an empty cache."""
    env.cr.flush()
    env.invalidate_all()


def _pay_invoices(env, count):
    """Have customers pay invoices on the hosted page, and return what Stripe tells of it.

    :return: The provider, and an event for each payment.
    :rtype: tuple
    """
    double = get_double()
    double.reset()
    os.environ["STRIPE_API_BASE"] = double.address
    env.company.billing_collection = "online"
    provider = env.ref("service_billing.payment_provider_stripe")
    provider.write({"state": "test", "billing_stripe_key": "sk_test_double"})
    provider.billing_stripe_webhook_secret = "whsec_double"
    for invoice in _post_invoices(env, count):
        double.pay(invoice._start_checkout(invoice.amount_residual), CARD)
    events = [event for event in double.events() if event["type"] == "payment_intent.succeeded"]
    return provider, events


def _post_invoices(env, count):
    invoices = env["account.move"].create(prepare_invoices(env, count))
    invoices._post()
    return invoices


def _prepare_payment(invoice):
    return {
        "payment_type": "inbound",
        "partner_type": "customer",
        "partner_id": invoice.commercial_partner_id.id,
        "amount": invoice.amount_residual,
        "currency_id": invoice.currency_id.id,
        "memo": invoice.name,
    }


def _count_payments(env):
    """Return how many of the payments are in the books."""
    return env["payment.transaction"].search_count([("state", "=", "done"), ("payment_id", "!=", False)])
