"""`./dev scenario`: drive the whole story in Chromium, as the people who do it."""

from ..addon_databases import ensure_template
from ..machine import set_up


def run(arguments):
    """Run the scenario inside the virtual environment; arguments go on to it."""
    machine = set_up()
    ensure_template(machine)
    machine.odoo.become(machine.odoo.get_tool("devtools.scenario", arguments))
