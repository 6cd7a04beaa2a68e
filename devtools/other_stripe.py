"""`python -m devtools.other_stripe`: localstripe, which somebody else wrote, until the standard input ends.

It is a process of its own, because it is GPL-3 and nothing of ours may import it. Its own command would listen on every
address of the machine, and keep what it knows in a file.
"""

import contextlib
import importlib
import os
import signal
import socket
import subprocess
import sys
import threading

from .places import CHECKOUT, Places
from .server import HOST


def main():
    """Serve on a free port of this machine; the first line of the output is the address."""
    web = importlib.import_module("aiohttp.web")
    localstripe = importlib.import_module("localstripe.server")
    type(localstripe.store).dump_to_disk = lambda store: None
    listener = socket.socket()
    listener.bind((HOST, 0))
    print(f"http://{HOST}:{listener.getsockname()[1]}", flush=True)
    threading.Thread(target=_stop_at_end_of_input, daemon=True).start()
    web.run_app(localstripe.app, sock=listener, print=None, access_log=None)


def _stop_at_end_of_input():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGINT)


@contextlib.contextmanager
def running_localstripe():
    """Have localstripe run until the context ends.

    :return: Its address.
    :rtype: str
    """
    path = os.pathsep.join([str(Places.from_environment().localstripe), str(CHECKOUT)])
    process = subprocess.Popen(
        [sys.executable, "-m", "devtools.other_stripe"],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate()


if __name__ == "__main__":
    main()
