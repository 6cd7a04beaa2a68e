"""`python -m devtools.bench [--json] [ROW ...]`: measure rows of the performance budget and print them."""

import argparse
import json
import os
import sys

from ..addon_databases import TEMPLATE, create_database
from ..errors import CommandError
from ..machine import Machine
from ..run import note, say
from .rows import ROWS
from .worker import Worker

CUSTOMERS = 500
CORE, OURS = "sb_bench_core", "sb_bench_ours"
COLUMNS = "{row:<10}{ours:>10}{baseline:>11}{ratio:>8}  {unit:<22}{budget:<38}{verdict}"


def main(arguments):
    """Measure the rows that are asked for, all by default.

    :return: 0, also when a budget is missed: a benchmark is not a test. 2 for a row that does not exist.
    """
    parser = argparse.ArgumentParser(prog="dev bench", description="Measure the add-on against core.")
    parser.add_argument("--json", action="store_true", help="print one JSON object a row")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"one of {', '.join(ROWS)}")
    options = parser.parse_args(arguments)
    unknown = set(options.rows) - set(ROWS)
    if unknown:
        note(f"There is no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}.")
        return 2
    machine = Machine()
    try:
        machine.databases.copy(TEMPLATE, CORE)
        create_database(machine, OURS)
        for name in (CORE, OURS):
            with Worker(name) as worker:
                worker.run("prepare", count=CUSTOMERS)
        _print_rows(options.rows or list(ROWS), as_json=options.json)
    except CommandError as error:
        note(f"The benchmarks could not be prepared: {error}")
        return 1
    finally:
        for name in (CORE, OURS):
            machine.databases.drop(name)
    return 0


def _print_rows(names, *, as_json):
    if not as_json:
        say(f"Measured on {os.cpu_count()} cores; each row against core in the same run.")
        say(
            COLUMNS.format(
                row="row", ours="ours", baseline="core", ratio="ratio", unit="unit", budget="budget", verdict=""
            )
        )
    for name in names:
        with Worker(CORE) as core, Worker(OURS) as ours:
            result = {"row": name, **ROWS[name](core, ours), "cores": os.cpu_count()}
        if as_json:
            say(json.dumps(result))
            continue
        numbers = {key: f"{result[key]:.3f}" for key in ("ours", "baseline", "ratio")}
        say(COLUMNS.format(**{**result, **numbers}, verdict="ok" if result["ok"] else "MISSED"))
        say(f"          {result['detail']}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
