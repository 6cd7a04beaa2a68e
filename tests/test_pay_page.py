from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common_jobs import performing_jobs
from .common_portal import PortalCommon

HOSTED = "https://checkout.example.com/c/pay/1"


@tagged("post_install", "-at_install")
class TestPayPage(PortalCommon):
    """The page of one document, for whoever has its link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._open_invoice(100.0, 23.45)
        cls.path = cls._path(cls.invoice)

    def setUp(self):
        super().setUp()
        moves = type(self.env["account.move"])
        self.is_online = self.startPatcher(patch.object(moves, "_is_payable_online", return_value=True))
        self.checkout = self.startPatcher(patch.object(moves, "_start_checkout", return_value=HOSTED))

    def _pay(self, path=None, **values):
        return self._post(path or self.path, values)

    # === WHAT IT SHOWS === #

    def test_page_shows_the_document_and_what_is_due(self):
        page = self._get(self.path)

        self.assertEqual(page.status_code, 200)
        for text in (self.invoice.name, "123.45", "Work 1", "Work 2", "Due on", self.company.name):
            self.assertIn(text, page.text)
        self.assertNotIn("IBAN", page.text)

    def test_page_says_when_the_next_instalment_is_due_and_since_when_it_is_late(self):
        parts = [Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (5, 30)]
        term = self.env["account.payment.term"].create({"name": "In two parts", "line_ids": parts})
        with freeze_time("2026-01-10 12:00:00"):
            invoice = self._open_invoice(100.0, invoice_payment_term_id=term.id)
            self.assertIn("Due on January 15, 2026", self._get_text(invoice))
        with freeze_time("2026-01-16 12:00:00"):
            self.assertIn("Overdue since January 15, 2026", self._get_text(invoice))
            self._pay_invoice(invoice, 50.0)
            self.assertIn("Due on February 9, 2026", self._get_text(invoice))

    def _get_text(self, invoice):
        return " ".join(html2plaintext(self._get(self._path(invoice)).text).split())

    def test_page_tells_nothing_but_this_document(self):
        other = self._open_invoice(77.77)
        self.customer.write({"street": "Secret Street 1", "phone": "+352 621 000 111"})
        self.invoice.message_post(body="Our customer is slow.", subtype_xmlid="mail.mt_comment")

        page = self._get(self.path).text

        for text in (other.name, "77.77", "Secret Street", "621 000", "slow", self.customer.email):
            self.assertNotIn(text, page)

    def test_page_is_left_out_of_caches_searches_and_referrers(self):
        headers = self._get(self.path).headers

        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(headers["X-Robots-Tag"], "noindex")
        self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])

    def test_page_weighs_little(self):
        page = self._get(self.path)
        files = [self.url_open(part) for part in self._get_files(page.text)]

        self.assertGreaterEqual(len(files), 3)
        self.assertLess(sum(len(answer.content) for answer in [page, *files]), 300 * 1024)

    @staticmethod
    def _get_files(page):
        parts = page.replace("'", '"').split('"')
        return {part for part in parts if part.startswith(("/service_billing/static", "/logo.png"))}

    def test_customer_reads_the_page_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.lang"]._activate_lang("ar_001")
        for code, lang, direction, amount in (
            ("fr_FR", "fr-FR", "ltr", "123,45"),
            ("ar_001", "ar-001", "rtl", "123.45"),
        ):
            with self.subTest(code):
                self.customer.lang = code

                page = self._get(self.path).text

                self.assertIn(f'lang="{lang}" dir="{direction}"', page)
                self.assertIn(amount, page)

    def test_pdf_is_the_document(self):
        with performing_jobs():
            self.invoice._send_to_customer()

        answer = self._get(f"{self.path}/pdf")

        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answer.content, self.invoice.sudo().invoice_pdf_report_id.raw)

    def test_visit_is_logged_once_a_day(self):
        self._get(self.path)
        self._get(self.path)

        events = self.env["service.billing.event"].search([("res_id", "=", self.invoice.id), ("kind", "=", "viewed")])
        self.assertEqual(events.mapped(lambda event: event._get_details()["visitor"]), ["link"])

    # === BANK TRANSFER === #

    def test_page_shows_the_bank_account_where_nothing_is_paid_online(self):
        self.is_online.return_value = False
        self.bank_account.acc_holder_name = "Heating Company"

        page = self._get(self.path).text

        for text in ("DE89 3704 0044 0532 0130 00", self.invoice.payment_reference, 'data-copy="123.45"'):
            self.assertIn(text, page)
        self.assertNotIn("Continue to Payment", page)

    def test_page_shows_the_payment_code_of_a_transfer_in_euros(self):
        self.is_online.return_value = False
        euro = self.env.ref("base.EUR")
        euro.active = True
        invoice = self._open_invoice(50.0, currency_id=euro.id)

        self.assertIn("data:image/png;base64", self._get(self._path(invoice)).text)

    # === STATES === #

    def test_paid_document_is_a_receipt(self):
        self._pay_invoice(self.invoice, 123.45)

        page = self._get(self.path).text

        self.assertIn("Paid in full", page)
        self.assertIn("Paid on", page)
        self._assert_takes_no_payment(page)

    def test_void_document_says_so(self):
        self._void(self.invoice)

        page = self._get(self.path).text

        self.assertIn("This document is void.", page)
        self._assert_takes_no_payment(page)

    def test_credit_note_is_shown(self):
        credit = self._credit_invoice(self.invoice)
        credit.action_billing_finalize()

        page = self._get(self._path(credit)).text

        self.assertIn(credit.name, page)
        self._assert_takes_no_payment(page)

    def test_draft_is_not_found(self):
        self.assertEqual(self._get(self._path(self._draft_invoice())).status_code, 404)

    def _assert_takes_no_payment(self, page):
        self.assertNotIn("<form", page)
        self.assertNotIn("IBAN", page)

    # === PAYING === #

    def test_customer_pays_all_of_it(self):
        answer = self._pay(choice="full")

        self.assertEqual((answer.status_code, answer.headers["Location"]), (303, HOSTED))
        self.checkout.assert_called_once_with(123.45)

    def test_customer_pays_what_is_due_or_all(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30 % at once",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 70, "nb_days": 30}),
                ],
            }
        )
        with freeze_time("2026-01-10 12:00:00"):
            path = self._path(self._open_invoice(100.0, invoice_payment_term_id=term.id))
            page = self._get(path).text
            self._pay(path, choice="due")

        self.assertIn("Due now", page)
        self.assertIn("Instalments", page)
        self.checkout.assert_called_once_with(30.0)

    def test_customer_types_another_amount_in_the_own_way(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        for typed, amount in (("12,50", 12.5), ("12.50", 12.5), ("€ 100", 100.0), ("123,45", 123.45)):
            with self.subTest(typed):
                self.checkout.reset_mock()

                self.assertEqual(self._pay(choice="other", amount=typed).status_code, 303)

                self.checkout.assert_called_once_with(amount)

    def test_amount_that_cannot_be_paid_is_explained_beside_the_field(self):
        for typed in ("0", "-5", "123.46", "1e9", "NaN", "inf", "ten", "", "9" * 400):
            with self.subTest(typed):
                answer = self._pay(choice="other", amount=typed)

                self.assertEqual(answer.status_code, 400)
                self.assertIn('role="alert"', answer.text)
                self.assertIn('aria-invalid="true"', answer.text)
                self.assertIn('autofocus="autofocus"', answer.text)
        self.checkout.assert_not_called()

    def test_unknown_choice_pays_nothing(self):
        for choice in ("", "due", "next", "everything"):
            with self.subTest(choice):
                self.assertEqual(self._pay(choice=choice).status_code, 400)
        self.checkout.assert_not_called()

    def test_least_amount_of_the_company_holds_unless_less_is_left(self):
        self.company.billing_pay_minimum = 50.0

        self.assertEqual(self._pay(choice="other", amount="49.99").status_code, 400)
        self.assertEqual(self._pay(choice="other", amount="50").status_code, 303)
        self._pay_invoice(self.invoice, 103.45)
        self.assertEqual(self._pay(choice="other", amount="20").status_code, 303)

    def test_company_may_take_no_other_amounts(self):
        self.company.billing_pay_parts = False

        self.assertNotIn("Another amount", self._get(self.path).text)
        self.assertEqual(self._pay(choice="other", amount="20").status_code, 400)

    def test_amount_follows_from_what_is_open_when_the_customer_pays(self):
        self._get(self.path)
        self._pay_invoice(self.invoice, 100.0)

        self._pay(choice="full")

        self.checkout.assert_called_once_with(23.45)

    def test_reason_why_nothing_can_be_paid_is_shown(self):
        self.checkout.side_effect = UserError("The invoice was paid meanwhile.")

        answer = self._pay(choice="full")

        self.assertEqual(answer.status_code, 400)
        self.assertIn("The invoice was paid meanwhile.", answer.text)
