from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_template import WHITE_PIXEL, TemplateCommon


@tagged("post_install", "-at_install")
class TestInvoiceTemplatePrint(TemplateCommon):
    # === PRINT === #

    def test_invoice_prints_the_look_of_its_template(self):
        draft = self._draft()
        self._use(draft)
        draft.action_billing_finalize()

        page = self._print_html(draft)

        article = page.find_class("article")[0]
        self.assertIn("o_report_layout_boxed", article.get("class"))
        self.assertIn("--service-primary: #1f4e79", article.get("style"))
        self.assertIn(f"o_company_{self.company.id}_layout o_service_look", article.get("class"))
        self.assertIn("Court of registration 4711", page.find_class("footer")[0].text_content())
        self.assertIn(WHITE_PIXEL.decode()[:30], page.find_class("header")[0].xpath(".//img/@src")[0])

    def test_invoice_without_template_prints_the_look_of_the_company(self):
        invoice = self._draft()
        invoice.action_billing_finalize()

        self.assertNotIn(b"o_service_look", self._get_html(invoice))

    def test_custom_fields_are_printed_where_the_template_says(self):
        draft = self._draft(invoice_date="2026-11-21")
        self._use(draft)
        draft.billing_properties = dict(zip(self.keys, ("CC-12", True, "2026-12-31", "South"), strict=True))

        beside = self._print_html(draft).xpath("//*[@id='informations']")[0].text_content()
        self.template.field_place = "none"
        nowhere = self._print_html(draft).text_content()
        self.template.field_place = "bottom"
        below = self._print_html(draft).xpath("//*[@name='custom_fields']")[0].text_content()

        for value in ("Cost centre", "CC-12", "Approved", "Yes", "12/31/2026", "South"):
            self.assertIn(value, beside)
            self.assertIn(value, below)
        self.assertNotIn("CC-12", nowhere)

    def test_custom_fields_beside_the_dates_are_printed_on_a_draft_without_dates(self):
        draft = self._draft()
        self._use(draft)
        draft.billing_properties = {self.keys[0]: "CC-12"}

        self.assertIn("CC-12", self._print_html(draft).xpath("//*[@id='informations']")[0].text_content())

    def test_empty_custom_fields_are_not_printed(self):
        draft = self._draft()
        self._use(draft)

        self.assertNotIn("Cost centre", self._print_html(draft).text_content())

    def test_user_without_rights_on_templates_writes_and_prints_an_invoice_with_one(self):
        self.company.billing_template_id = self.template
        accountant = new_test_user(self.env, "accountant", groups="account.group_account_invoice")
        lines = [Command.create({"name": "Maintenance", "price_unit": 100.0})]
        invoice = (
            self.env["account.move"]
            .with_user(accountant)
            .create({"move_type": "out_invoice", "partner_id": self.customer.id, "invoice_line_ids": lines})
        )
        copied = invoice.copy()
        invoice.action_billing_finalize()
        self.env.invalidate_all()

        content = (
            self.env["ir.actions.report"]
            .with_user(accountant)
            ._render_qweb_html("account.account_invoices", (invoice | copied).ids)[0]
        )

        self.assertIn(b"Court of registration 4711", content)

    # === VERSIONS === #

    def test_finalized_invoice_prints_the_same_after_its_template_changed(self):
        invoices = [self._draft(), self._draft()]
        for invoice in invoices:
            self._use(invoice)
            invoice.billing_properties = dict(zip(self.keys, ("CC-12", True, "2026-12-31", "South"), strict=True))
        finalized, draft = invoices
        finalized.action_billing_finalize()
        before = self._get_html(finalized)

        self.template.write({"primary_color": "#ff0000", "footer": "<p>New</p>", "field_place": "bottom"})
        self.template.field_ids[0].name = "Department"
        self.template.field_ids[3].unlink()

        self.assertEqual(self._get_html(finalized), before)
        self.assertEqual(draft.billing_template_id, self.template)
        self.assertIn(b"#ff0000", self._get_html(draft))
        self.assertIn(b"Department", self._get_html(draft))

    def test_each_change_after_a_finalized_invoice_makes_one_version(self):
        for color in ("#000001", "#000002"):
            invoice = self._draft()
            self._use(invoice)
            invoice.action_billing_finalize()
            self.template.primary_color = color
            self.template.primary_color = "#00000f"

        versions = self.template.with_context(active_test=False).search([("version_of_id", "=", self.template.id)])

        self.assertEqual(len(versions), 2)
        self.assertFalse(any(versions.mapped("active")))

    def test_version_cannot_change(self):
        invoice = self._draft()
        self._use(invoice)
        invoice.action_billing_finalize()
        self.template.primary_color = "#000001"
        self.env.invalidate_all()
        version = invoice.sudo().billing_template_id

        self.assertEqual(version.version_of_id, self.template)
        with self.assertRaises(UserError):
            version.footer = "<p>Forged</p>"
        with self.assertRaises(UserError):
            version.field_ids[0].name = "Forged"

    def test_copy_of_a_finalized_invoice_follows_the_template_itself(self):
        invoice = self._draft()
        self._use(invoice)
        invoice.action_billing_finalize()
        self.template.primary_color = "#000001"
        self.env.invalidate_all()

        self.assertEqual(invoice.copy().billing_template_id, self.template)

    def test_credit_note_prints_like_its_invoice(self):
        invoice = self._draft()
        self._use(invoice)
        invoice.action_billing_finalize()
        self.template.primary_color = "#000001"
        self.env.invalidate_all()

        self.assertEqual(self._credit_invoice(invoice).billing_template_id, invoice.billing_template_id)

    def test_change_of_name_or_lines_makes_no_version(self):
        invoice = self._draft()
        self._use(invoice)
        invoice.action_billing_finalize()

        self.template.name = "Service contracts"
        self.template.line_ids[1].quantity = 3

        self.assertEqual(invoice.billing_template_id, self.template)
