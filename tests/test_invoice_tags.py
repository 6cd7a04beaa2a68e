from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .print_common import PrintCommon


@tagged("post_install", "-at_install")
class TestInvoiceTags(PrintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag, cls.other_tag = (
            cls.env["service.invoice.tag"]
            .with_user(cls.biller)
            .create([{"name": "Emergency", "color": 2}, {"name": "Insurance"}])
        )
        cls.invoice = cls._create_invoice_of([("Maintenance", 100.0, cls.tax_of_ten)])

    def test_finalized_invoice_takes_and_drops_tags(self):
        self.invoice.billing_tag_ids = self.tag | self.other_tag
        self.invoice.billing_tag_ids -= self.tag

        self.assertEqual(self.invoice.billing_tag_ids, self.other_tag)

    def test_tags_are_not_printed(self):
        self.invoice.billing_tag_ids = self.tag

        self.assertNotIn("Emergency", self._print_html(self.invoice).text_content())

    def test_invoices_are_found_and_counted_by_tag(self):
        untagged = self._create_invoice_of([("Maintenance", 50.0, self.tax_of_ten)])
        self.invoice.billing_tag_ids = self.tag | self.other_tag
        documents = self.env["account.move"].with_user(self.biller)
        domain = [("id", "in", (self.invoice | untagged).ids)]

        found = documents.search([*domain, ("billing_tag_ids", "=", "Emergency")])
        counted = documents._read_group(domain, ["billing_tag_ids"], ["__count"])

        self.assertEqual(found, self.invoice)
        self.assertEqual({tag.name: count for tag, count in counted}, {"Emergency": 1, "Insurance": 1, False: 1})

    def test_tags_are_exported(self):
        self.invoice.billing_tag_ids = self.tag | self.other_tag

        rows = self.invoice.sudo().export_data(["name", "billing_tag_ids"])["datas"]

        self.assertEqual(rows, [[self.invoice.name, "Emergency,Insurance"]])

    def test_tag_of_another_company_is_refused(self):
        self._set_up_second_company()
        foreign = self.env["service.invoice.tag"].create({"name": "Foreign", "company_id": self.second_company.id})

        with self.assertRaises(UserError):
            self.invoice.sudo().billing_tag_ids = foreign

    def test_tag_is_there_once_in_a_company(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.tag.copy({"name": "Emergency"})

    def test_form_of_draft_takes_tags(self):
        draft = self.invoice.copy()
        with Form(draft.with_user(self.biller)) as form:
            form.billing_tag_ids.add(self.tag)

        self.assertEqual(draft.billing_tag_ids, self.tag)

    def test_no_records_no_tags(self):
        self.assertFalse(self.env["account.move"].billing_tag_ids)
        self.assertEqual(self.invoice.browse().write({"billing_tag_ids": [Command.set(self.tag.ids)]}), True)
