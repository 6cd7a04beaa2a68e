"""`./dev update`: bring the demo database up to the code of the checkout."""

import argparse

from ..addon_databases import DEMO, ensure_database
from ..machine import set_up


def run(arguments):
    """Upgrade the add-on in a database, which is made when missing."""
    parser = argparse.ArgumentParser(prog="dev update")
    parser.add_argument("--database", default=DEMO, help="another database than the demo's")
    parser.add_argument("--with-demo", action="store_true", help="with demo data, when it must be made")
    options = parser.parse_args(arguments)
    ensure_database(set_up(), options.database, with_demo=options.with_demo)
    return 0
