"""The rows about billing in bulk; what a row returns is described where the others are."""

import contextlib
import os
import time

from ..machine import Machine
from ..server import get_free_port, serving
from .measures import describe_queries, get_ratio, get_totals, run_in_turn

JOB_CUSTOMERS, JOB_WARM_UP = 500, 20
WARM_UP = 20
CHARGE_ROUNDS, CHARGE_CUSTOMERS, CHARGES_A_CUSTOMER = 1, 500, 20
IMPORT_ROUNDS, IMPORT_INVOICES, IMPORT_TOGETHER = 1, 1667, 50
MEMORY_INVOICES, MEMORY_FIRST, MEMORY_LAST = 100, 2, 20
SECONDS_BETWEEN_LOOKS, SECONDS_FOR_JOBS = 0.2, 1200

# From the first job of a phase to the end of its last: billing, then finalizing.
SECONDS_OF_JOBS = """
    SELECT sum(seconds)
      FROM (SELECT extract(epoch FROM max(date_done) - min(date_started)) AS seconds
              FROM queue_job GROUP BY model_name LIKE 'service.finalize%') phase
"""


def bill_jobs(core, ours):
    """A billing run and its finalizing, with one and with two processes at the jobs; core does the same in one call."""
    core.run("core_invoices", count=JOB_CUSTOMERS // 10)
    baseline = core.run("core_invoices", count=JOB_CUSTOMERS)["seconds"]
    one, two = (_bill_with_jobs(ours, jobs) for jobs in (1, 2))
    return {
        "ours": round(two / JOB_CUSTOMERS, 5),
        "baseline": round(one / JOB_CUSTOMERS, 5),
        "ratio": round(one / two, 3),
        "unit": "s an invoice, 2 jobs",
        "budget": ">= 1.7 x as fast as one job",
        "ok": one / two >= 1.7,
        "detail": f"{JOB_CUSTOMERS} invoices of 3 lines, created and posted by core in {baseline:.1f} s, "
        f"by one job at a time in {one:.1f} s, by two in {two:.1f} s",
    }


def charges(core, ours):
    """Many open charges, listed, grouped and drafted, against core creating the same drafts."""
    size = {"count": CHARGE_CUSTOMERS, "lines": CHARGES_A_CUSTOMER}
    pairs = run_in_turn(
        lambda: core.run("core_drafts", **size),
        lambda: ours.run("list_and_draft_charges", **size),
        CHARGE_ROUNDS,
        warm_up=lambda: (
            core.run("core_drafts", **{**size, "count": WARM_UP}),
            ours.run("list_and_draft_charges", **{**size, "count": WARM_UP}),
        ),
    )
    ratio, last = get_ratio(pairs), pairs[-1][1]
    return {
        **get_totals(pairs, per=CHARGE_ROUNDS * CHARGE_CUSTOMERS, ratio=ratio),
        "unit": "s a draft",
        "budget": "<= 1.20 x core",
        "ok": ratio <= 1.20,
        "detail": f"{CHARGE_CUSTOMERS * CHARGES_A_CUSTOMER} charges, {CHARGES_A_CUSTOMER} a draft; "
        f"listed in {last['listed']:.3f} s, by customer in {last['grouped']:.3f} s; "
        f"{describe_queries(pairs[-1], CHARGE_CUSTOMERS)}",
    }


def import_csv(core, ours):
    """A file of invoices, checked and drafted, against core creating the same drafts, as many in a call."""
    size = {"count": IMPORT_INVOICES, "together": IMPORT_TOGETHER}
    pairs = run_in_turn(
        lambda: core.run("core_drafts", lines=3, **size),
        lambda: ours.run("import_file", **size),
        IMPORT_ROUNDS,
        warm_up=lambda: (
            core.run("core_drafts", lines=3, **{**size, "count": WARM_UP}),
            ours.run("import_file", **{**size, "count": WARM_UP}),
        ),
    )
    ratio = get_ratio(pairs)
    return {
        **get_totals(pairs, per=IMPORT_ROUNDS * IMPORT_INVOICES, ratio=ratio),
        "unit": "s a draft",
        "budget": "<= 1.20 x core",
        "ok": ratio <= 1.20,
        "detail": f"{IMPORT_INVOICES * 3} rows, 3 a draft; {describe_queries(pairs[-1], IMPORT_INVOICES)}",
    }


def memory(core, ours):
    """What a process has in memory after many invoices, against what it had after few."""
    (_core_few, core_growth), (few, growth) = _grow(core, "core_invoices"), _grow(ours, "bill_charges")
    return {
        "ours": round(few * growth, 1),
        "baseline": round(few, 1),
        "ratio": round(growth, 3),
        "unit": f"MB after {MEMORY_LAST * MEMORY_INVOICES}",
        "budget": f"<= 1.10 x after {MEMORY_FIRST * MEMORY_INVOICES}",
        "ok": growth <= 1.10,
        "detail": f"the same with core and its own invoices: {core_growth:.3f} x",
    }


def _grow(worker, task):
    """Return the megabytes after few invoices, and how many times as much there is after many."""
    sizes = {}
    for number in range(1, MEMORY_LAST + 1):
        worker.run(task, count=MEMORY_INVOICES)
        if number in (MEMORY_FIRST, MEMORY_LAST):
            sizes[number] = worker.run("resident_memory")["megabytes"]
    return sizes[MEMORY_FIRST], sizes[MEMORY_LAST] / sizes[MEMORY_FIRST]


def _bill_with_jobs(ours, jobs):
    """Return the seconds that so many job processes take for a billing run and its finalizing, once they are warm."""
    machine = Machine()
    with _serving_jobs(machine, ours.database, jobs):
        for count in (JOB_WARM_UP, JOB_CUSTOMERS):
            run = ours.run("start_billing", count=count)["run"]
            _wait_for(machine, ours.database, "service_billing_run_line")
            ours.run("start_finalizing", run=run)
            _wait_for(machine, ours.database, "service_finalize_line")
    return float(machine.postgres.query(SECONDS_OF_JOBS, database=ours.database))


@contextlib.contextmanager
def _serving_jobs(machine, database, jobs):
    """Serve a database by several processes, so many of them at jobs at once, and none at scheduled actions."""
    options = ["--workers=2", "--max-cron-threads=0", f"--gevent-port={get_free_port()}"]
    os.environ["ODOO_QUEUE_JOB_CHANNELS"] = f"root:{jobs},root.service_billing:{jobs}"
    try:
        with (
            (machine.places.logs / "bench_jobs.log").open("wb") as output,
            serving(machine, database, port=get_free_port(), output=output, options=options),
        ):
            yield
    finally:
        del os.environ["ODOO_QUEUE_JOB_CHANNELS"]


def _wait_for(machine, database, table):
    counts = "count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'failed')"
    deadline = time.monotonic() + SECONDS_FOR_JOBS
    while time.monotonic() < deadline:
        answer = machine.postgres.query(f"SELECT {counts} FROM {table}", database=database)
        waiting, failed = map(int, answer.split("|"))
        if failed:
            raise RuntimeError(f"{failed} jobs on {table} failed")
        if not waiting:
            return
        time.sleep(SECONDS_BETWEEN_LOOKS)
    raise RuntimeError(f"the jobs on {table} take too long")


BULK_ROWS = {"bill_jobs": bill_jobs, "charges": charges, "import_csv": import_csv, "memory": memory}
