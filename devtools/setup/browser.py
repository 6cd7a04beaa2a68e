"""Chromium for PDFs and browser tests: the one change made to the system, and only through apt as root."""

import os
import shutil
import subprocess

from ..run import note, run_logged, write_atomically
from .steps import get_key, is_done

UNKNOWN_STAMP = "browser"
PROGRAMS = ["chromium-headless-shell", "chromium"]
# Each package with a file that it brings.
FONTS = {
    "fonts-noto-core": "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "fonts-droid-fallback": "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf",
}


def get_missing_packages():
    """Return the Debian packages that PDFs and browser tests lack on this machine.

    :rtype: list[str]
    """
    programs = [program for program in PROGRAMS if not shutil.which(program)]
    return programs + [package for package, file in FONTS.items() if not os.path.exists(file)]


def get_missing_sentence():
    """Return what to install before PDFs and browser tests work, empty when nothing is missing.

    :rtype: str
    """
    missing = get_missing_packages()
    if not missing:
        return ""
    return f"PDFs and browser tests need more of this system, to be installed as root: apt install {' '.join(missing)}."


def ensure_browser(places):
    """Install what is missing when root on a machine with apt, else say what is missing.

    What this system's apt does not know is looked for once; a system without a browser serves all but PDFs.

    :raise CommandError: If apt knows a package but cannot install it.
    """
    missing = get_missing_packages()
    if not missing:
        return
    if not os.geteuid() and shutil.which("apt-get") and not is_done(places, UNKNOWN_STAMP, get_key(*missing)):
        note(f"System: installing {', '.join(missing)} through apt, for PDFs and browser tests.")
        _install(places, missing)
        missing = get_missing_packages()
        write_atomically(places.stamps / UNKNOWN_STAMP, get_key(*missing))
    if missing:
        note(get_missing_sentence())


def _is_known(package):
    answer = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return answer.returncode == 0


def _install(places, packages):
    _apt_get(places, "update", failure="The lists of Debian packages could not be fetched")
    known = [name for name in packages if _is_known(name)]
    options = ["--yes", "--no-install-recommends"]
    if known:
        _apt_get(places, "install", *options, *known, failure=f"apt could not install {', '.join(known)}")


def _apt_get(places, *arguments, failure):
    run_logged(
        ["apt-get", "-oDPkg::Lock::Timeout=120", *arguments],
        log=places.logs / f"apt-{arguments[0]}-system.log",
        failure=failure,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
