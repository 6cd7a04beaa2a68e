import io
from datetime import date
from unittest.mock import patch

from pypdf import PdfReader

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import config

from .common_einvoice import FORMATS, EInvoiceCommon


@tagged("post_install", "-at_install")
class TestInvoiceEInvoice(EInvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.samples = {name: getattr(cls, f"_sample_{name}")() for name in SAMPLES}

    # === SAMPLES === #

    @classmethod
    def _sample_invoice(cls):
        return cls._bill({"product_id": cls.service.id, "price_unit": 90.0}, {"name": "Travel", "price_unit": 35.0})

    @classmethod
    def _sample_credit_note(cls):
        credit_note = cls._credit_invoice(cls._sample_invoice())
        credit_note.action_billing_finalize()
        return credit_note

    @classmethod
    def _sample_deposit(cls):
        cls.order = cls._confirmed_order()
        return cls._invoice_deposit(cls.order)

    @classmethod
    def _sample_final_invoice(cls):
        cls._finish(cls.order)
        invoice = cls._invoice_order(cls.order)
        invoice.action_billing_finalize()
        return invoice

    @classmethod
    def _sample_instalments(cls):
        return cls._bill({"name": "Boiler", "price_unit": 999.99}, invoice_payment_term_id=cls.pay_terms_b.id)

    @classmethod
    def _sample_zero_rate(cls):
        return cls._bill({"name": "Training", "price_unit": 100.0, "tax_ids": [Command.set(cls.vat_of_zero.ids)]})

    @classmethod
    def _sample_reverse_charge(cls):
        taxes = {"tax_ids": [Command.set(cls.reverse_charge.ids)]}
        return cls._bill({"name": "Repair in Freiburg", "price_unit": 100.0, **taxes}, partner_id=cls.german.id)

    @classmethod
    def _sample_discount(cls):
        return cls._bill(
            {"name": "Maintenance", "quantity": 3, "price_unit": 33.33, "discount": 12.5},
            {"product_id": cls.part.id, "price_unit": 40.0, "discount": 100.0},
        )

    @classmethod
    def _sample_two_rates(cls):
        return cls._bill(
            {"name": "Maintenance", "price_unit": 100.0},
            {"name": "Insulation", "price_unit": 200.0, "tax_ids": [Command.set(cls.vat_of_five.ids)]},
        )

    @classmethod
    def _sample_foreign_currency(cls):
        dollar = cls.quick_ref("base.USD")
        dollar.active = True
        cls.env["res.currency.rate"].create({"currency_id": dollar.id, "name": date(2020, 1, 1), "rate": 1.0843})
        return cls._bill({"name": "Maintenance", "price_unit": 100.0}, currency_id=dollar.id)

    @classmethod
    def _sample_rounding(cls):
        return cls._bill(*({"name": f"Part {n}", "quantity": 3, "price_unit": 0.333 + n / 7} for n in range(9)))

    @classmethod
    def _sample_notes(cls):
        return cls._bill(
            {"display_type": "line_section", "name": "Work"},
            {"name": "Maintenance", "price_unit": 100.0},
            {"display_type": "line_note", "name": "Thank you <for> your trust & patience"},
            narration="<p>Payable without deduction.</p>",
        )

    @classmethod
    def _sample_long(cls):
        return cls._bill(*({"name": f"Part {n}", "price_unit": 1.01 * n} for n in range(1, 201)))

    # === TESTS === #

    def _check_samples(self, edi_format):
        contents = {}
        for name, invoice in self.samples.items():
            with self.subTest(name):
                contents[name], missing = self._export(invoice, edi_format)
                self.assertFalse(missing)
                self.assertFalse(self._get_schema_errors(contents[name], edi_format))
        for name, broken in self._get_broken_rules(contents, edi_format).items():
            with self.subTest(name):
                self.assertFalse(broken)

    def test_factur_x_of_all_samples_keeps_schema_and_rules(self):
        self._check_samples("facturx")

    def test_ubl_of_all_samples_keeps_schema_and_rules(self):
        self._check_samples("ubl_bis3")

    def test_rules_find_what_is_broken(self):
        content = self._export(self.samples["invoice"], "ubl_bis3")[0].replace(
            b"150.00</cbc:TaxInc", b"151.00</cbc:TaxInc"
        )

        broken = self._get_broken_rules({"invoice": content}, "ubl_bis3")["invoice"]

        self.assertIn("BR-CO-15", " ".join(broken))

    def test_line_is_named_as_it_was_billed_after_its_product_was_renamed(self):
        self.service.name = "Inspection"

        for edi_format in FORMATS:
            with self.subTest(edi_format):
                content = self._export(self.samples["invoice"], edi_format)[0].decode()
                self.assertIn("Check-up", content)
                self.assertNotIn("Inspection", content)

    def test_draft_says_what_its_e_invoice_misses(self):
        line = {"name": "Maintenance", "price_unit": 100.0}
        draft, complete, other = (self._draft(line, partner_id=customer.id) for customer in self._create_customers())

        missing = (draft | complete | other)._get_einvoice_constraints()

        self.assertEqual(list(missing), [draft])
        self.assertIn("cen_en16931_customer_country", missing[draft])
        self.assertIn("country", (draft | complete)._get_preflight_einvoice()[draft])

    def test_no_drafts_miss_nothing(self):
        self.assertEqual(self.env["account.move"]._get_einvoice_constraints(), {})

    def _create_customers(self):
        """Return a customer whose address is not complete, one whose address is, and one who wants no e-invoice."""
        lacking = {"country_id": False, "vat": False, "invoice_edi_format": "ubl_bis3"}
        return (
            self._create_customer("Lacking", **{**self.address, **lacking}),
            self._create_customer("Complete", vat="FR40303265045", invoice_edi_format="facturx", **self.address),
            self._create_customer("On Paper"),
        )

    def test_pdf_of_a_sent_invoice_carries_the_xml_that_is_stored(self):
        invoice = self.samples["two_rates"]
        self.customer.invoice_edi_format = "facturx"

        # In tests the conversion is left out.
        with patch.dict(config.options, {"test_enable": False}), patch("odoo.modules.module.current_test", False):
            self.env["account.move.send"]._generate_and_send_invoices(invoice.sudo(), sending_methods=["manual"])

        reader = PdfReader(io.BytesIO(invoice.invoice_pdf_report_id.raw))
        self.assertEqual(reader.attachments["factur-x.xml"], [invoice.ubl_cii_xml_id.raw])
        self.assertIn(b"pdfaid:part>3", reader.trailer["/Root"]["/Metadata"].get_object().get_data())


SAMPLES = (
    "invoice", "credit_note", "deposit", "final_invoice", "instalments", "zero_rate", "reverse_charge", "discount",
    "two_rates", "foreign_currency", "rounding", "notes", "long",
)  # fmt: skip
