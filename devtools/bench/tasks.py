"""What is measured. Every task works on the same data in every database; but for `prepare`,
`prepare_posted` and `switch` it leaves nothing behind.
"""

import contextlib
import time
from itertools import cycle, islice

from odoo.fields import Command

LINES = (("Bench labor", 1.25, 60.0), ("Bench valve", 2.0, 41.5), ("Bench call-out", 1.0, 35.0))
INVOICES_IN_USE = 100


@contextlib.contextmanager
def measured(env, result):
    """Measure the seconds and the queries of the block, flush included, into `result`."""
    env.flush_all()
    queries, started = env.cr.sql_log_count, time.perf_counter()
    yield
    env.flush_all()
    result["seconds"] = time.perf_counter() - started
    result["queries"] = env.cr.sql_log_count - queries


def core_invoices(env, count):
    """Create and post invoices the way core does, in one call each.

    :param int count: How many invoices, each for a customer of its own, with three lines.
    """
    values, result = prepare_invoices(env, count), {}
    with measured(env, result):
        env["account.move"].create(values)._post()
    return result


def prepare(env, count):
    """Create the customers and the services, the same in every database, and keep them; and some posted invoices, so
    that the planner knows tables as they are in use: from empty ones it takes plans that are quadratic later.

    :param int count: How many customers.
    """
    env["res.partner"].create(
        [
            {"name": f"Bench customer {number}", "ref": f"bench-{number:05}", "customer_rank": 1}
            for number in range(count)
        ]
    )
    env["product.product"].create(
        [
            {"name": name, "default_code": f"bench-{number}", "type": "service", "list_price": price}
            for number, (name, _quantity, price) in enumerate(LINES)
        ]
    )
    env["account.move"].create(prepare_invoices(env, INVOICES_IN_USE))._post()
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return {}


def switch(env, is_on):
    """Have the add-on manage the invoices that are made from now on, or none of them."""
    env.company.sudo().billing_enabled = is_on
    env.cr.commit()
    return {}


def bill_charges(env, count):
    """Turn open charges into posted invoices, the same as those of `core_invoices`."""
    charges, result = create_charges(env, count), {}
    with measured(env, result):
        charges._create_invoices().action_billing_finalize()
    return result


def invoice_html(env, count):
    """Render posted invoices as HTML, the way core does, in one call."""
    return _render(env, count, "_render_qweb_html")


def invoice_pdf(env, count):
    """Render posted invoices as one PDF."""
    return _render(env, count, "_render_qweb_pdf")


def prepare_posted(env, count):
    """Create and post the invoices that are rendered, and keep them, and the style sheets of reports, which a database
    in use has: a print that is rolled back would make them again each time."""
    env["account.move"].create(prepare_invoices(env, count))._post()
    for bundle in ("web.report_assets_pdf", "web.report_assets_common"):
        env["ir.qweb"]._get_asset_bundle(bundle, js=False, autoprefix=True).css()
    env.cr.commit()
    return {}


def _render(env, count, method):
    domain = [("move_type", "=", "out_invoice"), ("state", "=", "posted"), ("partner_id.ref", "=like", "bench-%")]
    invoices, result = env["account.move"].search(domain, order="id", limit=count), {}
    reports = env["ir.actions.report"].with_context(force_report_rendering=True)
    with measured(env, result):
        content, kind = getattr(reports, method)("account.account_invoices", invoices.ids)
    return {**result, "kind": kind, "bytes": len(content)}


def prepare_invoices(env, count, lines=3):
    """Prepare invoices as core has them.

    :param int count: How many, each for a customer of its own as long as there are enough.
    :param int lines: How many lines each has.
    :rtype: list[dict]
    """
    partners, products = get_master_data(env, count)
    return [
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_line_ids": [Command.create(line) for line in _prepare_lines(products, lines)],
        }
        for partner in islice(cycle(partners), count)
    ]


def create_charges(env, count, lines=3):
    """Create the charges that become the invoices of `prepare_invoices`.

    :rtype: recordset of `service.charge`
    """
    partners, products = get_master_data(env, count)
    return env["service.charge"].create(
        [{"partner_id": partner.id, **line} for partner in partners for line in _prepare_lines(products, lines)]
    )


def get_master_data(env, count):
    """Return the customers, at most so many, and the services.

    :rtype: tuple
    """
    partners = env["res.partner"].search([("ref", "=like", "bench-%")], order="ref", limit=count)
    products = env["product.product"].search([("default_code", "=like", "bench-%")], order="default_code")
    return partners, products


def _prepare_lines(products, count):
    return [
        {
            "product_id": product.id,
            "name": name,
            "quantity": quantity,
            "price_unit": price,
            "tax_ids": [Command.set(product.taxes_id.ids)],
        }
        for product, (name, quantity, price) in islice(cycle(zip(products, LINES, strict=True)), count)
    ]
