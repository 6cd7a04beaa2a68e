"""`./dev terms`: write `i18n/service_billing.pot`, what translators start from."""

import argparse

from ..addon_databases import create_database
from ..machine import set_up
from ..places import MODULE

DATABASE = "sb_terms"


def run(arguments):
    """Export every term of the add-on from a database without demo data, whose texts nobody translates."""
    argparse.ArgumentParser(prog="dev terms").parse_args(arguments)
    machine = set_up()
    create_database(machine, DATABASE)
    try:
        return machine.odoo.call(machine.odoo.get_command("i18n", "export", "-d", DATABASE, MODULE))
    finally:
        machine.databases.drop(DATABASE)
