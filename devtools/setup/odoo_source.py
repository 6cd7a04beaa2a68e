"""Odoo 19.0: from the folder ODOO_SOURCE, else unpacked from Debian's package."""

import shutil
import subprocess
import tarfile

from ..errors import CommandError
from ..places import PACKAGE_FOLDER, check_series
from .apt_archive import ODOO_SOURCE_HINT, get_debian_archive
from .steps import get_key, is_done, run_step

ODOO_STAMP = "odoo"
LANGUAGES = {"en", "fr", "de", "es", "nl"}
# The package links its fonts and small libraries into these; Font Awesome moved its files after bookworm's 4.7.
LINKED_PACKAGES = [
    "fonts-font-awesome/bookworm",
    "fonts-inconsolata/bookworm",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
]
ODOO_KEY = get_key("odoo-19", *LINKED_PACKAGES, *sorted(LANGUAGES))
# Left out of the package as not free, but named by the asset bundle: without it every backend page logs an error.
MISSING_FILE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def check_odoo_source(places):
    """Refuse, before anything is installed, a machine on which Odoo can neither be found nor downloaded.

    :raise CommandError: If ODOO_SOURCE is wrong, or apt is needed and not there.
    """
    if places.odoo_source:
        check_series(places.odoo_path)
    elif not is_done(places, ODOO_STAMP, ODOO_KEY) and not shutil.which("apt-get"):
        raise CommandError(f"This machine has no apt to fetch Odoo with: {ODOO_SOURCE_HINT}")


def ensure_odoo(places):
    """Have the source of Odoo 19.0 at `places.odoo_path`.

    :raise CommandError: If it cannot be downloaded.
    """
    if places.odoo_source:
        return
    run_step(
        places,
        ODOO_STAMP,
        key=ODOO_KEY,
        message="Odoo 19.0: downloading and unpacking the Debian package (123 MB).",
        build=lambda: _build(places),
    )


def _build(places):
    archive = get_debian_archive(places, ["unstable", "bookworm"])
    packages = archive.download(["odoo-19", *LINKED_PACKAGES], "The Debian package of Odoo could not be downloaded")
    unpacked = places.odoo_root.with_name("odoo.partial")
    shutil.rmtree(unpacked, ignore_errors=True)
    for package in packages:
        unpack(package, unpacked, is_wanted if package.name.startswith("odoo-19_") else lambda name: True)
    _complete(unpacked)
    shutil.rmtree(places.odoo_root, ignore_errors=True)
    unpacked.rename(places.odoo_root)


def unpack(package, folder, is_wanted_file):
    """Unpack a Debian package.

    :param Path package: The package.
    :param Path folder: Where its root goes.
    :param callable is_wanted_file: Takes a name such as `usr/lib/...`, returns whether to unpack it.
    :raise CommandError: If the package is damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = ["dpkg", "--fsys-tarfile", str(package)]
    damaged = f"The package {package.name} is damaged; start again to download it anew."
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as stream:
        try:
            with tarfile.open(fileobj=stream.stdout, mode="r|") as files:
                for member in files:
                    if is_wanted_file(member.name.removeprefix("./")):
                        files.extract(member, folder)
        except tarfile.TarError as error:
            raise CommandError(damaged) from error
    if stream.returncode:
        raise CommandError(damaged)


def is_wanted(name):
    """Return whether a file of the package odoo-19 is needed to run Odoo.

    >>> is_wanted("usr/lib/python3/dist-packages/odoo/addons/account/i18n/fr.po")
    True
    >>> is_wanted("usr/lib/python3/dist-packages/odoo/addons/account/i18n/th.po")
    False
    """
    package = f"{PACKAGE_FOLDER}/odoo/"
    if not name.startswith(package):
        return False
    _, _, inside = name.partition(package)
    if "/i18n/" in inside:
        return name.endswith(".po") and name.rpartition("/")[2].removesuffix(".po").split("_")[0] in LANGUAGES
    return "/static/description/" not in inside or inside.endswith(("/icon.png", "/icon.svg"))


def _complete(root):
    addons = root / PACKAGE_FOLDER / "odoo" / "addons"
    missing_file = addons / MISSING_FILE
    missing_file.parent.mkdir(parents=True, exist_ok=True)
    missing_file.touch()
    dangling = [path for path in root.rglob("*") if path.is_symlink() and not path.exists()]
    if dangling:
        raise CommandError(f"The Odoo package links to a file that no package brings: {dangling[0]}.")
