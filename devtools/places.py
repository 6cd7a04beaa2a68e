"""Where everything lives that is not in the repository."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import CommandError

MODULE = "service_billing"
CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGE_FOLDER = Path("usr/lib/python3/dist-packages")


def get_home(environ=os.environ):
    """Return the folder that holds all that the set-up creates.

    :param dict environ: The environment to read.
    :rtype: Path
    """
    if environ.get("SERVICE_BILLING_HOME"):
        return Path(environ["SERVICE_BILLING_HOME"]).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/cache", MODULE)
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", MODULE)


@dataclass(frozen=True)
class Places:
    """Every folder and file of one home, for one checkout.

    All checkouts share the home (Odoo, Python, PostgreSQL, databases); the link that gives a checkout the add-on's
    name, and the configuration that points at it, are its own.
    """

    home: Path
    checkout: Path = CHECKOUT
    odoo_source: str = ""

    @classmethod
    def from_environment(cls):
        """Return the places that the environment asks for."""
        return cls(get_home(), odoo_source=os.environ.get("ODOO_SOURCE", ""))

    @property
    def apt(self):
        return self.home / "apt"

    @property
    def odoo_root(self):
        """The folder into which the Debian packages are unpacked."""
        return self.home / "odoo"

    @property
    def odoo_path(self):
        """The folder that holds the Python package `odoo`."""
        return Path(self.odoo_source).expanduser().absolute() if self.odoo_source else self.odoo_root / PACKAGE_FOLDER

    @property
    def queue_job(self):
        return self.home / "queue_job"

    @property
    def localstripe(self):
        return self.home / "localstripe"

    @property
    def venv(self):
        return self.home / "venv"

    @property
    def python(self):
        return self.venv / "bin" / "python"

    @property
    def node_tools(self):
        return self.home / "node"

    @property
    def postgres(self):
        return self.home / "postgres"

    @property
    def data(self):
        """Odoo's data folder: the filestores and the sessions."""
        return self.home / "data"

    @property
    def logs(self):
        return self.home / "logs"

    @property
    def stamps(self):
        """One file a finished step of the set-up, holding what it was made from."""
        return self.home / "stamps"

    @property
    def own(self):
        """The folder that belongs to this checkout alone."""
        digest = hashlib.sha256(str(self.checkout).encode()).hexdigest()[:8]
        return self.home / "checkouts" / digest

    @property
    def addons(self):
        return self.own / "addons"

    @property
    def addon(self):
        """The checkout under the name of the add-on."""
        return self.addons / MODULE

    @property
    def config(self):
        return self.own / "odoo.conf"

    @property
    def production_config(self):
        return self.own / "odoo.production.conf"

    def get_addons_path(self):
        """Return the folders in which Odoo looks for add-ons, existing ones only.

        :rtype: list[Path]
        """
        folders = [
            self.odoo_path / "odoo" / "addons",
            self.odoo_path / "addons",
            self.queue_job / "odoo" / "addons",
            self.addons,
        ]
        return [folder for folder in folders if folder.is_dir()]


def check_series(odoo_path):
    """Refuse a folder that is not the source of Odoo 19.0.

    :raise CommandError: If there is no Odoo, or one of another series.
    """
    release = odoo_path / "odoo" / "release.py"
    if not release.is_file():
        raise CommandError(f"ODOO_SOURCE is {odoo_path}, but there is no odoo/release.py in it.")
    if not re.search(r"^version_info = \(19, 0,", release.read_text(encoding="utf-8"), re.MULTILINE):
        raise CommandError(f"ODOO_SOURCE is {odoo_path}, which is not Odoo 19.0.")
