"""`./dev test`: every test, those that need no database first."""

import argparse
import contextlib
import os
import re
import tempfile
from pathlib import Path

from ..addon_databases import create_database, ensure_database
from ..machine import set_up, set_up_programs
from ..places import CHECKOUT
from ..run import note
from ..setup.node_tools import ensure_node_tools
from ..setup.python_env import ensure_localstripe
from ..setup.steps import exclusive
from ..test_run import TestRun

WITHOUT_DATABASE = ("test_dev_", "test_logic_")
SELECTING = ("-k", "-m", "--lf", "--last-failed", "--deselect", "--ignore")
THROWAWAY = "sb_test_{}_{}"
# Each takes a core, and about a gigabyte with the browser that it opens.
MOST_SIDE_BY_SIDE = 3


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
        machine = set_up_programs()
        with exclusive(machine.places):
            ensure_node_tools(machine.places)
            ensure_localstripe(machine.places)
        tests = TestRun(machine, pytest_arguments, folder=Path(folder), is_whole=is_whole)
        if fast:
            tests.run_without_database(fast)
        if slow:
            count = min(len(os.sched_getaffinity(0)), MOST_SIDE_BY_SIDE) if is_whole else 1
            with (
                databases_for_tests(set_up(), options.database, count=count) as databases,
                tests.playing_scenario() if is_whole else contextlib.nullcontext(),
            ):
                tests.run_on_databases(slow, databases)
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
def databases_for_tests(machine, name, *, count):
    """Have databases with the add-on: the one of that name, or without a name some that are gone afterwards.

    :param str name: Of the database that stays, if any.
    :param int count: How many there are without a name.
    :return: Their names.
    :rtype: list[str]
    """
    if name:
        ensure_database(machine, name)
        yield [name]
        return
    _drop_left_overs(machine.databases)
    names = [THROWAWAY.format(os.getpid(), number) for number in range(1, count + 1)]
    note(f"Database {names[0]}: installing the add-on.")
    try:
        create_database(machine, names[0])
        for copy in names[1:]:
            machine.databases.copy(names[0], copy)
        yield names
    finally:
        for database in names:
            machine.databases.drop(database)


def is_left_over(name):
    """Return whether a database belongs to a test run that was killed.

    :param str name: Of the database.
    :rtype: bool
    """
    parts = re.fullmatch(THROWAWAY.format(r"(\d+)", r"\d+"), name)
    return bool(parts) and not os.path.exists(f"/proc/{parts[1]}")


def _drop_left_overs(databases):
    """Drop the databases of test runs that were killed."""
    for name in filter(is_left_over, databases.get_names()):
        databases.drop(name)
