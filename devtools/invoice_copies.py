"""Very many invoices in a moment: copies of a posted one, made in the database. For measuring and for stories."""

from odoo.fields import Domain
from odoo.tools import SQL

LINE_TAXES = "account_move_line_account_tax_rel"


def copy_invoice(env, invoice, count, *, moves=None, lines=None):
    """Copy a posted invoice of which nothing is paid; the copies take the numbers that follow, and are not committed.

    Until then no further invoice gets a number: Odoo remembers the last one of a transaction.

    :param invoice: The invoice.
    :param int count: How many copies.
    :param dict moves: SQL for columns of the copies, in which `n` counts them from 1 and `source` is the row that is
        copied.
    :param dict lines: The same for their lines.
    """
    env.flush_all()
    numbers = SQL("generate_series(1, %s) n", count)
    move = SQL("%s + n", _get_last_id(env, "account_move"))
    series = Domain("journal_id", "=", invoice.journal_id.id) & Domain("sequence_prefix", "=", invoice.sequence_prefix)
    last = env["account.move"].search(series, order="sequence_number desc", limit=1)
    number = SQL("%s + n", last.sequence_number)
    name = SQL("%s || lpad((%s)::text, 5, '0')", invoice.sequence_prefix, number)
    values = {"id": move, "name": name, "sequence_number": number, **(moves or {})}
    _copy(env, "account_move", where=SQL("source.id = %s", invoice.id), numbers=numbers, values=values)
    ids = invoice.line_ids.ids
    line = SQL("%s + (n - 1) * %s", _get_last_id(env, "account_move_line"), len(ids))
    values = {
        "id": SQL("%s + array_position(%s::int[], source.id)", line, ids),
        "move_id": move,
        "move_name": name,
        **(lines or {}),
    }
    _copy(env, "account_move_line", where=SQL("source.id = ANY(%s)", ids), numbers=numbers, values=values)
    values = {"account_move_line_id": SQL("%s + array_position(%s::int[], source.account_move_line_id)", line, ids)}
    taxed = SQL("source.account_move_line_id = ANY(%s)", ids)
    _copy(env, LINE_TAXES, where=taxed, numbers=numbers, values=values)
    for table in ("account_move", "account_move_line"):
        env.cr.execute(SQL("SELECT setval(%s, %s)", f"{table}_id_seq", _get_last_id(env, table)))
    env.invalidate_all()


def _get_last_id(env, table):
    env.cr.execute(SQL("SELECT max(id) FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0]


def _copy(env, table, *, where, numbers, values):
    """Copy rows of a table once for each number, with some columns computed from it."""
    env.cr.execute(
        SQL(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", table
        )
    )
    names = [name for (name,) in env.cr.fetchall()]
    columns = SQL(", ").join(SQL.identifier(name) for name in names)
    expressions = SQL(", ").join(values.get(name, SQL.identifier("source", name)) for name in names)
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s source CROSS JOIN %s WHERE %s",
            *[SQL.identifier(table), columns, expressions, SQL.identifier(table), numbers, where],
        )
    )
