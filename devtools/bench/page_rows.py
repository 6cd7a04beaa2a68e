"""The rows about the pages of customers, over HTTP; what a row returns is described where the others are."""

import contextlib
import re
import time
import urllib.parse
import urllib.request

from ..machine import Machine
from ..server import HOST, get_free_port, serving
from .measures import get_ratio, get_totals, run_in_turn

ROUNDS, PAGES_A_ROUND = 7, 10
FEW, MANY = 5, 500
MOST_BYTES = 300_000
ASSETS = re.compile(r'<(?:link[^>]*rel="stylesheet"[^>]*href|script[^>]*src)="([^"]+)"')
QUERIES = re.compile(r'"GET (\S+) HTTP/1.1" 200 - (\d+) ')


def pay_page(core, ours):
    """The page on which an invoice is paid, with its style and script, against core's page of the same invoice."""
    core_path, our_path = core.run("prepare_core_page")["path"], ours.run("prepare_pay_page")["path"]
    with _serving(core.database) as core_site, _serving(ours.database) as our_site:
        pairs = run_in_turn(lambda: core_site.measure(core_path), lambda: our_site.measure(our_path), ROUNDS)
        sizes = [core_site.weigh(core_path), our_site.weigh(our_path)]
        queries = [core_site.count_queries(core_path), our_site.count_queries(our_path)]
    ratio = get_ratio(pairs)
    return {
        **get_totals(pairs, per=ROUNDS * PAGES_A_ROUND, ratio=ratio),
        "unit": "s a page",
        "budget": "<= core, <= 300 kB",
        "ok": ratio <= 1 and sizes[1] <= MOST_BYTES,
        "detail": f"{sizes[1] / 1000:.1f} kB with style and script, core {sizes[0] / 1000:.1f} kB; "
        f"{queries[1]} queries, core {queries[0]}",
    }


def account(_core, ours):
    """The account area of a customer with very many open invoices, against that of one with few."""
    keys = ours.run("prepare_accounts", counts=[FEW, MANY])["keys"]
    # The same page, but two lines in the server's log.
    few, many = (f"/service/account?{key[:8]}" for key in keys)
    with _serving(ours.database) as site:
        pairs = run_in_turn(lambda: site.measure(few, keys[0]), lambda: site.measure(many, keys[1]), ROUNDS)
        queries = [site.count_queries(path) for path in (few, many)]
    ratio = get_ratio(pairs)
    return {
        **get_totals(pairs, per=ROUNDS * PAGES_A_ROUND, ratio=ratio),
        "unit": "s a page",
        "budget": f"<= 3 x {FEW} invoices, <= 3 queries more",
        "ok": ratio <= 3 and queries[1] - queries[0] <= 3,
        "detail": f"{queries[1]} queries with {MANY} open invoices, {queries[0]} with {FEW}",
    }


class Site:
    """A database that is served, asked as a browser asks.

    :param int port: Where.
    :param Path log: What the server says.
    """

    def __init__(self, port, log):
        self.address = f"http://{HOST}:{port}"
        self.log = log

    def get(self, path, key=""):
        """Load something.

        :param str path: Its path.
        :param str key: What the cookie of a remembered device says, if any.
        :rtype: bytes
        """
        request = urllib.request.Request(f"{self.address}{path}", headers={"Cookie": f"service_device={key}"})
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def measure(self, path, key=""):
        """Return the seconds for some loads of a page.

        :rtype: dict
        """
        started = time.perf_counter()
        for _page in range(PAGES_A_ROUND):
            self.get(path, key)
        return {"seconds": time.perf_counter() - started}

    def weigh(self, path):
        """Return how many bytes a page has with all of its style sheets and scripts, before they are packed.

        :rtype: int
        """
        page = self.get(path)
        assets = {urllib.parse.unquote(address) for address in ASSETS.findall(page.decode())}
        return len(page) + sum(len(self.get(address.replace("&amp;", "&"))) for address in assets)

    def count_queries(self, path):
        """Return how many queries the last load of a page took.

        :rtype: int
        """
        counts = dict(QUERIES.findall(self.log.read_text(encoding="utf-8", errors="replace")))
        return int(counts[path])


@contextlib.contextmanager
def _serving(database):
    """Serve a database without background work.

    :rtype: Site
    """
    machine, port = Machine(), get_free_port()
    log = machine.places.logs / f"{database}_pages.log"
    env = {"ODOO_QUEUE_JOB_CHANNELS": "root:0"}
    with (
        log.open("wb") as output,
        serving(machine, database, port=port, output=output, options=["--max-cron-threads=0"], env=env),
    ):
        yield Site(port, log)


PAGE_ROWS = {"pay_page": pay_page, "account": account}
