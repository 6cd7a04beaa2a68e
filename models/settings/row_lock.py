from odoo.tools import SQL


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
    records.env.execute_query(
        SQL(
            "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            SQL.identifier(records._table),
            list(records.ids),
        )
    )
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
    records.env.cr.execute(
        SQL("UPDATE %s SET id = id WHERE id = ANY(%s)", SQL.identifier(records._table), list(records.ids))
    )
