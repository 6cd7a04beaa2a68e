"""The machine that every command works on, and the set-up that makes it ready."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

from .databases import Databases
from .odoo import Odoo
from .places import Places
from .setup.browser import ensure_browser
from .setup.odoo_source import check_odoo_source, ensure_odoo
from .setup.postgres import Postgres
from .setup.python_env import check_python, ensure_python
from .setup.steps import exclusive


class Machine:
    """Where everything is, the database server, the databases and Odoo."""

    def __init__(self, places=None):
        self.places = places or Places.from_environment()
        self.postgres = Postgres(self.places)
        self.databases = Databases(self.places, self.postgres)
        self.odoo = Odoo(self.places, self.postgres)


def set_up_programs():
    """Have the Python packages, Odoo and Chromium.

    :rtype: Machine
    :raise CommandError: If something cannot be had.
    """
    check_python()
    os.umask(0o022)
    machine = Machine()
    check_odoo_source(machine.places)
    with exclusive(machine.places):
        with ThreadPoolExecutor() as pool:
            steps = [pool.submit(step, machine.places) for step in (ensure_python, ensure_odoo, ensure_browser)]
        for step in steps:
            step.result()
        shutil.rmtree(machine.places.apt, ignore_errors=True)
        machine.odoo.write_config()
    return machine


def set_up():
    """Have everything, with a database server that runs.

    :rtype: Machine
    :raise CommandError: If something cannot be had.
    """
    machine = set_up_programs()
    with exclusive(machine.places):
        machine.postgres.ensure()
    return machine
