"""The rows of the performance budget. Each takes the two workers, core's and ours, and returns

`{'ours': float, 'baseline': float, 'ratio': float, 'unit': str, 'budget': str, 'ok': bool, 'detail': str}`.

Both sides run in turn, so that a machine that slows down slows both.
"""

from .bulk_rows import BULK_ROWS
from .list_rows import LIST_ROWS
from .measures import describe_queries, get_ratio, get_totals, run_in_turn
from .online_rows import ONLINE_ROWS
from .page_rows import PAGE_ROWS
from .worker import Worker

ROUNDS, INVOICES_A_ROUND = 5, 100
OVERHEAD_ROUNDS, OVERHEAD_INVOICES = 12, 40
PDF_ROUNDS, PDF_INVOICES = 5, 50


def bill(core, ours):
    """Charges become posted invoices, against core creating and posting the same invoices."""
    pairs = run_in_turn(
        lambda: core.run("core_invoices", count=INVOICES_A_ROUND),
        lambda: ours.run("bill_charges", count=INVOICES_A_ROUND),
        ROUNDS,
    )
    invoices = ROUNDS * INVOICES_A_ROUND
    ratio = get_ratio(pairs)
    return {
        **get_totals(pairs, per=invoices, ratio=ratio),
        "unit": "s an invoice",
        "budget": "<= 1.10 x core",
        "ok": ratio <= 1.10,
        "detail": f"{invoices} invoices of 3 lines, {describe_queries(pairs[-1], INVOICES_A_ROUND)}",
    }


def overhead(core, ours):
    """Core's create and post where the add-on is installed and not used, against core without it."""
    with Worker(ours.database) as office:
        office.run("switch", is_on=False)
    pairs = run_in_turn(
        lambda: core.run("core_invoices", count=OVERHEAD_INVOICES),
        lambda: ours.run("core_invoices", count=OVERHEAD_INVOICES),
        OVERHEAD_ROUNDS,
    )
    single = [worker.run("core_invoices", count=1)["queries"] for worker in (core, ours)]
    with Worker(ours.database) as office:
        office.run("switch", is_on=True)
    more_for_one = single[1] - single[0]
    more_for_many = pairs[-1][1]["queries"] - pairs[-1][0]["queries"]
    ratio = get_ratio(pairs)
    return {
        **get_totals(pairs, per=OVERHEAD_ROUNDS * OVERHEAD_INVOICES, ratio=ratio),
        "unit": "s an invoice",
        "budget": "<= 1.03 x core, <= 3 queries more",
        "ok": ratio <= 1.03 and max(more_for_one, more_for_many) <= 3,
        "detail": f"{more_for_one} queries more for 1 invoice, {more_for_many} more for {OVERHEAD_INVOICES}",
    }


def pdf(core, ours):
    """Invoices as PDF, against core's rendering of the same invoices as HTML; and one page, cold."""
    for worker in (core, ours):
        worker.run("prepare_posted", count=PDF_INVOICES)
    pairs = run_in_turn(
        lambda: core.run("invoice_html", count=PDF_INVOICES),
        lambda: ours.run("invoice_pdf", count=PDF_INVOICES),
        PDF_ROUNDS,
    )
    cold_pairs = run_in_turn(
        lambda: _run_cold(core.database, "invoice_html"), lambda: _run_cold(ours.database, "invoice_pdf"), 3
    )
    ratio, cold = get_ratio(pairs), get_ratio(cold_pairs)
    return {
        **get_totals(pairs, per=PDF_ROUNDS, ratio=ratio),
        "unit": f"s for {PDF_INVOICES} invoices",
        "budget": "<= 2.5 x core's HTML, 1 cold <= 4 x",
        "ok": ratio <= 2.5 and cold <= 4 and pairs[-1][1]["kind"] == "pdf",
        "detail": f"one cold page {cold:.2f} x core's HTML of one, each in a process of its own",
    }


def _run_cold(database, task):
    with Worker(database) as worker:
        return worker.run(task, count=1)


ROWS = {"bill": bill, "overhead": overhead, "pdf": pdf, **BULK_ROWS, **LIST_ROWS, **ONLINE_ROWS, **PAGE_ROWS}
