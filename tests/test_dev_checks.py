import ast
import tempfile
import textwrap
from pathlib import Path

from odoo.tests import BaseCase

from odoo.addons.service_billing.devtools.lint.access import check_access
from odoo.addons.service_billing.devtools.lint.manifest import check_manifest
from odoo.addons.service_billing.devtools.lint.size import check_sizes, get_function_sizes

HEADER = "id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n"
MODEL = """
from odoo import fields, models


class {name}(models.{kind}):
    _name = "service.{table}"
    company_id = fields.Many2one("res.company")
"""
RULE = """
<odoo>
    <record id="rule" model="ir.rule">
        <field name="model_id" ref="{model}" />
        <field name="domain_force">{domain}</field>
    </record>
</odoo>
"""


class CheckCase(BaseCase):
    """A small add-on that has nothing to mend."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.manifest = {
            "version": "19.0.1.0.0",
            "license": "LGPL-3",
            "depends": ["account", "sale"],
            "data": ["security/ir.model.access.csv", "security/rules.xml"],
        }
        self._write("dev", "")
        self._write("models/thing.py", MODEL.format(name="Thing", kind="Model", table="thing"))
        self._write(
            "security/ir.model.access.csv", f"{HEADER}thing,thing,model_service_thing,base.group_user,1,1,1,1\n"
        )
        self._write("security/rules.xml", RULE.format(model="model_service_thing", domain="[('company_id', '=', 1)]"))
        self._write_manifest()

    def _write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _write_manifest(self, **values):
        self._write("__manifest__.py", repr({**self.manifest, **values}))


class TestManifestCheck(CheckCase):
    def test_manifest_that_agrees_with_the_files_has_no_finding(self):
        self.assertEqual(list(check_manifest(self.root)), [])

    def test_missing_and_unnamed_files_are_found(self):
        self._write("views/order/thing_views.xml", "<odoo/>")
        self._write_manifest(demo=["demo/none.xml"])

        self.assertCountEqual(
            check_manifest(self.root),
            [
                "__manifest__.py: demo/none.xml is not there.",
                "views/order/thing_views.xml: the manifest does not name it.",
            ],
        )

    def test_values_against_the_rules_are_found(self):
        self._write_manifest(version="1.0", license="AGPL-3", depends=["sale", "account"])

        self.assertEqual(len(list(check_manifest(self.root))), 3)

    def test_asset_that_matches_no_file_is_found(self):
        self._write("static/src/a.js", "")
        entries = ["service_billing/static/src/*.js", ("remove", "service_billing/static/src/*.scss"), "web/x.js"]
        self._write_manifest(assets={"web.assets_backend": entries})

        self.assertEqual(
            list(check_manifest(self.root)),
            ["__manifest__.py: service_billing/static/src/*.scss in web.assets_backend matches no file."],
        )

    def test_test_file_that_nothing_imports_is_found(self):
        self._write("tests/__init__.py", "from . import test_one\n")
        self._write("tests/test_one.py", "")
        self._write("tests/test_two.py", "")

        self.assertEqual(list(check_manifest(self.root)), ["tests/test_two.py: tests/__init__.py does not import it."])


class TestAccessCheck(CheckCase):
    def test_models_with_rights_and_rule_have_no_finding(self):
        self.assertEqual(list(check_access(self.root)), [])

    def test_model_without_rights_and_rule_is_found(self):
        self._write("models/other.py", MODEL.format(name="Other", kind="Model", table="other"))

        self.assertEqual(len(list(check_access(self.root))), 2)

    def test_abstract_model_and_extension_need_no_rights(self):
        self._write("models/mixin.py", MODEL.format(name="Mixin", kind="AbstractModel", table="mixin"))
        self._write(
            "models/partner.py", 'class P(models.Model):\n    _name = "res.partner"\n    _inherit = "res.partner"\n'
        )

        self.assertEqual(list(check_access(self.root)), [])

    def test_rule_that_does_not_look_at_the_company_is_not_enough(self):
        self._write("security/rules.xml", RULE.format(model="model_service_thing", domain="[('user_id', '=', 1)]"))

        self.assertEqual(len(list(check_access(self.root))), 1)

    def test_order_of_models_and_rights_of_everybody_are_checked(self):
        self._write(
            "security/ir.model.access.csv",
            f"{HEADER}thing,thing,model_service_thing,base.group_user,1,1,1,1\nline,line,model_service_line,,1,0,0,0\n",
        )

        self.assertEqual(
            list(check_access(self.root)),
            [
                "security/ir.model.access.csv: model_service_line is not in alphabetical order.",
                "security/ir.model.access.csv: line gives rights to everybody.",
            ],
        )


class TestSizeCheck(CheckCase):
    def test_long_function_is_found(self):
        self._write("models/long.py", "def long():\n" + "    print()\n" * 31)

        self.assertEqual(list(check_sizes(self.root)), ["models/long.py:1: long has 31 lines of code, more than 30."])

    def test_long_file_is_found(self):
        self._write("models/long.py", "A = 1\n" * 301)

        self.assertEqual(list(check_sizes(self.root)), ["models/long.py: 301 lines, more than 300."])

    def test_docstring_comments_and_blank_lines_are_no_code(self):
        text = textwrap.dedent('''\
            def short():
                """Say what.

                At length.
                """
                # A comment.

                text = """one
                two"""
                return text
            ''')

        [(function, size)] = get_function_sizes(text)

        self.assertIsInstance(function, ast.FunctionDef)
        self.assertEqual(size, 3)
