import os
import socket
import tempfile
from pathlib import Path

from odoo.tests import BaseCase

from odoo.addons.service_billing.devtools.addon_databases import get_code_key, get_dependencies, get_template_key
from odoo.addons.service_billing.devtools.commands.test import group_paths, split_paths
from odoo.addons.service_billing.devtools.databases import Databases
from odoo.addons.service_billing.devtools.errors import CommandError
from odoo.addons.service_billing.devtools.places import CHECKOUT, Places, get_home
from odoo.addons.service_billing.devtools.server import HOST, check_port, get_free_port
from odoo.addons.service_billing.devtools.setup.postgres import Postgres


class TestHome(BaseCase):
    def test_home_is_where_the_environment_says(self):
        self.assertEqual(get_home({"SERVICE_BILLING_HOME": "/elsewhere"}), Path("/elsewhere"))

    def test_home_is_outside_the_checkout(self):
        self.assertNotIn(CHECKOUT, [get_home({}), *get_home({}).parents])


class TestPort(BaseCase):
    def test_busy_port_is_refused_in_one_sentence(self):
        with socket.socket() as busy:
            busy.bind((HOST, 0))
            busy.listen()
            port = busy.getsockname()[1]

            with self.assertRaisesRegex(CommandError, f"^Port {port} is in use: choose another"):
                check_port(port)

    def test_free_port_is_accepted(self):
        check_port(get_free_port())


class TestTemplate(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.places = Places(Path(folder.name), checkout=Path(folder.name))

    def _get_key(self, *dependencies, version="19.0.1.0.0"):
        manifest = {"version": version, "depends": list(dependencies)}
        (self.places.checkout / "__manifest__.py").write_text(repr(manifest), encoding="utf-8")
        return get_template_key(self.places)

    def test_template_is_kept_while_the_dependencies_stay_the_same(self):
        self.assertEqual(self._get_key("sale", "account"), self._get_key("account", "sale", version="19.0.2.0.0"))

    def test_template_is_made_anew_when_a_dependency_joins(self):
        self.assertNotEqual(self._get_key("account"), self._get_key("account", "sale"))

    def test_code_key_follows_what_an_upgrade_reads(self):
        def get_key_after(name, text):
            path = self.places.checkout / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return get_code_key(self.places.checkout)

        before = get_key_after("models/thing.py", "A = 1")

        self.assertEqual(get_key_after("tests/test_thing.py", "B = 1"), before)
        self.assertEqual(get_key_after("README.md", "Things"), before)
        self.assertNotEqual(get_key_after("models/thing.py", "A = 2"), before)

    def test_dependencies_of_the_add_on_are_read_from_its_manifest(self):
        self.assertIn("account", get_dependencies(CHECKOUT))


class TestArguments(BaseCase):
    def test_paths_of_the_checkout_are_parted_from_arguments_of_pytest(self):
        paths, rest = split_paths(["-x", "tests/test_dev_commands.py::TestPort", "-k", "busy"])

        self.assertEqual(paths, [CHECKOUT / "tests/test_dev_commands.py::TestPort"])
        self.assertEqual(rest, ["-x", "-k", "busy"])

    def test_files_that_need_no_database_come_first(self):
        names = ["test_order_state.py", "test_logic_money.py", "test_dev_setup.py"]

        fast, slow = group_paths([CHECKOUT / "tests" / name for name in names])

        self.assertEqual([path.name for path in fast], ["test_logic_money.py", "test_dev_setup.py"])
        self.assertEqual([path.name for path in slow], ["test_order_state.py"])

    def test_folder_stands_for_its_test_files(self):
        fast, _slow = group_paths([CHECKOUT / "tests"])

        self.assertIn(CHECKOUT / "tests" / "test_dev_commands.py", fast)


class TestDatabases(BaseCase):
    def test_name_that_could_leave_the_statement_is_refused(self):
        places = Places(Path("/nowhere"))
        databases = Databases(places, Postgres(places))

        for name in ('x"; DROP DATABASE y; --', "x'y", "", "../x"):
            with self.assertRaisesRegex(CommandError, "is no name for a database"):
                databases.drop(name)

    def test_server_that_the_environment_names_is_used_as_it_is(self):
        postgres = Postgres(Places(Path("/nowhere")), environ={**os.environ, "PGHOST": "db.example"})

        self.assertFalse(postgres.is_own)
        self.assertEqual(postgres.get_env(), {})
