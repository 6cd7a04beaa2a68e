"""`./dev lint`: what a machine can say about style, manifest and access rights."""

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..errors import CommandError
from ..lint import CHECKS
from ..machine import set_up_programs
from ..places import CHECKOUT, MODULE
from ..run import say
from ..setup.node_tools import ensure_node_tools, get_node
from ..setup.steps import exclusive


def run(arguments):
    """Run every check and return how many found something."""
    parser = argparse.ArgumentParser(prog="dev lint")
    parser.add_argument("--fix", action="store_true", help="rewrite what can be mended without thought")
    options = parser.parse_args(arguments)
    machine = set_up_programs()
    with exclusive(machine.places):
        ensure_node_tools(machine.places)
    files = get_files()
    failed = [name for name, check in get_checks(machine, files, fix=options.fix) if not _passes(name, check)]
    say(f"\nTo mend: {', '.join(failed)}." if failed else "\nNothing to mend.")
    return len(failed)


def get_files():
    """Return the files that belong to the repository, ignored ones left out.

    :rtype: list[Path]
    :raise CommandError: If git cannot tell.
    """
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        output = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise CommandError(f"git cannot list the files of {CHECKOUT}: install git, and check with a clone.") from error
    return [Path(name) for name in sorted(output.split("\0")) if name and (CHECKOUT / name).is_file()]


def get_checks(machine, files, *, fix):
    """Return every check as its name and a function that returns zero when it finds nothing.

    :rtype: list[tuple[str, callable]]
    """
    places = machine.places
    ruff, node = places.venv / "bin" / "ruff", get_node(places)
    modules = places.node_tools / "node_modules"
    scripts = [file for file in files if file.suffix in (".js", ".mjs")]
    markup = [file for file in files if file.suffix == ".xml" and "i18n" not in file.parts]
    prettier = [node, modules / "prettier/bin/prettier.cjs", f"--config={places.node_tools / 'prettier.config.mjs'}"]
    prettier += [f"--plugin={modules / '@prettier/plugin-xml/src/plugin.js'}", "--log-level=warn"]
    eslint = [node, modules / "eslint/bin/eslint.js", f"--config={places.node_tools / 'eslint.config.mjs'}"]
    mend = ["--fix"] if fix else []
    return [
        ("ruff", lambda: call([ruff, "check", "--no-cache", "--quiet", *mend, "."])),
        ("ruff format", lambda: call([ruff, "format", "--no-cache", "--quiet", *([] if fix else ["--diff"]), "."])),
        ("prettier", lambda: call([*prettier, "--write" if fix else "--check", *markup, *scripts])),
        ("eslint", lambda: call([*eslint, *mend, *scripts]) if scripts else 0),
        ("pylint-odoo", lambda: call_pylint(machine, files)),
        ("manifest, access rights, sizes", call_own_checks),
    ]


def call(command, folder=CHECKOUT, **options):
    """Run a program in a folder and return its exit status."""
    return subprocess.call([str(part) for part in command], cwd=folder, **options)


def call_pylint(machine, files):
    """Run pylint-odoo on a copy that bears the add-on's name and is no git repository, as it needs."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, MODULE)
        for file in files:
            (copy / file.parent).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CHECKOUT / file, copy / file)
        pylint = [machine.places.python, "-m", "pylint", f"--rcfile={CHECKOUT / '.pylintrc'}", "--jobs=0", MODULE]
        return call([*pylint, "--ignore=devtools"], folder, env=machine.odoo.get_env())


def call_own_checks():
    """Print the findings of our own checks and return how many there are."""
    findings = [finding for check in CHECKS for finding in check(CHECKOUT)]
    for finding in findings:
        say(finding)
    return len(findings)


def _passes(name, check):
    say(f"{name} ...")
    return check() == 0
