"""Pytest plugin: writes how many tests passed, failed and were skipped, for the sum over all runs."""

import collections
import json
import os
from pathlib import Path

COUNTS = collections.Counter()


def pytest_runtest_logreport(report):
    """Count a finished test once; an error before or after it counts as a failure."""
    if report.failed:
        COUNTS["failed"] += 1
    elif report.skipped:
        COUNTS["skipped"] += 1
    elif report.when == "call":
        COUNTS["passed"] += 1


def pytest_collectreport(report):
    """Count a file that cannot be imported as a failure."""
    if report.failed:
        COUNTS["failed"] += 1


def pytest_sessionfinish():
    """Write the counts to a file of this process in the folder that the environment names."""
    file = Path(os.environ["SERVICE_BILLING_OUTCOME"], f"{os.getpid()}.json")
    file.write_text(json.dumps(COUNTS), encoding="utf-8")
