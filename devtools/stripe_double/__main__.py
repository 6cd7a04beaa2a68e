"""`python -m devtools.stripe_double --port NUMBER`: a stand-in for Stripe, until Ctrl-C."""

import argparse
import contextlib
import sys
import threading
from pathlib import Path

from .server import make_double


def main(arguments):
    """Serve until interrupted; the first line of the output is the address.

    :return: 0.
    """
    parser = argparse.ArgumentParser(prog="stripe_double", description="A stand-in for Stripe on this machine.")
    parser.add_argument("--port", type=int, default=0, help="where it listens; any free port by default")
    parser.add_argument("--send", action="store_true", help="send events to the webhooks that are registered")
    parser.add_argument("--attached", action="store_true", help="end when the standard input ends")
    parser.add_argument("--memory", type=Path, help="a file: what is remembered from one start to the next")
    options = parser.parse_args(arguments)
    server = make_double(options.port, is_sending=options.send)
    memory = server.app.memory
    if options.memory and options.memory.is_file():
        memory.load(options.memory.read_text(encoding="utf-8"))
    print(f"http://127.0.0.1:{server.port}", flush=True)
    if options.attached:
        threading.Thread(target=_stop_at_end_of_input, args=(server,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    if options.memory:
        options.memory.write_text(memory.dump(), encoding="utf-8")
    return 0


def _stop_at_end_of_input(server):
    """Stop the server when whoever started it is gone, killed or not."""
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
