"""What is measured of the screens with very many invoices. `fill_invoices` keeps what it makes."""

from ast import literal_eval

from lxml import etree

from odoo.tools import SQL

from ..invoice_copies import copy_invoice
from .tasks import measured, prepare_invoices

COUNT_LIMIT = 10_001
PAGE = 20
CUSTOMERS = 500
# Two years of invoices: what is older than six weeks is paid, but for one of 25.
AGE = SQL("(n %% 730)")
IS_OPEN = SQL("(%s <= 45 OR n %% 25 = 0)", AGE)
DAY = SQL("(CURRENT_DATE - %s::int)", AGE)
DUE = SQL("(CURRENT_DATE - %s::int + 30)", AGE)


# === FILLING === #


def fill_invoices(env, count):
    """Copy one posted invoice of three lines in the database, for many customers and over two years.

    :param int count: How many invoices there are then.
    """
    invoice = env["account.move"].create(prepare_invoices(env, 1))
    invoice._post()
    partners = env["res.partner"].search([("ref", "=like", "bench-%")], order="ref", limit=CUSTOMERS).ids
    partner = SQL("(%s::int[])[1 + n %% %s]", partners, len(partners))
    name = SQL("'BENCH/' || lpad(n::text, 6, '0')")
    copy_invoice(
        env,
        invoice,
        count,
        moves={**_get_move_values(partner), "name": name},
        lines={**_get_line_values(partner), "move_name": name},
    )
    env.cr.commit()
    return {}


def _get_move_values(partner):
    return {
        "sequence_prefix": SQL("'BENCH/'"),
        "sequence_number": SQL("n"),
        "partner_id": partner,
        "commercial_partner_id": partner,
        "partner_shipping_id": partner,
        "invoice_partner_display_name": SQL("(SELECT name FROM res_partner WHERE id = %s)", partner),
        "date": DAY,
        "invoice_date": DAY,
        "invoice_date_due": DUE,
        "amount_total": SQL("100 + n %% 977"),
        "amount_total_signed": SQL("100 + n %% 977"),
        "amount_total_in_currency_signed": SQL("100 + n %% 977"),
        "amount_residual": SQL("CASE WHEN %s THEN amount_residual ELSE 0 END", IS_OPEN),
        "amount_residual_signed": SQL("CASE WHEN %s THEN amount_residual_signed ELSE 0 END", IS_OPEN),
        "payment_state": SQL("CASE WHEN %s THEN 'not_paid' ELSE 'paid' END", IS_OPEN),
        "billing_status": SQL("CASE WHEN %s THEN 'open' ELSE 'paid' END", IS_OPEN),
    }


def _get_line_values(partner):
    return {
        "partner_id": partner,
        "date": DAY,
        "invoice_date": DAY,
        "date_maturity": SQL("CASE WHEN date_maturity IS NOT NULL THEN %s END", DUE),
        "reconciled": SQL("display_type = 'payment_term' AND NOT %s", IS_OPEN),
        "amount_residual": SQL("CASE WHEN %s THEN amount_residual ELSE 0 END", IS_OPEN),
        "amount_residual_currency": SQL("CASE WHEN %s THEN amount_residual_currency ELSE 0 END", IS_OPEN),
    }


# === SCREENS === #


def load_list(env, action, domain, *, order=None, offset=0):
    """Load a page of the list of an action as the web client does.

    :param str action: The external id of the action.
    :param list domain: What is searched, beside the domain of the action.
    """
    moves, values, result = _get_moves(env, action), _get_action(env, action), {}
    arch = etree.fromstring(moves.get_views(values["views"])["views"]["list"]["arch"])
    specification = _get_specification(moves, arch)
    domain = [*literal_eval(values["domain"] or "[]"), *domain]
    env.invalidate_all()
    with measured(env, result):
        page = moves.web_search_read(
            domain, specification, offset=offset, limit=PAGE, order=order, count_limit=COUNT_LIMIT
        )
    return {**result, "found": page["length"]}


def load_form(env, action, number):
    """Load the form of an invoice as the web client does.

    :param int number: Which of the invoices of `fill_invoices`.
    """
    moves, result = _get_moves(env, action), {}
    arch = etree.fromstring(moves.get_views([(False, "form")])["views"]["form"]["arch"])
    specification = _get_specification(moves, arch)
    invoice = moves.search([("name", "=", f"BENCH/{number:06}")])
    env.invalidate_all()
    with measured(env, result):
        invoice.web_read(specification)
    return result


def _get_action(env, action):
    return env["ir.actions.act_window"]._for_xml_id(action)


def _get_moves(env, action):
    context = literal_eval(_get_action(env, action)["context"] or "{}")
    return env["account.move"].with_context(**context)


def _get_specification(records, arch):
    """Return what the web client reads for the fields of a view, those of the lists in it included."""
    specification = {}
    for node in _iterate_fields(arch):
        field = records._fields[node.get("name")]
        if field.relational and field.type != "many2one":
            inline = node.find("list")
            comodel = records.env[field.comodel_name]
            specification[field.name] = {} if inline is None else {"fields": _get_specification(comodel, inline)}
        else:
            specification[field.name] = {"fields": {"display_name": {}}} if field.type == "many2one" else {}
    return specification


def _iterate_fields(node):
    """Iterate over the fields of a view, but not over those of the views inside a field."""
    for child in node:
        if child.tag == "field":
            yield child
        elif isinstance(child.tag, str):
            yield from _iterate_fields(child)
