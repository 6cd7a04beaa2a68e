from odoo.tests import HttpCase, new_test_user, tagged

from .common_status import StatusCommon


@tagged("post_install", "-at_install")
class TestInvoicePortalStatus(StatusCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")
        cls.company.billing_collection = "online"
        cls.customer.lang = "en_US"
        cls.portal_user = new_test_user(
            cls.env, "guest", groups="base.group_portal", partner_id=cls.customer.id, lang="en_US"
        )

    def _get_page(self, invoice, *, user=None, **parameters):
        self.authenticate(user and user.login, user and user.login)
        parameters["access_token"] = invoice.sudo()._portal_ensure_token()
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return self.url_open(f"/my/invoices/{invoice.id}?{query}", allow_redirects=False)

    def test_open_invoice_can_be_paid(self):
        self.assertIn("Pay Now", self._get_page(self._open_invoice(123.45), user=self.portal_user).text)

    def test_void_invoice_says_so_and_takes_no_payment(self):
        invoice = self._open_invoice(123.45)
        self._void(invoice)

        page = self._get_page(invoice, user=self.portal_user, payment="True")

        self.assertEqual(page.status_code, 200)
        self.assertIn("This document is void.", page.text)
        self.assertNotIn("Pay Now", page.text)
        self.assertNotIn("invoice_paid_badge", page.text)

    def test_void_invoice_prints_void(self):
        invoice = self._open_invoice(123.45)
        self._void(invoice)

        page = self._get_page(invoice, report_type="html").text

        self.assertIn('name="void"', page)
        self.assertIn("There is nothing to pay.", page)
        self.assertNotIn("Paid in full", page)
        self.assertNotIn(invoice.billing_void_move_id.name, page)

    def test_customers_find_no_mirror(self):
        invoice = self._open_invoice()
        self._void(invoice)
        mirror = invoice.billing_void_move_id

        for user, status in ((None, 404), (self.portal_user, 404), (self.biller, 200)):
            with self.subTest(user=user and user.login):
                self.assertEqual(self._get_page(mirror, user=user).status_code, status)
        self.authenticate(self.portal_user.login, self.portal_user.login)
        page = self.url_open("/my/invoices").text
        self.assertIn(invoice.name, page)
        self.assertIn("Void", page)
        self.assertNotIn(mirror.name, page)

    def test_invoice_that_is_written_off_says_what_can_be_paid_still(self):
        invoice = self._open_invoice(123.45)
        self._write_off(invoice)

        page = self._get_page(invoice, user=self.portal_user).text
        self.assertIn("was never paid", page)
        self.assertNotIn("invoice_paid_badge", page)
        document = self._get_page(invoice, report_type="html").text
        self.assertNotIn("Paid in full", document)
        self.assertNotIn("Paid on", document)
        self.assertIn('name="payment"', document)

    def test_paid_invoice_says_so_and_takes_no_payment(self):
        invoice = self._open_invoice(123.45)
        invoice._mark_paid()

        page = self._get_page(invoice, user=self.portal_user).text

        self.assertIn("invoice_paid_badge", page)
        self.assertNotIn("Pay Now", page)

    def test_nobody_starts_an_online_payment_of_a_void_invoice(self):
        invoice = self._open_invoice()
        self._void(invoice)
        self.authenticate(None, None)

        answer = self.url_open(
            f"/invoice/transaction/{invoice.id}",
            json={"params": {"access_token": invoice.sudo()._portal_ensure_token()}},
        )

        self.assertIn("error", answer.json())
        self.assertFalse(invoice.sudo().transaction_ids)
