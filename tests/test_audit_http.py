import json

from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from odoo.addons.service_billing.models.logic.event_chain import get_hash

from .common_audit import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditHttp(AuditCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._open_invoice(100.0)
        cls._trail(cls.invoice)
        cls.guest = new_test_user(cls.env, "guest", groups="base.group_portal", partner_id=cls.customer.id)

    # === DOWNLOAD === #

    def _download(self, user, model="account.move", document_id=None):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/service_billing/audit_trail/{model}/{document_id or self.invoice.id}")

    def test_biller_downloads_what_can_be_checked_elsewhere(self):
        trail = self._download(self.biller).json()

        self.assertTrue(trail["intact"])
        [event] = trail["events"]
        self.assertEqual((event["kind"], event["res_name"]), ("finalized", self.invoice.name))
        self.assertEqual(json.loads(event["details"])["total"], "100.00")
        self.assertEqual(event["hash"], get_hash(event["previous_hash"], event["sequence"], event["payload"]))

    def test_nobody_else_downloads_it(self):
        self.assertEqual(self._download(self.technician).status_code, 403)
        self.assertEqual(self._download(self.biller, model="no.model").status_code, 404)
        self.assertEqual(self._download(self.biller, document_id=2**30).status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(f"/service_billing/audit_trail/account.move/{self.invoice.id}").url)

    # === VIEWED === #

    def _visit(self, user=None):
        """Open the page of the invoice, with its link where nobody logs in."""
        self.authenticate(user and user.login, user and user.login)
        query = "" if user else f"?access_token={self.invoice.sudo()._portal_ensure_token()}"
        return self.url_open(f"/my/invoices/{self.invoice.id}{query}")

    def _get_visitors(self):
        events = self._trail(self.invoice).filtered(lambda event: event.kind == "viewed")
        return [event._get_details()["visitor"] for event in events]

    def test_customer_who_opens_the_invoice_is_logged_once_a_day_and_way(self):
        for user in (self.guest, self.guest, None, None):
            self._visit(user)

        self.assertEqual(self._get_visitors(), ["customer", "link"])

    def test_visit_of_another_day_is_logged_again(self):
        self._visit()
        with freeze_time("2030-01-01 12:00:00"):
            self._visit()

        self.assertEqual(self._get_visitors(), ["link", "link"])

    def test_who_works_here_or_may_not_see_it_is_not_logged(self):
        stranger = new_test_user(self.env, "stranger", groups="base.group_portal")
        for user in (self.biller, stranger):
            self._visit(user)

        self.assertFalse(self._get_visitors())
