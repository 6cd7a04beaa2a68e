"""`./dev serve`: the add-on with its demo data in a browser."""

import argparse

from ..addon_databases import DEMO, ensure_demo
from ..machine import set_up
from ..run import say
from ..server import HOST, PORT, check_port, serving
from ..stripe_double.demo import demo_double

WELCOME = """
Service Billing is ready: http://{host}:{port}

  who           log-in        password
  back office   office        office
  technician    technician    technician    (on a phone, or in a narrow window)
  customer      customer      customer      (opens the portal)
  manager       manager       manager
  everything    admin         admin

Try first, as back office: Service Billing > Orders > All Orders, open a finished order that is to invoice, press
Create Invoice, look at the draft, then Finalize, Print and Register Payment.
Or as technician: open today's order, Start, add a part, Stop, write the report, sign, Done.
Invoices are paid online at a test page on this machine, with Stripe's test cards: no money moves.
Ctrl-C stops the server.
"""


def run(arguments):
    """Serve the demo database until Ctrl-C, then stop all that was started."""
    parser = argparse.ArgumentParser(prog="dev serve")
    parser.add_argument("--port", type=int, default=PORT)
    options = parser.parse_args(arguments)
    check_port(options.port)
    machine = set_up()
    try:
        ensure_demo(machine)
        memory = machine.places.home / "stripe_double.json"
        with (
            demo_double(machine, DEMO, port=options.port, memory=memory) as (_double, env),
            serving(machine, DEMO, port=options.port, options=["--log-level=warn"], env=env) as process,
        ):
            say(WELCOME.format(host=HOST, port=options.port))
            return process.wait()
    except KeyboardInterrupt:
        say("Stopping.")
        return 0
    finally:
        machine.postgres.stop_if_started_here()
