"""`./dev bench`: measure against core."""

from ..addon_databases import ensure_template
from ..machine import set_up


def run(arguments):
    """Run the benchmarks inside the virtual environment; arguments go on to them."""
    machine = set_up()
    ensure_template(machine)
    machine.odoo.become(machine.odoo.get_tool("devtools.bench", arguments))
