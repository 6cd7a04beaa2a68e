"""The server is killed in the middle of billing and in the middle of finalizing: nothing is lost, nothing is twice."""

import contextlib
import signal
import time

from ..run import say
from ..server import get_free_port, serving
from .odoo_shell import run_script

CUSTOMERS, CHARGES = 300, 2
SECONDS_BETWEEN_LOOKS, PATIENCE = 0.2, 300

BILL = f"""
env = env(user=env.ref("service_billing.demo_user_office"))
product = env["product.product"].search([("type", "=", "service"), ("sale_ok", "=", True)], limit=1)
customers = env["res.partner"].create(
    [{{"name": f"Crash {{number:03}}", "ref": "crash", "customer_rank": 1}} for number in range({CUSTOMERS})]
)
env["service.charge"].create(
    [
        {{"partner_id": customer.id, "product_id": product.id, "quantity": number, "price_unit": 50}}
        for customer in customers
        for number in range(1, {CHARGES} + 1)
    ]
)
run = env["service.billing.run"].create({{"partner_ids": customers.ids}})
run.action_preview()
run.action_run()
env.cr.commit()
"""
FINALIZE = """
env = env(user=env.ref("service_billing.demo_user_office"))
env["account.move"].search([("partner_id.ref", "=", "crash")])._finalize_in_background()
env.cr.commit()
"""

MOVES = "account_move move JOIN res_partner customer ON customer.id = move.partner_id AND customer.ref = 'crash'"
CHARGE_ROWS = "service_charge row JOIN res_partner customer ON customer.id = row.partner_id AND customer.ref = 'crash'"
RUN_ROWS = "service_billing_run_line row JOIN res_partner customer ON customer.id = row.partner_id AND ref = 'crash'"
FINALIZE_ROWS = f"service_finalize_line row JOIN ({MOVES}) ON move.id = row.move_id"
DRAFTS = f"SELECT count(*), count(DISTINCT move.partner_id) FROM {MOVES} WHERE move.state = 'draft'"
DRAFTED = f"SELECT count(DISTINCT row.invoice_line_id) FROM {CHARGE_ROWS} WHERE row.state = 'drafted'"
LINES = f"""
    SELECT count(*) FROM account_move_line line JOIN ({MOVES}) ON move.id = line.move_id
     WHERE line.display_type = 'product'
"""
NUMBERS = f"""
    SELECT count(*), count(DISTINCT move.sequence_number), max(move.sequence_number) - min(move.sequence_number) + 1,
           count(DISTINCT move.sequence_prefix)
      FROM {MOVES} WHERE move.state = 'posted'
"""


def play(machine, database):
    """Bill and finalize many customers, kill the server in the middle of both, and check what came out.

    :param Machine machine: A machine that is set up.
    :param str database: A demo database.
    :raise AssertionError: With what does not hold.
    """
    site = Site(machine, database)
    run_script(machine, database, BILL)
    with site.serve() as server:
        site.kill_after_a_third(server, RUN_ROWS)
    with site.serve() as server:
        site.wait_until_done(RUN_ROWS)
        site.check(DRAFTS, CUSTOMERS, CUSTOMERS, failure="a customer has not one draft")
        site.check(DRAFTED, CUSTOMERS * CHARGES, failure="a charge is not on a line of its own")
        site.check(LINES, CUSTOMERS * CHARGES, failure="an invoice line bills no charge")
        run_script(machine, database, FINALIZE)
        site.kill_after_a_third(server, FINALIZE_ROWS)
    with site.serve():
        site.wait_until_done(FINALIZE_ROWS)
    site.check(NUMBERS, CUSTOMERS, CUSTOMERS, CUSTOMERS, 1, failure="the numbers are not consecutive")


