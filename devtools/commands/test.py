"""`./dev test`: every test, those that need no database first."""

import argparse
import contextlib
import os
import tempfile
from pathlib import Path

from ..addon_databases import create_database, ensure_database
from ..machine import set_up, set_up_programs
from ..places import CHECKOUT
from ..run import note
from ..test_run import TestRun

WITHOUT_DATABASE = ("test_dev_", "test_logic_")
SELECTING = ("-k", "-m", "--lf", "--last-failed", "--deselect", "--ignore")
THROWAWAY = "sb_test_{}"


def run(arguments):
    """Run the tests; arguments that are not ours go on to pytest.

    :return: Zero when every test passed.
    """
    parser = argparse.ArgumentParser(prog="dev test", epilog="All other arguments go on to pytest.")
    parser.add_argument("--database", help="keep this database, and upgrade it next time instead of making a new one")
    options, rest = parser.parse_known_args(arguments)
    paths, pytest_arguments = split_paths(rest)
    fast, slow = group_paths(paths or sorted(CHECKOUT.glob("tests/test_*.py")))
    is_whole = not paths and not any(argument.startswith(SELECTING) for argument in pytest_arguments)
    with tempfile.TemporaryDirectory() as folder:
        tests = TestRun(set_up_programs(), pytest_arguments, folder=Path(folder), is_whole=is_whole)
        if fast:
            tests.run_without_database(fast)
        if slow:
            with database_for_tests(set_up(), options.database) as database:
                tests.run_on_database(slow, database)
        if is_whole:
            tests.run_scenario()
        return tests.conclude()


def split_paths(arguments):
    """Part the files and folders of the checkout from pytest's other arguments.

    :param list[str] arguments: As typed.
    :return: Paths, with `::test` where given; and the rest.
    :rtype: tuple[list, list]
    """
    paths = [argument for argument in arguments if (CHECKOUT / argument.split("::")[0]).exists()]
    return [CHECKOUT / path for path in paths], [argument for argument in arguments if argument not in paths]


def group_paths(paths):
    """Part the test files that need no database from those that do.

    :param list[Path] paths: Files, or folders whose files count.
    :rtype: tuple[list, list]
    """
    files = [file for path in paths for file in (sorted(path.glob("test_*.py")) if path.is_dir() else [path])]
    fast = [file for file in files if file.name.startswith(WITHOUT_DATABASE)]
    return fast, [file for file in files if file not in fast]


@contextlib.contextmanager
def database_for_tests(machine, name):
    """Have a database with the add-on: the one of that name, or without a name one that is gone afterwards."""
    if name:
        ensure_database(machine, name)
        yield name
        return
    _drop_left_overs(machine.databases)
    name = THROWAWAY.format(os.getpid())
    note(f"Database {name}: installing the add-on.")
    try:
        create_database(machine, name)
        yield name
    finally:
        machine.databases.drop(name)


def _drop_left_overs(databases):
    """Drop the databases of test runs that were killed."""
    prefix = THROWAWAY.format("")
    for name in databases.get_names():
        process = name.removeprefix(prefix)
        if process.isdigit() and name.startswith(prefix) and not os.path.exists(f"/proc/{process}"):
            databases.drop(name)
