import functools
import io
import os
import tempfile
from unittest.mock import patch

from pypdf import PdfReader

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.service_billing.models.print import chromium, ir_actions_report, render_slot

from .print_engine_common import PrintReportCase, read_pages, read_text

ADAPTER = "odoo.addons.service_billing.models.print.ir_actions_report"


@tagged("post_install", "-at_install")
class TestPrintInvoices(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls.env["ir.actions.report"].with_context(force_report_rendering=True)
        cls.company_data["company"].write({"name": "Boiler Ltd", "billing_due_limit": 0})

    def create_invoices(self, *line_counts):
        tax = Command.set(self.company_data["default_tax_sale"].ids)
        invoices = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner_a.id,
                    "invoice_date": "2026-01-15",
                    "invoice_line_ids": [
                        Command.create({"name": f"Work {number}", "price_unit": 10.0, "tax_ids": [tax]})
                        for number in range(count)
                    ],
                }
                for count in line_counts
            ]
        )
        invoices.action_post()
        return invoices

    def print_invoices(self, invoices):
        content, kind = self.reports._render_qweb_pdf("account.report_invoice", invoices.ids)
        self.assertEqual(kind, "pdf")
        return content

    def test_every_page_of_a_long_invoice_has_its_header_number_and_table_head(self):
        invoice = self.create_invoices(120)

        pages = [page.extract_text() for page in read_pages(self.print_invoices(invoice))]

        self.assertGreater(len(pages), 3)
        for number, text in enumerate(pages, 1):
            self.assertIn("Boiler Ltd", text)
            self.assertIn(f"Page {number} / {len(pages)}", text)
        for text in pages[:-1]:
            self.assertIn("Description", text)

    def test_each_invoice_of_a_batch_gets_its_own_file(self):
        for line_counts in ((1, 1, 1), (1, 60, 1)):
            with self.subTest(line_counts=line_counts):
                invoices = self.create_invoices(*line_counts)

                streams, _kind = self.reports._pre_render_qweb_pdf("account.report_invoice", invoices.ids)

                self.assertEqual(list(streams), invoices.ids)
                for invoice in invoices:
                    text = read_text(streams[invoice.id]["stream"].getvalue())
                    self.assertIn("Page 1 / ", text)
                    self.assertEqual(
                        [name in text for name in invoices.mapped("name")], [i == invoice for i in invoices]
                    )

    def test_printed_batch_holds_fonts_and_logo_once(self):
        invoices = self.create_invoices(1, 1, 1)

        content = self.print_invoices(invoices)

        self.assertEqual(len(read_pages(content)), 3)
        self.assertLess(len(content), 2 * len(self.print_invoices(invoices[0])))

    def test_batch_that_is_reordered_is_merged_page_by_page(self):
        invoices = self.create_invoices(1, 1)
        streams, _kind = self.reports._pre_render_qweb_pdf("account.report_invoice", invoices.ids)

        merged = self.reports._merge_pdfs([values["stream"] for values in reversed(streams.values())])

        texts = [page.extract_text() for page in read_pages(merged.getvalue())]
        for text, name in zip(texts, reversed(invoices.mapped("name")), strict=True):
            self.assertIn(name, text)

    def test_factur_x_of_a_batch_is_converted_to_pdf_a(self):
        france = self.env.ref("base.fr")
        address = {
            "country_id": france.id,
            "street": "1 rue",
            "zip": "75001",
            "city": "Paris",
            "email": "a@example.com",
        }
        company = self.company_data["company"]
        company.write({**address, "vat": "FR23334175221", "phone": "+33 1 23 45 67 89"})
        self.env["res.partner.bank"].create(
            {"partner_id": company.partner_id.id, "acc_number": "FR7630006000011234567890189"}
        )
        self.partner_a.write({**address, "invoice_edi_format": "facturx"})
        invoices = self.create_invoices(1, 1)

        # In tests the conversion is left out.
        with patch.dict(config.options, {"test_enable": False}), patch("odoo.modules.module.current_test", False):
            self.env["account.move.send"]._generate_and_send_invoices(invoices, sending_methods=["manual"])

        for invoice in invoices:
            content = invoice.invoice_pdf_report_id.raw
            root = PdfReader(io.BytesIO(content)).trailer["/Root"]
            self.assertIn("/OutputIntents", root)
            self.assertIn(b"pdfaid:conformance", root["/Metadata"].get_object().get_data())
            self.assertIn("factur-x.xml", root["/Names"]["/EmbeddedFiles"]["/Names"])
            self.assertIn(invoice.name, read_text(content))
            self.assertIn("Page 1 / 1", read_text(content))


@tagged("post_install", "-at_install")
class TestPrintEngine(PrintReportCase):
    def set_engine(self, engine):
        self.env.company.billing_pdf_engine = engine

    def hide_programs(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(patch.dict(os.environ, PATH=folder))

    def set_wkhtmltopdf(self, *, is_patched):
        info = ir_actions_report._wkhtml()._replace(is_patched_qt=is_patched, state="ok")
        self.enterContext(patch(f"{ADAPTER}._wkhtml", lambda: info))

    def test_engine_by_setting_and_what_is_installed(self):
        cases = [
            # setting, patched wkhtmltopdf, Chromium, engine
            ("auto", False, True, "chromium"),
            ("auto", True, True, "chromium"),
            ("auto", True, False, "core"),
            ("auto", False, False, None),
            ("chromium", True, True, "chromium"),
            ("chromium", True, False, None),
            ("core", True, True, "core"),
            ("core", False, True, None),
        ]
        for setting, is_patched, has_chromium, engine in cases:
            with self.subTest(setting=setting, is_patched=is_patched, has_chromium=has_chromium):
                self.set_engine(setting)
                self.set_wkhtmltopdf(is_patched=is_patched)
                with patch.object(chromium, "BROWSERS", chromium.BROWSERS if has_chromium else ()):
                    self.assertEqual(self.reports._get_billing_pdf_engine(), engine)

    def test_without_engine_the_button_says_what_to_install(self):
        self.hide_programs()
        self.set_wkhtmltopdf(is_patched=False)

        self.assertEqual(self.reports.get_wkhtmltopdf_state(), "ok")
        with self.assertRaisesRegex(UserError, "chromium-headless-shell"):
            self.print_report()

    def test_core_engine_that_loses_headers_is_refused(self):
        self.set_engine("core")
        self.set_wkhtmltopdf(is_patched=False)

        with self.assertRaisesRegex(UserError, "No PDF engine"):
            self.print_html("x")

    @mute_logger(ADAPTER)
    def test_failing_browser_is_one_sentence_and_the_next_print_works(self):
        with patch.object(chromium, "BROWSERS", ("false",)), self.assertRaisesRegex(UserError, "could not be printed"):
            self.print_report()

        self.assertIn("res.bank", read_text(self.print_report()))

    @mute_logger(ADAPTER)
    def test_busy_machine_is_one_sentence(self):
        impatient = functools.partial(chromium.open_browser, timeout=0.2)

        with (
            patch.object(render_slot, "SLOTS", 0),
            patch.object(ir_actions_report, "open_browser", impatient),
            self.assertRaisesRegex(UserError, "not printed in time"),
        ):
            self.print_report()
