from odoo.tests import HttpCase, tagged

from .common_jobs import performing_jobs
from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestSendPortal(MoneyCommon, HttpCase):
    """What the recipient of a mail finds behind its link."""

    def setUp(self):
        super().setUp()
        self.invoice = self._open_invoice(100.0)
        with performing_jobs():
            self.invoice._send_to_customer()
        self.delivery = self.invoice.billing_delivery_ids

    def _open(self, *, user=None):
        move = self.invoice.sudo().with_context(billing_delivery_id=self.delivery.id)
        link = move._get_mail_link().removeprefix(move.get_base_url())
        self.authenticate(user and user.login, user and user.login)
        return self.url_open(link, allow_redirects=False)

    def test_page_opened_with_the_recipient_s_link_counts_as_opened(self):
        answer = self._open()

        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.delivery.state, "opened")
        self.assertTrue(self.delivery.opened_at)
        event = self.env["service.billing.event"].search([("res_id", "=", self.invoice.id), ("kind", "=", "viewed")])
        self.assertEqual(event._get_details()["recipient"], self.delivery.email)

    def test_colleague_who_follows_the_link_is_not_the_recipient(self):
        self._open(user=self.biller)

        self.assertEqual(self.delivery.state, "sent")

    def test_token_of_another_invoice_opens_nothing(self):
        other = self._open_invoice(10.0)
        token = self.delivery.sudo().access_token
        self.authenticate(None, None)

        self.url_open(f"{other.sudo()._get_pay_path()}?delivery={token}")

        self.assertEqual(self.delivery.state, "sent")

    def test_download_is_the_pdf_that_was_sent(self):
        self.customer.name = "Hotel Under Another Name"

        answer = self.url_open(f"{self.invoice.sudo()._get_pay_path()}/pdf")

        self.assertEqual(answer.content, self.delivery.attachment_ids.raw)

    def test_old_link_of_the_recipient_leads_to_the_page_and_is_noted(self):
        token = self.delivery.sudo().access_token
        self.authenticate(None, None)

        answer = self.url_open(f"{self.invoice.sudo().get_portal_url()}&delivery={token}")

        self.assertIn("/service/pay/", answer.url)
        self.assertEqual(self.delivery.state, "opened")
