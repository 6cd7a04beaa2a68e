from odoo.tests import tagged

from .print_common import PrintCommon

IBAN = "AT61 1904 3002 3457 3201"


@tagged("post_install", "-at_install")
class TestPrintPayment(PrintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR")
        cls.account = cls.env["res.partner.bank"].create(
            {
                "acc_number": IBAN,
                "partner_id": cls.company.partner_id.id,
                "bank_id": cls.env["res.bank"].create({"name": "Red Bank", "bic": "RZTIAT22"}).id,
            }
        )

    def _create_euro_invoice(self, **values):
        values = {"currency_id": self.euro.id, "partner_bank_id": self.account.id, **values}
        return self._create_invoice_of([("Maintenance", 100.0, self.tax_of_ten)], move=values)

    def test_payment_block_says_where_to_pay_what_under_which_reference(self):
        invoice = self._create_euro_invoice()

        text = self._print_text(invoice)

        for expected in (
            "110.00 €",
            IBAN,
            "Red Bank (RZTIAT22)",
            self.company.name,
            f"Reference {invoice.payment_reference}",
        ):
            with self.subTest(expected):
                self.assertIn(expected, text)

    def test_qr_code_asks_for_what_is_left_to_pay(self):
        invoice = self._create_euro_invoice()
        self._pay_invoice(invoice, 30)

        self.assertEqual(
            invoice._get_epc_payload().split("\n"),
            ["BCD", "002", "1", "SCT", "RZTIAT22", self.company.name, IBAN.replace(" ", ""), "EUR80.00", "", "",
             invoice.payment_reference],
        )  # fmt: skip

    def test_qr_code_is_printed_where_a_bank_can_use_it(self):
        with_code = self._create_euro_invoice()
        without_code = self._create_euro_invoice(currency_id=self.company.currency_id.id)

        self.assertEqual(self._count_pictures(with_code), self._count_pictures(without_code) + 1)
        self.assertIn("Scan to Pay", self._print_text(with_code))
        self.assertNotIn("Scan to Pay", self._print_text(without_code))

    def test_there_is_no_qr_code_where_no_transfer_in_euros_is_due(self):
        invoice = self._create_euro_invoice()
        paid = self._create_euro_invoice()
        self._pay_invoice(paid, 110)
        credit_note = self._credit_invoice(invoice)
        credit_note.action_billing_finalize()
        other_account = self.env["res.partner.bank"].create(
            {"acc_number": "19043002345732", "partner_id": self.company.partner_id.id}
        )
        outside_sepa = self.env["res.partner.bank"].create(
            {"acc_number": "SA03 8000 0000 6080 1016 7519", "partner_id": self.company.partner_id.id}
        )
        documents = {
            "paid": paid,
            "credited": invoice,
            "credit note": credit_note,
            "dollars": self._create_euro_invoice(currency_id=self.company.currency_id.id),
            "no IBAN": self._create_euro_invoice(partner_bank_id=other_account.id),
            "outside SEPA": self._create_euro_invoice(partner_bank_id=outside_sepa.id),
            "no account": self._create_euro_invoice(partner_bank_id=False),
        }

        for reason, document in documents.items():
            with self.subTest(reason):
                self.assertEqual(document._get_epc_payload(), "")

    def test_draft_has_no_qr_code(self):
        draft = self._create_euro_invoice().copy()

        self.assertEqual(draft._get_epc_payload(), "")

    def test_credit_note_names_invoice_and_reason(self):
        order = self._worked_order(client_order_ref="PO-4711")
        invoice = self._finalize_order(order)
        credit_note = self._credit_invoice(invoice)
        credit_note.action_billing_finalize()

        text = self._print_text(credit_note)

        self.assertIn(f"Credit Note {credit_note.name}", text)
        self.assertRegex(text, rf"Credits Invoice {invoice.name} of \d+/\d+/\d+")
        self.assertIn("Reason Goodwill: The boiler failed again.", text)
        self.assertIn(f"Deducted from {invoice.name}", text)
        self.assertIn(order.name, text)
        self.assertIn("PO-4711", text)
        self.assertNotIn("Payable To", text)

    def test_credit_beyond_what_was_due_stays_visible_as_credit(self):
        invoice = self._create_invoice_of([("Maintenance", 100.0, self.tax_of_ten)])
        self._pay_invoice(invoice, 50)
        credit_note = self._credit_invoice(invoice)
        credit_note.action_billing_finalize()

        self.assertIn("Open Credit $ 50.00", self._print_text(credit_note))
        self.assertIn(f"Credit note {credit_note.name} $ 60.00 Amount Due $ 0.00", self._print_text(invoice))
