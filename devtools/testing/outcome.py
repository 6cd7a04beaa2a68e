"""Pytest plugin: writes how many tests passed, failed and were skipped, and which failed, for the sum over all runs."""

import collections
import json
import os
from pathlib import Path

import freezegun

COUNTS = collections.Counter()
FAILED = []


def pytest_configure():
    """Have pytest measure real time, also of the tests that stop the clock."""
    freezegun.configure(extend_ignore_list=["_pytest.timing"])


def pytest_runtest_logreport(report):
    """Count a finished test once; an error before or after it counts as a failure."""
    if report.failed:
        _note_failure(report)
    elif report.skipped:
        COUNTS["skipped"] += 1
    elif report.when == "call":
        COUNTS["passed"] += 1


def pytest_collectreport(report):
    """Count a file that cannot be imported as a failure."""
    if report.failed:
        _note_failure(report)


def pytest_sessionfinish():
    """Write what was counted to a file of this process in the folder that the environment names."""
    file = Path(os.environ["SERVICE_BILLING_OUTCOME"], f"{os.getpid()}.json")
    file.write_text(json.dumps({"counts": COUNTS, "failed": FAILED}), encoding="utf-8")


def _note_failure(report):
    COUNTS["failed"] += 1
    FAILED.append(report.nodeid)
