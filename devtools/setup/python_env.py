"""The virtual environment with everything Odoo, the add-on and the tests import."""

import importlib.util
import shutil
import sys
from pathlib import Path

from ..errors import CommandError
from ..run import run_logged
from .apt_archive import get_system_archives
from .odoo_source import unpack
from .steps import get_key, run_step

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
MINIMUM, BEYOND = (3, 10), (3, 14)


def check_python(version=sys.version_info):
    """Refuse a Python for which the pinned packages have no wheels.

    :raise CommandError: If the version is outside 3.10 to 3.13.
    """
    if not MINIMUM <= tuple(version[:2]) < BEYOND:
        raise CommandError(
            f"This is Python {version[0]}.{version[1]}; start ./dev with Python 3.10, 3.11, 3.12 or 3.13, "
            "for instance as `python3.12 ./dev serve`."
        )


def ensure_python(places):
    """Have a virtual environment with the pinned packages, and the job queue's add-on beside it."""
    interpreter = get_key(sys.version, sys.base_prefix)
    run_step(
        places,
        "venv",
        key=interpreter,
        message="Python: making a virtual environment.",
        build=lambda: _build_venv(places),
    )
    wheels, sources = REQUIREMENTS / "wheels.txt", REQUIREMENTS / "sources.txt"
    run_step(
        places,
        "packages",
        key=get_key(interpreter, wheels, sources),
        message="Python: installing the pinned packages.",
        build=lambda: _install_packages(places, wheels, sources),
    )
    add_on = REQUIREMENTS / "queue_job.txt"
    run_step(
        places,
        "queue_job",
        key=get_key(add_on),
        message="Python: installing the job queue.",
        build=lambda: _install_apart(
            places, places.queue_job, ["--only-binary=:all:", "-r", add_on], "The job queue could not be installed"
        ),
    )


def ensure_localstripe(places):
    """Have localstripe for the tests, in a folder of its own."""
    requirements = REQUIREMENTS / "localstripe.txt"
    run_step(
        places,
        "localstripe",
        key=get_key(sys.version, requirements),
        message="Python: installing localstripe.",
        build=lambda: _install_apart(
            places,
            places.localstripe,
            ["--no-build-isolation", "-r", requirements],
            "localstripe could not be installed",
        ),
    )


def _build_venv(places):
    shutil.rmtree(places.venv, ignore_errors=True)
    run_logged(
        [sys.executable, "-m", "venv", "--without-pip", places.venv],
        log=places.logs / "venv.log",
        failure="The virtual environment could not be made",
    )
    run_logged(_get_pip_installer(places), log=places.logs / "pip.log", failure="pip could not be set up")


def _get_pip_installer(places):
    """Return a command that brings pip into the virtual environment; Debian's Python may lack `ensurepip`."""
    if importlib.util.find_spec("ensurepip"):
        return [places.python, "-m", "ensurepip", "--default-pip"]
    wheel = _download_pip(places)
    return [places.python, wheel / "pip", "install", "--no-index", wheel]


def _download_pip(places):
    """Return pip's wheel out of the Debian package that the distribution's own `venv` takes it from."""
    if not shutil.which("apt-get"):
        raise CommandError("This Python lacks ensurepip: install it and start again.")
    archives = get_system_archives(places, "pip")
    failure = "This Python lacks ensurepip, and the package python3-pip-whl could not be downloaded"
    for package in archives.download(["python3-pip-whl"], failure):
        unpack(package, archives.folder, lambda name: name.endswith(".whl"))
    return next(archives.folder.glob("usr/share/python-wheels/pip-*.whl"))


def _install_packages(places, wheels, sources):
    failure = "The Python packages could not be installed"
    log = places.logs / "packages.log"
    run_logged([*_get_install(places), "--only-binary=:all:", "-r", wheels], log=log, failure=failure)
    run_logged([*_get_install(places), "--no-build-isolation", "-r", sources], log=log, failure=failure)


def _install_apart(places, folder, options, failure):
    """Install packages into a folder, of which nothing is there as long as they are not complete."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    log = places.logs / f"{folder.name}.log"
    run_logged([*_get_install(places), "--target", partial, *options], log=log, failure=failure)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def _get_install(places):
    return [places.python, "-m", "pip", "install", "--no-deps", "--quiet", "--no-input"]
