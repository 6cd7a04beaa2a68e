"""What the pages that are measured show. It stays, because a server shows it."""

from ..invoice_copies import copy_invoice
from .tasks import prepare_invoices


def prepare_core_page(env):
    """Return the path of core's page of an invoice, for whoever has its link.

    :rtype: dict
    """
    invoice = _post_invoice(env)
    path = invoice.get_portal_url()
    env.cr.commit()
    return {"path": path}


def prepare_pay_page(env):
    """Return the path of our page of an invoice of `prepare_core_page`, which can be paid online.

    :rtype: dict
    """
    _connect(env)
    path = _post_invoice(env)._get_pay_path()
    env.cr.commit()
    return {"path": path}


def prepare_accounts(env, counts):
    """Have customers with so many open invoices each.

    :param list[int] counts: How many, one number a customer.
    :return: The keys with which their devices open the account area.
    :rtype: dict
    """
    _connect(env)
    emails = [f"account-{number}@example.com" for number in range(len(counts))]
    customers = env["res.partner"].create([{"name": email, "email": email, "customer_rank": 1} for email in emails])
    invoices = [_post_invoice(env, partner_id=customer.id) for customer in customers]
    for invoice, count in zip(invoices, counts, strict=True):
        copy_invoice(env, invoice, count - 1)
    keys = [env["service.portal.device"]._remember(email) for email in emails]
    env.cr.commit()
    return {"keys": keys}


def _connect(env):
    """Have the company take money online. Nothing is asked of Stripe until somebody pays."""
    env.company.billing_collection = "online"
    provider = env.ref("service_billing.payment_provider_stripe")
    provider.write({"state": "test", "billing_stripe_key": "sk_test_double"})
    provider.billing_stripe_webhook_secret = "whsec_double"


def _post_invoice(env, **values):
    invoice = env["account.move"].create([{**prepare_invoices(env, 1)[0], **values}])
    invoice._post()
    return invoice
