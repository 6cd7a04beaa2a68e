import re
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.tests.common import trap_jobs

from .common_autopay import AutopayCommon
from .common_jobs import performing_jobs
from .common_stripe import CARD


@tagged("post_install", "-at_install")
class TestPayAutopayPage(AutopayCommon, HttpCase):
    """What the customer does by the links of mails, without logging in."""

    def _post(self, path, **values):
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.url_open(path).text)[1]
        return self.url_open(path, data={"csrf_token": token, **values}, allow_redirects=False)

    def test_agreeing_while_a_card_is_saved(self):
        answer = self._post(self.customer._get_card_path(self.company), autopay="1")
        self.assertFalse(self.env["service.autopay"]._find(self.customer, self.company))

        self.double.pay(answer.headers["Location"], CARD)
        for event in self._get_events("checkout.session.completed"):
            with performing_jobs():
                self.receive(event)

        self.assertTrue(self.env["service.autopay"]._find(self.customer, self.company).consent_ip)

    def test_consent_recorded_at_the_same_moment_is_found_by_the_next_run(self):
        page = self.customer._start_card_setup(self.company, "/", "203.0.113.9", billing_is_autopay=True)
        self.double.pay(page, CARD)
        [event] = self._get_events("setup_intent.succeeded")
        with trap_jobs():
            received = self.receive(event)
        autopay = self._agree()
        self.env.flush_all()

        with (
            patch.object(type(autopay), "_find", return_value=autopay.browse()),
            mute_logger("odoo.sql_db"),
            self.assertRaises(RetryableJobError),
            self.env.cr.savepoint(),
        ):
            received._job_apply()
        received.invalidate_recordset()
        with trap_jobs():
            received._job_apply()

        self.assertEqual(received.state, "done")
        self.assertEqual(autopay.search([("partner_id", "=", self.customer.id)]), autopay)

    def test_skipping_and_pausing_by_the_link_of_the_notice(self):
        autopay = self._agree()
        invoice = self._due_in(0)
        self._run()
        item = self._get_items(invoice)
        path = "/service/autopay/" + item._get_link().rpartition("/")[2]

        page = self.url_open(path).text
        for told in (invoice.name, invoice._format_mail_amount(100.0)):
            self.assertIn(told, page)
        self._post(path, choice="end")
        self.assertEqual((item.state, autopay.state), ("announced", "active"))
        self._post(path, choice="skip")
        self._post(path, choice="pause")

        self.assertEqual((item.state, autopay.state), ("skipped", "paused"))
        self.assertEqual(self.url_open(f"{path[:-6]}AAAAAA").status_code, 404)
