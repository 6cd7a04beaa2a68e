"""`./dev shell`: an Odoo shell on the demo database."""

import argparse

from ..addon_databases import DEMO, ensure_demo
from ..machine import set_up


def run(arguments):
    """Open a shell, or run the script on standard input and return its exit status."""
    parser = argparse.ArgumentParser(prog="dev shell")
    parser.add_argument("--database", default=DEMO, help="another database than the demo's")
    options = parser.parse_args(arguments)
    machine = set_up()
    if options.database == DEMO:
        ensure_demo(machine)
    machine.odoo.become(machine.odoo.get_command("shell", "-d", options.database, "--no-http", "--log-level=warn"))
