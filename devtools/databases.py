"""Odoo databases with their filestores: copy, rename, drop."""

import re
import shutil

from .errors import CommandError


class Databases:
    """The databases of one server.

    :param Places places: Where the filestores live.
    :param Postgres postgres: The server.
    """

    def __init__(self, places, postgres):
        self.postgres = postgres
        self.filestores = places.data / "filestore"

    def get_names(self):
        """Return the names of all databases.

        :rtype: set[str]
        """
        return set(self.postgres.query("SELECT datname FROM pg_database").splitlines())

    def copy(self, source, target):
        """Make a copy of a database and its files; a database of that name is replaced."""
        self.drop(target)
        self.postgres.query(f"CREATE DATABASE {_quote(target)} TEMPLATE {_quote(source)}")
        if (self.filestores / source).is_dir():
            shutil.copytree(self.filestores / source, self.filestores / target)

    def rename(self, source, target):
        """Give a database and its files another name; a database of that name is replaced."""
        self.drop(target)
        self.postgres.query(f"ALTER DATABASE {_quote(source)} RENAME TO {_quote(target)}")
        if (self.filestores / source).is_dir():
            (self.filestores / source).rename(self.filestores / target)

    def drop(self, name):
        """Remove a database and its files, if there."""
        self.postgres.query(f"DROP DATABASE IF EXISTS {_quote(name)} WITH (FORCE)")
        shutil.rmtree(self.filestores / name, ignore_errors=True)

    def get_note(self, name):
        """Return the note kept with a database, empty when there is none or no such database."""
        return self.postgres.query(
            f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{_check(name)}'"
        )

    def set_note(self, name, note):
        """Keep a note with a database.

        :param str note: Letters, digits, dots and dashes.
        """
        self.postgres.query(f"COMMENT ON DATABASE {_quote(name)} IS '{_check(note)}'")


def _check(name):
    if not re.fullmatch(r"[\w.-]+", name):
        raise CommandError(f"{name!r} is no name for a database: use letters, digits, dots and underscores.")
    return name


def _quote(name):
    return f'"{_check(name)}"'
