from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .print_common import INVOICE_REPORT, PrintCommon


@tagged("post_install", "-at_install")
class TestPrintInvoice(PrintCommon):
    def test_invoice_tells_order_work_and_reference(self):
        order = self._worked_order(client_order_ref="PO-4711")
        invoice = self._finalize_order(order)

        text = self._print_text(invoice)

        for expected in (
            invoice.name,
            order.name,
            "PO-4711",
            "Valve",
            "2.00 Units",
            "1.25 Hours",
            "Technician 11/20/2026 8:04 AM 9:11 AM 1:07 h 1:15 h",
            "Mr. Alpina",
            "Signed on",
        ):
            with self.subTest(expected):
                self.assertIn(expected, text)

    def test_invoice_carries_the_signature_as_picture(self):
        order = self._create_order(type_id=self.type_quick.id)
        order.line_ids = [Command.create({"kind": "fixed", "product_id": self.service.id, "quantity": 1})]
        order.action_done()
        unsigned = self._finalize_order(order)
        signed = self._finalize_order(self._worked_order())

        self.assertEqual(self._count_pictures(signed), self._count_pictures(unsigned) + 1)

    def test_taxes_are_broken_down_by_rate(self):
        invoice = self._create_invoice_of(
            [("Heating oil", 100.0, self.tax_sale_a), ("Maintenance", 200.0, self.tax_of_ten)]
        )

        text = self._print_text(invoice)

        self.assertIn("Tax 15% on $ 100.00 $ 15.00", text)
        self.assertIn("Ten on $ 200.00 $ 20.00", text)
        self.assertIn("Total $ 335.00", text)

    def test_discount_is_printed_in_its_column(self):
        invoice = self._create_invoice_of([("Maintenance", 200.0, self.tax_of_ten)], discount=25)

        self.assertRegex(self._print_text(invoice), r"Disc\.%.*25\.00")

    def test_french_customer_reads_french(self):
        self._load_french()
        self.customer.lang = "fr_FR"

        text = self._print_text(self._finalize_order(self._worked_order()))

        for expected in (
            "Facture",
            "Ordre de service",
            "Travaux réalisés",
            "20/11/2026 08:04 09:11",
            "Vingt",
            "Montant dû",
        ):
            with self.subTest(expected):
                self.assertIn(expected, text)

    def test_amount_is_written_in_words(self):
        invoice = self._create_invoice_of([("Maintenance", 100.0, self.tax_of_ten)])

        self.assertIn("One Hundred And Ten Dollars", self._print_text(invoice))

    def test_long_invoice_repeats_letterhead_column_titles_and_page_number(self):
        invoice = self._create_invoice_of([(f"Room {number}", 10.0, self.tax_sale_a) for number in range(1, 121)])

        pages = self._print_pages(invoice)

        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, start=1):
            self.assertIn(self.company.name, page)
            self.assertIn(f"Page {number} / {len(pages)}", page)
            self.assertEqual("Room" in page, "Description" in page)
        rooms = [f"Room {number} " for number in range(1, 121)]
        self.assertEqual([sum(page.count(room) for page in pages) for room in rooms], [1] * 120)

    def test_work_under_warranty_costs_nothing_and_shows_its_worth(self):
        order = self._worked_order(billing_decision="warranty")
        invoice = self._finalize_order(order)

        text, html = self._print_text(invoice), self._print_html(invoice)

        self.assertRegex(text, r"Valve Warranty 2\.00 Units 40\.00 15% \$ 80\.00 \$ 0\.00")
        self.assertEqual([node.text_content() for node in html.iterfind(".//s")], ["$\xa080.00"])
        self.assertNotIn("Disc.%", text)

    def test_serial_number_stands_below_its_part(self):
        pump = self._create_product(name="Pump", is_storable=True, tracking="serial", list_price=300.0)
        lot = self.env["stock.lot"].create({"name": "GF-77123", "product_id": pump.id, "company_id": self.company.id})
        order = self._create_order(type_id=self.type_quick.id)
        order.line_ids = [Command.create({"kind": "part", "product_id": pump.id, "quantity": 1, "lot_id": lot.id})]
        order.action_done()

        self.assertIn("Pump Serial number GF-77123", self._print_text(self._finalize_order(order)))

    def test_lines_of_several_orders_name_theirs(self):
        orders = self._done_order(services=1) | self._done_order(services=1)

        text = self._print_text(self._finalize_order(orders))

        for order in orders:
            self.assertIn(f"Check-up {order.name}", text)
            self.assertIn(f"Service Order {order.name}", text)

    def test_reopening_an_order_changes_no_finalized_invoice(self):
        order = self._worked_order()
        invoice = self._finalize_order(order)
        before = self._print_text(invoice)

        order.action_reopen()
        order.labor_line_ids.stopped_at = "2026-11-20 15:30:00"
        order.with_user(self.technician).action_done()

        self.assertEqual(order.invoice_status, "to_invoice")
        self.assertEqual(self._print_text(invoice), before)

    def test_archived_product_prints_from_the_stored_text(self):
        invoice = self._finalize_order(self._worked_order())
        before = self._print_text(invoice)

        self.part.write({"name": "Gone", "active": False})

        self.assertEqual(self._print_text(invoice), before)

    def test_free_invoice_asks_for_nothing(self):
        order = self._worked_order(billing_decision="included")
        order.action_reopen()
        order.labor_line_ids.billing_decision = "goodwill"
        order.with_user(self.technician).action_done()

        text = self._print_text(self._finalize_order(order))

        self.assertIn("Zero Dollars", text)
        self.assertIn("There is nothing to pay.", text)
        self.assertNotIn("Payable To", text)

    def test_payment_leaves_the_residual_on_the_invoice(self):
        invoice = self._create_invoice_of([("Maintenance", 100.0, self.tax_of_ten)])
        self._pay_invoice(invoice, 30)
        partly = self._print_text(invoice)
        self._pay_invoice(invoice, 80)
        paid = self._print_text(invoice)

        self.assertRegex(partly, r"Paid on \S+ \(Bank transfer\) \$ 30\.00 Amount Due \$ 80\.00")
        self.assertNotIn("Paid in full", partly)
        self.assertIn("Paid in full. Thank you!", paid)
        self.assertIn("Amount Due $ 0.00", paid)

    def test_notes_are_printed(self):
        invoice = self._create_invoice_of(
            [("Maintenance", 100.0, self.tax_of_ten)], move={"narration": "<p>Goods remain ours until paid.</p>"}
        )

        self.assertIn("Goods remain ours until paid.", self._print_text(invoice))

    def test_every_layout_has_room_for_a_page(self):
        invoice = self._finalize_order(self._worked_order())

        for layout in ("standard", "bold", "boxed", "striped", "bubble", "wave", "folder"):
            with self.subTest(layout):
                self.company.external_report_layout_id = self.env.ref(f"web.external_layout_{layout}")
                pages = self._print_pages(invoice)
                self.assertEqual(len(pages), 1)
                self.assertIn(invoice.name, pages[0])
                self.assertIn("Mr. Alpina", pages[0])

    def test_technician_prints_no_invoice(self):
        invoice = self._finalize_order(self._worked_order())

        with self.assertRaises(AccessError):
            self._print(invoice, user=self.technician)

    def test_accountant_without_service_rights_prints_the_work_too(self):
        invoice = self._finalize_order(self._worked_order())
        accountant = self._create_user("accountant", "account.group_account_invoice")

        self.assertIn("1:07 h 1:15 h", self._print_text(invoice, user=accountant))

    def test_document_of_others_keeps_the_paper_of_core(self):
        self.company.billing_enabled = False
        other = self._create_invoice_of([("Maintenance", 100.0, self.tax_of_ten)])

        self.assertEqual(other._get_name_invoice_report(), "account.report_invoice_document")

    def test_finalized_invoice_is_no_pro_forma_before_it_was_sent(self):
        invoice = self._create_invoice_of([("Maintenance", 100.0, self.tax_of_ten)])

        document = invoice._get_invoice_legal_documents("pdf", allow_fallback=True)

        self.assertEqual(document["filename"], f"{invoice.name.replace('/', '_')}.pdf")
        reports = self.env["ir.actions.report"].with_context(proforma_invoice=True)
        self.assertNotIn(b"Proforma", reports._render_qweb_html(INVOICE_REPORT, invoice.ids)[0])
