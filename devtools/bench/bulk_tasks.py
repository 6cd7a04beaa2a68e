"""What is measured of billing in bulk. `start_billing` and `start_finalizing` keep what they do: a server goes on."""

import base64
import gc
from itertools import cycle, islice
from pathlib import Path

from lxml import etree

from .tasks import LINES, create_charges, get_master_data, measured, prepare_invoices

PAGE = 80
CSV_HEADER = "External reference,Customer,Description,Quantity,Unit price,Product code\n"


# === CHARGES === #


def core_drafts(env, count, lines, together=None):
    """Create drafts the way core does.

    :param int count: How many drafts.
    :param int lines: How many lines each has.
    :param int together: How many a call makes; all of them, unless told.
    """
    values, result, size = prepare_invoices(env, count, lines), {}, together or count
    with measured(env, result):
        for start in range(0, count, size):
            env["account.move"].create(values[start : start + size])
    return result


def list_and_draft_charges(env, count, lines):
    """Open the list of open charges, group it by customer, and turn all into the drafts of `core_drafts`."""
    charges, listed, grouped, drafted = create_charges(env, count, lines), {}, {}, {}
    view = etree.fromstring(charges.get_view(view_type="list")["arch"])
    names = {node.get("name"): {} for node in view.iterchildren("field")}
    domain = [("state", "=", "open")]
    env.flush_all()
    env.invalidate_all()
    with measured(env, listed):
        charges.web_search_read(domain, names, limit=PAGE, count_limit=10_001)
    with measured(env, grouped):
        charges.web_read_group(domain, ["partner_id"], ["price_total:sum"], limit=PAGE)
    with measured(env, drafted):
        charges._create_invoices()
    return {
        "seconds": listed["seconds"] + grouped["seconds"] + drafted["seconds"],
        "queries": listed["queries"] + grouped["queries"] + drafted["queries"],
        "listed": listed["seconds"],
        "grouped": grouped["seconds"],
    }


# === JOBS === #


def start_billing(env, count):
    """Preview and start a billing run over customers with three open charges each."""
    env.cr.execute("DELETE FROM queue_job")
    run = env["service.billing.run"].create({"partner_ids": create_charges(env, count).partner_id.ids})
    run.action_preview()
    run.action_run()
    env.cr.commit()
    return {"run": run.id}


def start_finalizing(env, run):
    """Start to finalize the drafts of a billing run."""
    env["service.billing.run"].browse(run).line_ids.invoice_ids._finalize_in_background()
    env.cr.commit()
    return {}


# === IMPORT === #


def import_file(env, count, together):
    """Check a file of invoices with three rows each, and draft them, as many together as one job takes.

    :param int together: How many one job takes.
    """
    partners, products = get_master_data(env, count)
    rows = [
        f"BENCH-{number:05},{partner.name},{name},{quantity},{price},{product.default_code}\n"
        for number, partner in enumerate(islice(cycle(partners), count))
        for product, (name, quantity, price) in zip(products, LINES, strict=True)
    ]
    file = base64.b64encode("".join([CSV_HEADER, *rows]).encode())
    batch, result = env["service.invoice.import"].create({"file": file, "file_name": "bench.csv"}), {}
    with measured(env, result):
        batch.action_read()
        batch.action_check()
        for start in range(0, len(batch.line_ids), together):
            batch.line_ids[start : start + together]._job_run_many()
    drafted = len(batch.line_ids.move_id)
    assert drafted == count, f"{drafted} of {count} invoices were drafted"
    return result


# === MEMORY === #


def resident_memory(env):
    """Return the megabytes that this process has in memory."""
    env.invalidate_all()
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return {"megabytes": int(kilobytes) / 1024}
