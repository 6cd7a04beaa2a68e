"""Stripe, the customer's browser and the sweep all come at the same moment: one charge, one payment, books equal."""

import contextlib
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle, islice

from ..run import say
from ..server import HOST, get_free_port
from ..stripe_double.deliveries import post_event
from .odoo_shell import run_script

CARD = "4242424242424242"
AT_ONCE, RETURNS, VISITS, SWEEPS = 26, 6, 2, 1
SECONDS_TO_ANSWER, TRIES = 180, 15
# What the log of a server must not have in it.
BAD = (" ERROR ", " CRITICAL ", "Traceback")

PREPARE = """
env = env(user=env.ref("service_billing.demo_user_office"))
customer = env["res.partner"].create({"name": "In a Rush", "ref": "rush", "email": "rush@example.com"})
line = {"name": "Repair", "price_unit": 100, "tax_ids": [(5,)]}
invoice = env["account.move"].create(
    {"move_type": "out_invoice", "partner_id": customer.id, "invoice_line_ids": [(0, 0, line)]}
)
invoice.action_billing_finalize()
invoice._start_checkout(100)
env.cr.commit()
"""
SWEEP = """
env["payment.provider"]._cron_sweep()
env.cr.commit()
"""
RUSHED = "account_move move JOIN res_partner customer ON customer.id = move.partner_id AND customer.ref = 'rush'"
PAYER = "SELECT id FROM res_partner WHERE ref = 'rush'"
PAGE = f"SELECT billing_checkout_url, landing_route FROM payment_transaction WHERE partner_id IN ({PAYER})"
SECRET = (
    "SELECT id, billing_stripe_webhook_secret FROM payment_provider WHERE billing_stripe_webhook_secret IS NOT NULL"
)
# One once nothing of what Stripe told waits any more.
IDLE = """
    SELECT (NOT EXISTS (SELECT FROM service_stripe_event WHERE state = 'new')
        AND NOT EXISTS (SELECT FROM queue_job
                         WHERE method_name IN ('_job_apply', '_job_sweep')
                           AND state IN ('pending', 'enqueued', 'started')))::int
"""
PAID = f"SELECT count(*) FROM {RUSHED} WHERE move.move_type = 'out_invoice' AND move.amount_residual = 0"
PAYMENTS = f"SELECT count(*), sum(amount)::int FROM account_payment WHERE partner_id IN ({PAYER})"
TWICE = "SELECT count(*) - count(DISTINCT (provider_id, event_ref)) FROM service_stripe_event"
LEFT = "SELECT count(*) FROM service_stripe_event WHERE state NOT IN ('done', 'ignored')"


def play(site, double):
    """Have a customer pay, and everybody who may tell of it tell of it at once, to a server of several processes.

    :param Site site: Where it is played, not served at the moment.
    :param DoubleClient double: Stripe.
    :raise AssertionError: With what does not hold.
    """
    machine, database = site.machine, site.database
    known = len(double.find("charge"))
    (left,) = site.query(LEFT)
    double.delivery(is_on=False)
    run_script(machine, database, PREPARE, env=site.env)
    page, landing = machine.postgres.query(PAGE, database=database).split("|")
    provider, secret = machine.postgres.query(SECRET, database=database).split("|")
    before = {event["id"] for event in double.events()}
    target = double.pay(page, CARD)
    told = [event for event in double.events() if event["id"] not in before]
    address = f"http://{HOST}:{site.port}"
    webhook = f"{address}/payment/stripe_checkout/webhook/{provider}"
    copies = islice(cycle(told), AT_ONCE - RETURNS - VISITS - SWEEPS)
    works = [
        *[partial(_tell, webhook, secret, event) for event in copies],
        *[partial(_open, target)] * RETURNS,
        *[partial(_open, address + landing)] * VISITS,
        *[partial(run_script, machine, database, SWEEP, env=site.env)] * SWEEPS,
    ]
    began = site.log.stat().st_size
    with site.serve("--workers=4", f"--gevent-port={get_free_port()}"):
        answers = _do_at_once(works)
        site.wait_for(PAID, 1)
        site.wait_for(IDLE, 1)
    say(f"Online: {len(answers)} requests at once told of one payment, events of {len(told)} kinds among them.")
    assert len(double.find("charge")) == known + 1, "the customer was charged twice, or not"
    site.check(PAYMENTS, 1, 100, failure="the payment is missing or twice in the books")
    site.check(TWICE, 0, failure="an event is kept twice")
    site.check(LEFT, left, failure="an event is not applied")
    _check_log(site.log, began)


def _do_at_once(works):
    """Do all of it at the same moment, and return what came of each.

    :rtype: list
    """
    barrier = threading.Barrier(len(works))

    def work(number):
        barrier.wait()
        return works[number]()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(work, range(len(works))))


def _tell(webhook, secret, event):
    """Post an event as Stripe does: again, if nobody answers in time."""
    for _try in range(TRIES):
        with contextlib.suppress(OSError):
            return post_event(webhook, secret, event)
    raise AssertionError("the server does not take an event")


def _open(address):
    with urllib.request.urlopen(address, timeout=SECONDS_TO_ANSWER) as answer:
        return answer.status


def _check_log(log, began):
    """Make sure that the server had nothing to complain about.

    :param Path log: Where it wrote.
    :param int began: Where its part begins.
    :raise AssertionError: With the first of what it complained about.
    """
    with log.open(encoding="utf-8", errors="replace") as lines:
        lines.seek(began)
        bad = [line.strip() for line in lines if any(word in line for word in BAD)]
    assert not bad, f"the log has {len(bad)} errors in it, such as: {bad[0]}"
