from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestInvoicePortal(MoneyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls._create_portal_user("guest", cls.customer)
        cls.stranger = cls._create_portal_user("stranger", cls._create_customer("Somebody Else"))

    @classmethod
    def _create_portal_user(cls, login, partner):
        return new_test_user(cls.env, login, groups="base.group_portal", partner_id=partner.id)

    def _get(self, invoice, *, user=None, token=True, **parameters):
        """Return the answer to the invoice's page, asked for with its link unless that is left out."""
        if token:
            parameters["access_token"] = invoice.sudo()._portal_ensure_token()
        self.authenticate(user and user.login, user and user.login)
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return self.url_open(f"/my/invoices/{invoice.id}?{query}", allow_redirects=False)

    def _assert_hidden(self, invoice):
        for user in (None, self.portal_user, self.technician):
            for report in (
                {},
                {"report_type": "pdf"},
                {"report_type": "html"},
                {"report_type": "pdf", "download": "1"},
            ):
                with self.subTest(user=user and user.login, report=report):
                    self.assertEqual(self._get(invoice, user=user, **report).status_code, 404)

    def test_draft_is_not_found(self):
        self._assert_hidden(self._draft_invoice())

    def test_cancelled_draft_is_not_found(self):
        invoice = self._draft_invoice()
        invoice.button_cancel()

        self._assert_hidden(invoice)

    def test_draft_credit_note_is_not_found(self):
        self._assert_hidden(self._credit_invoice(self._open_invoice()))

    def test_draft_cannot_be_paid_online(self):
        invoice = self._draft_invoice()
        self.authenticate(None, None)

        answer = self.url_open(
            f"/invoice/transaction/{invoice.id}",
            json={"params": {"access_token": invoice.sudo()._portal_ensure_token()}},
        )

        self.assertIn("error", answer.json())
        self.assertFalse(invoice.sudo().transaction_ids)

    def test_finalized_invoice_is_found(self):
        invoice = self._open_invoice(123.45)

        for user in (self.portal_user, self.biller):
            with self.subTest(user=user.login):
                answer = self._get(invoice, user=user, token=False)
                self.assertEqual(answer.status_code, 200)
                self.assertIn("123.45", answer.text)

    def test_biller_previews_a_draft(self):
        answer = self._get(self._draft_invoice(123.45), user=self.biller, token=False)

        self.assertEqual(answer.status_code, 200)
        self.assertIn("123.45", answer.text)

    def test_somebody_else_finds_nothing(self):
        invoice = self._open_invoice(123.45)

        answer = self._get(invoice, user=self.stranger, token=False)

        self.assertNotEqual(answer.status_code, 200)
        self.assertNotIn("123.45", answer.text)

    def test_customer_reads_finalized_documents_only(self):
        draft, finalized = self._draft_invoice(), self._open_invoice()

        with self.assertRaises(AccessError):
            self._call(self.portal_user, "account.move", "read", draft.ids, ["amount_total"])
        with self.assertRaises(AccessError):
            self._call(self.portal_user, "account.move.line", "read", draft.line_ids.ids, ["price_unit"])
        found = self._call(self.portal_user, "account.move", "search", [("partner_id", "=", self.customer.id)])
        self.assertEqual(found, finalized.ids)

    def test_customer_writes_nothing(self):
        invoice = self._open_invoice()
        for method, arguments in (
            ("write", [{"narration": "x"}]),
            ("unlink", []),
            ("action_billing_finalize", []),
            ("button_draft", []),
        ):
            with self.subTest(method), self.assertRaises(UserError):
                self._call(self.portal_user, "account.move", method, invoice.ids, *arguments)

    def test_document_from_before_is_left_to_core(self):
        self.company.billing_enabled = False
        invoice = self._draft_invoice()

        self.assertEqual(self._get(invoice).status_code, 200)
