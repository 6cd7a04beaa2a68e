"""Databases that Odoo made: the template with the dependencies, and copies of it with the add-on."""

import ast

from .errors import CommandError
from .places import MODULE
from .run import note
from .setup.odoo_source import ODOO_STAMP
from .setup.python_env import REQUIREMENTS
from .setup.steps import exclusive, get_key

TEMPLATE = "sb_template"
DEMO = "sb_demo"
BUILDING_SUFFIX = "_building"
UPGRADED = {".csv", ".po", ".py", ".xml"}
NOT_UPGRADED = {"devtools", "tests"}


def get_dependencies(checkout):
    """Return the modules that the add-on depends on, sorted.

    :param Path checkout: The folder of the add-on.
    :rtype: list[str]
    """
    manifest = ast.literal_eval((checkout / "__manifest__.py").read_text(encoding="utf-8"))
    return sorted(manifest["depends"])


def get_template_key(places):
    """Return what the template is made from: dependencies, the job queue's version, Odoo's source.

    :rtype: str
    """
    stamp = places.stamps / ODOO_STAMP
    source = places.odoo_source or (stamp.read_text(encoding="utf-8") if stamp.is_file() else "")
    return get_key(*get_dependencies(places.checkout), REQUIREMENTS / "queue_job.txt", source)


def ensure_template(machine):
    """Have the template: all dependencies, no add-on, no demo data; made anew when the dependencies changed."""
    databases, building = machine.databases, TEMPLATE + BUILDING_SUFFIX
    key = get_template_key(machine.places)
    with exclusive(machine.places):
        if databases.get_note(TEMPLATE) == key:
            return
        note("Database: installing the dependencies, once (about a minute).")
        databases.drop(building)
        machine.odoo.run(
            *["-d", building, "-i", ",".join(get_dependencies(machine.places.checkout))],
            log="template",
            failure="The dependencies could not be installed",
        )
        databases.set_note(building, key)
        databases.rename(building, TEMPLATE)


def get_code_key(checkout):
    """Return what a database with the add-on was made from: every file that an upgrade would read.

    :param Path checkout: The folder of the add-on.
    :rtype: str
    """
    files = [
        file
        for file in sorted(checkout.rglob("*"))
        if file.suffix in UPGRADED and not NOT_UPGRADED.intersection(file.relative_to(checkout).parts)
    ]
    return get_key(*(part for file in files for part in (str(file.relative_to(checkout)), file)))


def create_database(machine, name):
    """Make a database with the add-on and no demo data; one of that name is replaced."""
    ensure_template(machine)
    machine.databases.copy(TEMPLATE, name)
    _install(machine, name)


def create_demo(machine, name):
    """Make a database with the add-on and its demo data; one of that name is replaced.

    Odoo loads demo data only on top of demo data. The template has none, so that the firm of our demo is alone in its
    database: the modules in it are marked as if they had theirs.
    """
    ensure_template(machine)
    machine.databases.copy(TEMPLATE, name)
    machine.postgres.query("UPDATE ir_module_module SET demo = true WHERE state = 'installed'", database=name)
    _install(machine, name, "--with-demo")


def ensure_demo(machine):
    """Have the demo database.

    :return: Whether it was made just now.
    :rtype: bool
    """
    key = get_code_key(machine.places.checkout)
    if DEMO in machine.databases.get_names():
        if machine.databases.get_note(DEMO) != key:
            note("The add-on changed since the demo database was made: ./dev update brings it up to date.")
        return False
    ensure_template(machine)
    note("Database: creating the demo.")
    create_demo(machine, DEMO + BUILDING_SUFFIX)
    machine.databases.set_note(DEMO + BUILDING_SUFFIX, key)
    machine.databases.rename(DEMO + BUILDING_SUFFIX, DEMO)
    return True


def ensure_database(machine, name, *, with_demo=False):
    """Have a database with the add-on as it is in this checkout: made when missing, else upgraded."""
    if name == DEMO and ensure_demo(machine):
        return
    if name in machine.databases.get_names():
        note(f"Database {name}: upgrading the add-on.")
        machine.odoo.run(*["-d", name, "-u", MODULE], log=f"update-{name}", failure="The add-on could not be upgraded")
        machine.databases.set_note(name, get_code_key(machine.places.checkout))
        return
    note(f"Database {name}: installing the add-on.")
    (create_demo if with_demo else create_database)(machine, name)


def _install(machine, name, *options):
    try:
        machine.odoo.run(
            *["-d", name, "-i", MODULE, *options],
            log=f"install-{name}",
            failure="The add-on could not be installed",
        )
    except CommandError:
        machine.databases.drop(name)
        raise
