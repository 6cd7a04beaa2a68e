from odoo.tools import SQL


def execute_racing(env, query):
    """Execute a statement that may meet another transaction at the same rows.

    Who loses is told by a serialization error, and runs again. That is nobody's mistake, so that it is not logged as
    one, as core does with every statement that fails.

    :param env: The environment.
    :param SQL query: The statement.
    :return: Its rows, if it has any.
    :rtype: list[tuple]
    """
    env.cr.execute(query, log_exceptions=False)
    return env.cr.fetchall() if env.cr.description else []


def wait_for_rows(records):
    """Lock the rows of the records until the transaction ends, waiting for whoever holds them.

    Under repeatable read, a row that changed meanwhile raises a serialization error, which the request layer
    answers by running the request again; what the caller reads after this call is therefore the latest.
    On an empty recordset this does nothing.

    :param records: The records to lock, of one model, all of them saved.
    """
    if not records:
        return
    records.flush_recordset()
    _select_rows(records, SQL("FOR UPDATE"))
    records.invalidate_recordset()


def touch_rows(records):
    """Lock the rows of the records as `wait_for_rows` does, and make everybody who read them before read them again.

    For what is decided from rows that point at these records: under repeatable read, a lock alone does not show what
    others added while one waited for it.

    :param records: The records to lock, of one model, all of them saved.
    """
    if not records:
        return
    wait_for_rows(records)
    execute_racing(
        records.env,
        SQL("UPDATE %s SET id = id WHERE id = ANY(%s)", SQL.identifier(records._table), list(records.ids)),
    )


def try_rows(records):
    """Lock the rows of the records until the transaction ends, unless somebody else holds one of them. As after
    `wait_for_rows`, what the caller reads is the latest.

    :param records: The records to lock, of one model, all of them saved.
    :return: Whether all of them are locked.
    :rtype: bool
    """
    return not records or len(_select_rows(records, SQL("FOR UPDATE SKIP LOCKED"))) == len(records)


def _select_rows(records, lock):
    query = SQL(
        "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id %s", SQL.identifier(records._table), records.ids, lock
    )
    return execute_racing(records.env, query)
