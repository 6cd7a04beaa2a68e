"""`./dev stop`: stop the database server that `./dev` started."""

from ..machine import Machine


def run(_arguments):
    """Stop our own server; one that PGHOST names is left alone."""
    Machine().postgres.stop()
    return 0
