from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common_jobs import performing_jobs
from .common_portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPayLink(PortalCommon):
    """Who gets in with a link, and who does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._open_invoice(123.45)
        cls.path = cls._path(cls.invoice)

    def _assert_closed(self, path):
        for address in (path, f"{path}/pdf"):
            with self.subTest(address):
                answer = self._get(address)
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn("123.45", answer.text)
                self.assertNotIn(self.invoice.name, answer.text)

    def test_wrong_token_opens_nothing(self):
        other = self._open_invoice(10.0)
        token = self.path.rpartition("/")[2]
        for path in (
            f"/service/pay/{self.invoice.id}/x",
            f"/service/pay/{self.invoice.id}/{token[:-1]}",
            f"/service/pay/{self.invoice.id}/%C3%A9%00",
            f"/service/pay/{self.invoice.id}/False",
            f"/service/pay/{other.id}/{token}",
            f"/service/pay/{2**31 - 1}/{token}",
        ):
            self._assert_closed(path)

    def test_answer_is_the_same_whether_or_not_there_is_such_a_document(self):
        pages = {
            self._get(f"/service/pay/{invoice_id}/x").text.partition("<form")[0]
            for invoice_id in (self.invoice.id, self._draft_invoice().id, 2**31 - 1)
        }

        self.assertEqual(len(pages), 1)

    def test_payment_without_its_token_is_refused(self):
        answer = self._post(f"/service/pay/{self.invoice.id}/x", {"choice": "full"})

        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.invoice.sudo().transaction_ids)

    def test_forms_of_other_sites_are_refused(self):
        for path in (self.path, f"/service/pay/{self.invoice.id}/request"):
            with self.subTest(path):
                self.assertEqual(self.url_open(path, data={"choice": "full"}).status_code, 400)

    def test_biller_revokes_the_link(self):
        old = self.invoice.sudo().get_portal_url()

        self.assertIsNone(self.invoice.action_billing_revoke_link())

        self._assert_closed(self.path)
        self.assertNotIn("/service/pay", self._get(old).headers.get("Location", ""))
        self.assertTrue(self.invoice.action_billing_revoke_link(), "The second time says that there is no link.")
        self.assertNotEqual(self._path(self.invoice), self.path)
        self.assertEqual(self._get(self._path(self.invoice)).status_code, 200)
        kinds = self.env["service.billing.event"].search([("res_id", "=", self.invoice.id)]).mapped("kind")
        self.assertEqual(kinds.count("link_revoked"), 1)

    def test_nobody_else_revokes_or_reads_links(self):
        for user in (self.technician, self._create_portal_user("guest", self.customer)):
            with self.subTest(user.login), self.assertRaises(UserError):
                self._call(user, "account.move", "action_billing_revoke_link", self.invoice.ids)
        for user in (self.technician, self.biller, self.manager):
            with self.subTest(user.login), self.assertRaises(UserError):
                self._call(user, "account.move", "read", self.invoice.ids, ["billing_pay_token"])
        with self.assertRaises(UserError):
            self._call(self.biller, "account.move", "write", self.invoice.ids, {"billing_pay_token": "guess"})

    def test_copy_of_an_invoice_has_no_link(self):
        self.assertFalse(self.invoice.copy().sudo().billing_pay_token)

    # === A NEW LINK === #

    def _request(self, invoice_id):
        with trap_jobs() as trap:
            answer = self._post(f"/service/pay/{invoice_id}/request", page=f"/service/pay/{invoice_id}/x")
        with performing_jobs():
            for job in trap.enqueued_jobs:
                self.env["account.move"].browse(job.recordset.ids)._job_send_link()
        return answer

    def test_new_link_goes_to_the_contact_on_file(self):
        self.invoice.action_billing_revoke_link()

        self._request(self.invoice.id)

        delivery = self.env["service.delivery"].search([("move_id", "=", self.invoice.id)])
        self.assertRecordValues(
            delivery, [{"kind": "link", "email": "customer@example.com", "partner_id": self.customer.id}]
        )
        self.assertIn(self._path(self.invoice), delivery.body)
        self.assertFalse(delivery.attachment_ids)

    def test_request_says_the_same_for_every_document(self):
        answers = {self._request(id_).text for id_ in (self.invoice.id, self._draft_invoice().id, 2**31 - 1)}

        self.assertEqual(len(answers), 1)
        self.assertEqual(self.env["service.delivery"].search_count([("move_id.partner_id", "=", self.customer.id)]), 1)

    def test_second_request_mails_nothing(self):
        self._request(self.invoice.id)
        self._request(self.invoice.id)

        self.assertEqual(self.env["service.delivery"].search_count([("move_id", "=", self.invoice.id)]), 1)

    # === CORE'S OWN PAGE === #

    def test_core_s_link_leads_to_our_page(self):
        answer = self._get(self.invoice.sudo().get_portal_url())

        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith(self.path))

    def test_core_s_payment_takes_nothing_for_our_documents(self):
        token = self.invoice.sudo()._portal_ensure_token()
        for amount in (0.01, 123.45, 1e6):
            answer = self.url_open(
                f"/invoice/transaction/{self.invoice.id}",
                json={
                    "params": {
                        "access_token": token,
                        "amount": amount,
                        "provider_id": self.env.ref("payment.payment_provider_transfer").id,
                        "payment_method_id": None,
                        "token_id": None,
                        "flow": "redirect",
                        "tokenization_requested": True,
                        "landing_route": "/my",
                    }
                },
            )
            self.assertIn("error", answer.json())
        self.assertFalse(self.invoice.sudo().transaction_ids)

    def test_core_s_payment_link_leads_to_our_page(self):
        context = {"active_model": "account.move", "active_id": self.invoice.id}
        wizard = self.env["payment.link.wizard"].with_context(**context).create({"amount": 10.0})

        self.assertTrue(wizard.link.endswith(self.path))
