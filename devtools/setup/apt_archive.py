"""Debian packages through an apt with lists and cache of its own: the system's apt stays as it is."""

import shutil
import subprocess
from pathlib import Path

from ..errors import CommandError
from ..run import run_logged

ARCHIVE_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
TARGET = "$(REPO_URI)|$(ORIGIN)|$(LABEL)"
ODOO_SOURCE_HINT = (
    "set ODOO_SOURCE to a folder with the source of Odoo 19.0 (the one that holds odoo/release.py) and start again."
)


def read_mirror(targets):
    """Return the address of the Debian archive among the sources of this machine's apt.

    :param str targets: What apt says of each index that it knows, in the format `TARGET`.
    :return: The address, or an empty text when no source is the Debian archive itself.
    :rtype: str

    >>> read_mirror("http://x/debian-security/|Debian|Debian-Security\\nhttp://x/debian/|Debian|Debian")
    'http://x/debian/'
    """
    parts = [line.split("|") for line in targets.splitlines()]
    return next((address for address, *origin in parts if origin == ["Debian", "Debian"]), "")


def get_debian_archive(places, suites):
    """Return the Debian archive that this machine's apt uses, with the lists of other suites.

    :param list[str] suites: Names such as `unstable` and `bookworm`.
    :rtype: Apt
    :raise CommandError: If this machine has no mirror that serves the suites.
    """
    mirror = read_mirror(get_system_archives(places, "system").get_targets())
    if not mirror or not ARCHIVE_KEYRING.is_file():
        raise CommandError(f"No Debian archive was found among this machine's apt sources: {ODOO_SOURCE_HINT}")
    lines = [f"deb [signed-by={ARCHIVE_KEYRING}] {mirror} {suite} main\n" for suite in suites]
    archive = Apt(places, "debian", sources="".join(lines))
    archive.update(
        f"Debian {' and '.join(suites)} could not be reached (if this machine's mirror does not carry them, set "
        "ODOO_SOURCE to a folder with the source of Odoo 19.0)",
        "-oAPT::Update::Error-Mode=any",
    )
    return archive


def get_system_archives(places, name):
    """Return all archives that this machine's apt uses.

    :param str name: Of the folder; what runs at the same time takes another.
    :rtype: Apt
    """
    archives = Apt(places, name)
    archives.update("The lists of this machine's apt sources could not be fetched")
    return archives


class Apt:
    """An apt that looks up and downloads; root is not needed.

    :param Places places: Where its folders live.
    :param str name: Of its folder.
    :param str sources: Its sources, in apt's one-line format; the system's when empty.
    """

    def __init__(self, places, name, sources=""):
        self.logs = places.logs
        self.name = name
        self.folder = places.apt / name
        for folder in ("lists/partial", "cache/archives/partial"):
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
        self.options = [f"-oDir::State::Lists={self.folder / 'lists'}", f"-oDir::Cache={self.folder / 'cache'}"]
        if sources:
            file = self.folder / "sources.list"
            file.write_text(sources, encoding="utf-8")
            self.options += [f"-oDir::Etc::SourceList={file}", "-oDir::Etc::SourceParts=/dev/null"]

    def update(self, failure, *options):
        """Fetch the lists of packages.

        :param str failure: What to say when it fails, without a full stop.
        """
        log = self.logs / f"apt-update-{self.name}.log"
        run_logged(["apt-get", *self.options, *options, "update"], log=log, failure=failure)

    def get_targets(self):
        """Return one line an index that was fetched, in the format `TARGET`."""
        command = ["apt-get", *self.options, "indextargets", "--format", TARGET, "Created-By: Packages"]
        return subprocess.run(command, capture_output=True, check=False, text=True).stdout

    def download(self, packages, failure):
        """Download packages.

        :param list[str] packages: Names, with `/suite` where it matters.
        :param str failure: What to say when it fails, without a full stop.
        :return: The files.
        :rtype: list[Path]
        """
        folder = self.folder / "packages"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        log = self.logs / f"apt-download-{self.name}.log"
        run_logged(["apt-get", *self.options, "download", *packages], log=log, failure=failure, cwd=folder)
        return sorted(folder.glob("*.deb"))
