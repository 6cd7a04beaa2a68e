"""Odoo as a server: started, waited for, stopped."""

import contextlib
import errno
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

from .errors import CommandError

HOST = "127.0.0.1"
PORT = 8069
SECONDS_TO_START = 120
SECONDS_TO_STOP = 30


def check_port(port):
    """Refuse a port on which something already listens.

    :raise CommandError: If the port is busy or not allowed.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else "may not be used"
            raise CommandError(f"Port {port} {reason}: choose another with ./dev serve --port NUMBER.") from error


def get_free_port():
    """Return a port on which nothing listens at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(machine, database, *, port, output=None, options=(), env=None):
    """Serve a database on a port, threaded, with the job runner; the server ends with the context.

    :param Machine machine: A machine that is set up.
    :param str database: The one database that is served.
    :param int port: The port, on this machine only.
    :param output: Where the server's log goes: an open file, or None for the terminal.
    :param list[str] options: Further options of Odoo.
    :param dict env: Further variables of its environment.
    :return: The process, once it answers.
    :rtype: subprocess.Popen
    :raise CommandError: If the server does not answer.
    """
    check_port(port)
    server = ["server", "-d", database, f"--db-filter=^{database}$", f"--http-port={port}", *options]
    process = subprocess.Popen(
        [*_get_leash(), *machine.odoo.get_command(*server)],
        stdout=output,
        stderr=output,
        stdin=subprocess.DEVNULL,
        cwd=machine.places.own,
        env=machine.odoo.get_env(**(env or {})),
        start_new_session=True,
    )
    try:
        _wait_until_ready(process, port)
        yield process
    finally:
        _stop(process)


def _get_leash():
    """Return a prefix by which the server ends even when this process is killed."""
    return ["setpriv", "--pdeathsig=TERM"] if shutil.which("setpriv") else []


def _wait_until_ready(process, port):
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{port}/web/health", timeout=10):
            return
        time.sleep(0.2)
    raise CommandError("Odoo did not start; its log says why.")


def _stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
