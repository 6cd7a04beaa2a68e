from odoo.tools import SQL

FUNCTION = SQL.identifier("service_billing_append_only")


def make_append_only(cr, table):
    """Have the database refuse every change and deletion of what stands in a table, whoever asks.

    A migration that has to touch such rows switches the trigger off and on again.

    :param Cursor cr: The cursor.
    :param str table: The table.
    """
    trigger = SQL.identifier(f"{table}_append_only")
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'restrict_violation';
            END $$
            """,
            FUNCTION,
        )
    )
    cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, SQL.identifier(table)))
    cr.execute(
        SQL(
            "CREATE TRIGGER %s BEFORE UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION %s()",
            trigger,
            SQL.identifier(table),
            FUNCTION,
        )
    )


def drop_append_only(cr):
    """Take the refusal away again, from all tables, so that they can be dropped."""
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", FUNCTION))