class Site:
    """A database that is served again and again, and looked at from outside.

    :param Machine machine: A machine that is set up.
    :param str database: A demo database.
    :param int port: Where it is served; any free port by default.
    :param dict env: Further variables of the server's environment.
    """

    def __init__(self, machine, database, *, port=None, env=None):
        self.machine = machine
        self.database = database
        self.port = port
        self.env = env
        self.log = machine.places.logs / "crash.log"
        self.log.unlink(missing_ok=True)

    @contextlib.contextmanager
    def serve(self, *options):
        """Serve the database with the job runner, until the context ends or the server is killed.

        :param str options: Further options of Odoo.
        """
        port = self.port or get_free_port()
        with (
            self.log.open("ab") as output,
            serving(self.machine, self.database, port=port, output=output, env=self.env, options=options) as server,
        ):
            yield server

    def kill_after_a_third(self, server, rows):
        """Kill the server, without a warning, when a third of the lines of a batch is done and a job is at work.

        :param Popen server: The process.
        :param str rows: What follows FROM, where `row` is a line.
        :raise AssertionError: If nothing was at work: then the crash shows nothing.
        """
        started = time.monotonic()
        done = self._wait_for(rows, lambda done, total: total and done * 3 >= total and self._halt_at_work(server))
        server.kill()
        server.wait()
        say(f"Crash: killed after {done} lines in {time.monotonic() - started:.1f} s, in the middle of a job.")
        self.wait_until_orphaned()

    def _halt_at_work(self, server):
        """Halt the server if a job is at work, and return whether it is."""
        server.send_signal(signal.SIGSTOP)
        at_work = self.query("SELECT count(*) FROM queue_job WHERE state = 'started'") != [0]
        if not at_work:
            server.send_signal(signal.SIGCONT)
        return at_work

    def wait_until_done(self, rows):
        """Wait until every line of a batch is done.

        :param str rows: What follows FROM, where `row` is a line.
        :raise AssertionError: If a line or a job failed.
        """
        started = time.monotonic()
        self._wait_for(rows, lambda done, total: done == total)
        say(f"Crash: the rest was done after {time.monotonic() - started:.1f} s.")
        self.check(f"SELECT count(*) FROM {rows} WHERE row.state = 'failed'", 0, failure="a line failed")
        self.check("SELECT count(*) FROM queue_job WHERE state = 'failed'", 0, failure="a job failed for good")

    def check(self, statement, *expected, failure):
        """Check what a statement counts.

        :raise AssertionError: If it is something else.
        """
        counts = self.query(statement)
        assert counts == list(expected), f"after a crash {failure}: {counts} instead of {list(expected)}"

    def wait_for(self, statement, count):
        """Look until a statement counts so many, and return how many it counts then.

        :rtype: int
        :raise AssertionError: If it takes too long.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            (done,) = self.query(statement)
            if done >= count:
                return done
            time.sleep(SECONDS_BETWEEN_LOOKS)
        raise AssertionError(f"after {PATIENCE} s only {done} of {count} are there: {statement}")

    def _wait_for(self, rows, is_reached):
        """Look until so many lines of a batch are no longer waiting, and return how many."""
        statement = f"SELECT count(*) FILTER (WHERE row.state != 'waiting'), count(*) FROM {rows}"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            done, total = self.query(statement)
            if is_reached(done, total):
                return done
            time.sleep(SECONDS_BETWEEN_LOOKS)
        raise AssertionError(f"after {PATIENCE} s only {done} of {total} lines were done")

    def wait_until_orphaned(self):
        """Wait until the next job runner sees at its start that nobody works on the jobs of the killed server: it looks
        for jobs that were enqueued 10 seconds ago, and else again after a minute.
        """
        young = (
            "SELECT count(*) FROM queue_job WHERE state IN ('enqueued', 'started')"
            " AND date_enqueued > now() AT TIME ZONE 'utc' - INTERVAL '11 sec'"
        )
        while self.query(young) != [0]:
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def query(self, statement):
        """Return what a statement counts.

        :rtype: list[int]
        """
        return [int(count) for count in self.machine.postgres.query(statement, database=self.database).split("|")]
