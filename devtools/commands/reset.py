"""`./dev reset`: remove everything that the set-up created."""

import shutil

from ..errors import CommandError
from ..machine import Machine
from ..run import say


def run(_arguments):
    """Stop the database server and empty the home, demo database included; packages of the system stay."""
    machine = Machine()
    home = machine.places.home
    if home.exists() and not (home / "lock").exists():
        raise CommandError(f"{home} was not made by ./dev, so it is not removed.")
    machine.postgres.stop()
    shutil.rmtree(machine.postgres.sockets, ignore_errors=True)
    for entry in home.iterdir() if home.exists() else ():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    say(f"Removed {home}.")
    return 0
