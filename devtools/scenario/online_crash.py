"""The server is killed while customers pay; events come five times, in any order, and half of them never: each customer
is charged once, and each payment is in the books once.
"""

from concurrent.futures import ThreadPoolExecutor

from ..run import say
from ..server import get_free_port
from ..stripe_double.demo import demo_double
from . import online_rush
from .crash import Site
from .odoo_shell import run_script

CUSTOMERS = 12
CARD = "4242424242424242"
BAD_NETWORK = {"is_on": True, "copies": 5, "drop": 0.5, "shuffle": 3.0}

PREPARE = f"""
env = env(user=env.ref("service_billing.demo_user_office"))
customers = env["res.partner"].create(
    [{{"name": f"Payer {{number:02}}", "ref": "payer", "email": "payer@example.com"}} for number in range({CUSTOMERS})]
)
invoices = env["account.move"].create(
    [
        {{
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_line_ids": [(0, 0, {{"name": "Repair", "price_unit": 100 + number, "tax_ids": [(5,)]}})],
        }}
        for number, customer in enumerate(customers)
    ]
)
invoices.action_billing_finalize()
for invoice in invoices:
    invoice._start_checkout(invoice.amount_residual)
env.cr.commit()
"""
SWEEP = """
env["payment.provider"]._cron_sweep()
env.cr.commit()
"""
MOVES = "account_move move JOIN res_partner customer ON customer.id = move.partner_id AND customer.ref = 'payer'"
INVOICES = f"({MOVES} AND move.move_type = 'out_invoice')"
PAYERS = "SELECT id FROM res_partner WHERE ref = 'payer'"
URLS = f"SELECT billing_checkout_url FROM payment_transaction WHERE partner_id IN ({PAYERS})"
PAID = f"SELECT count(*) FROM {INVOICES} WHERE move.amount_residual = 0"
EVENTS = "SELECT count(*) FROM service_stripe_event"
PAYMENTS = f"""
    SELECT count(*), sum(payment.amount)::int, count(DISTINCT payment.payment_transaction_id)
      FROM account_payment payment WHERE payment.partner_id IN ({PAYERS})
"""


def play(machine, database):
    """Have many customers pay at once over a bad network, kill the server, sweep, and check what came out.

    :param Machine machine: A machine that is set up.
    :param str database: A demo database.
    :raise AssertionError: With what does not hold.
    """
    port = get_free_port()
    with demo_double(machine, database, port=port) as (double, env):
        site = Site(machine, database, port=port, env=env)
        run_script(machine, database, PREPARE, env=env)
        urls = machine.postgres.query(URLS, database=database).splitlines()
        double.delivery(**BAD_NETWORK)
        (known,) = site.query(EVENTS)
        with site.serve() as server, ThreadPoolExecutor(CUSTOMERS) as pool:
            paying = [pool.submit(double.pay, url, CARD) for url in urls]
            received = site.wait_for(EVENTS, known + CUSTOMERS) - known
            server.kill()
            server.wait()
            (paid,) = site.query(PAID)
            say(f"Online: killed after {received} events, when {paid} of {CUSTOMERS} invoices were paid.")
            assert all(paid.result() for paid in paying), "a customer could not pay while the server was down"
            site.wait_until_orphaned()
        with site.serve():
            run_script(machine, database, SWEEP, env=env)
            site.wait_for(PAID, CUSTOMERS)
            site.wait_for(online_rush.IDLE, 1)
        _check(site, double)
        online_rush.play(site, double)


def _check(site, double):
    total = sum(100 + number for number in range(CUSTOMERS))
    charges = [charge for charge in double.find("charge") if charge["status"] == "succeeded"]
    assert len(charges) == CUSTOMERS, f"{len(charges)} charges for {CUSTOMERS} customers"
    assert sum(charge["amount"] for charge in charges) == total * 100, "another amount was charged than was due"
    site.check(PAYMENTS, CUSTOMERS, total, CUSTOMERS, failure="a payment is missing or twice in the books")
    site.check(PAID, CUSTOMERS, failure="an invoice is not paid")
