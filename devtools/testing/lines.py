"""Pytest plugin: notes which lines of the add-on the tests run, in a file of this process in the folder that the
environment names.

SlipCover counts inside the code of the add-on; coverage.py also looks at every call of Odoo's, and the tests take half
as long again.
"""

import json
import os
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
from slipcover import FileMatcher, Slipcover

from ..places import CHECKOUT

LEFT_OUT = ["*/devtools/*", "*/tests/*", "*/__manifest__.py"]
MATCHER = FileMatcher(sources=[CHECKOUT], omit=LEFT_OUT)
COUNTER = Slipcover(source=[CHECKOUT], omit=LEFT_OUT)


def get_code(loader, name, *, original=SourceFileLoader.get_code):
    """Return the code of a module; it counts its lines if it is the add-on's."""
    path = Path(loader.path).resolve()
    if not MATCHER.matches(path):
        return original(loader, name)
    return COUNTER.instrument(compile(path.read_bytes(), path, "exec"))


@pytest.hookimpl(tryfirst=True)
def pytest_configure():
    """Count the lines of what is imported from now on."""
    SourceFileLoader.get_code = get_code


def pytest_sessionfinish():
    """Write down which lines ran, and which did not."""
    file = Path(os.environ["SERVICE_BILLING_LINES"], f"{os.getpid()}.json")
    file.write_text(json.dumps(COUNTER.get_coverage()), encoding="utf-8")
