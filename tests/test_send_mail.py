from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.account.models.account_move_send import AccountMoveSend
from odoo.addons.queue_job.tests.common import trap_jobs

from .common_jobs import performing_jobs
from .common_smtp import SmtpCommon

MAIL_LOG = "odoo.addons.mail.models.mail_mail"
ADDRESS = "customer@example.com"


@tagged("post_install", "-at_install")
class TestSendMail(SmtpCommon):
    """What a real mail server gets, and what becomes of what it does not take."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.bank_ids = [(0, 0, {"acc_number": "LU280019400644750000"})]

    def setUp(self):
        super().setUp()
        self.invoice = self._open_invoice(412.0, invoice_date_due="2026-12-21", invoice_date="2026-11-21")

    def _get_delivery(self, invoice=None):
        return (invoice or self.invoice).billing_delivery_ids.filtered(lambda delivery: delivery.kind == "document")[:1]

    def _get_events(self, invoice, kind):
        return self.env["service.billing.event"].search([("res_id", "=", invoice.id), ("kind", "=", kind)])

    # === CONTENT === #

    def test_amount_and_due_date_are_in_the_subject_and_the_first_two_lines(self):
        self._send(self.invoice)

        recipient, mail = self.mailbox.mails[0]
        text, html, files = self._get_parts(mail)
        first_lines = "\n".join([line for line in text.splitlines() if line.strip()][:2])
        self.assertEqual(recipient, ADDRESS)
        for place in (mail["Subject"], first_lines):
            self.assertIn("412.00", place)
            self.assertIn("December 21, 2026", place)
        self.assertIn(self.invoice.name, mail["Subject"])
        self.assertEqual(list(files), [self.invoice.invoice_pdf_report_id.name])
        self.assertIn("412.00", html)

    def test_mail_for_a_bank_transfer_shows_the_account_and_no_link(self):
        self._send(self.invoice)

        text, html, _files = self._get_parts(self.mailbox.mails[0][1])
        self.assertIn("LU28 0019 4006 4475 0000", text)
        self.assertIn(self.invoice.payment_reference, text)
        self.assertNotIn("Pay $", html.replace("\xa0", " "))
        self.assertNotIn("/service/pay", html)

    def test_mail_for_online_payment_offers_it(self):
        self.invoice.billing_collection = "online"

        self._send(self.invoice)

        text, html, _files = self._get_parts(self.mailbox.mails[0][1])
        self.assertRegex(html.replace("\xa0", " "), r"Pay .*412\.00")
        self.assertNotIn("LU28", text)

    def test_instalments_are_listed(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 30}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 60}),
                ],
            }
        )
        invoice = self._open_invoice(300.0, invoice_payment_term_id=term.id, invoice_date="2026-11-21")

        self._send(invoice)

        text, _html, _files = self._get_parts(self.mailbox.mails[0][1])
        self.assertIn("150.00", self.mailbox.mails[0][1]["Subject"])
        self.assertIn("December 21, 2026", self.mailbox.mails[0][1]["Subject"])
        self.assertIn("January 20, 2027", text)

    def test_mail_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"

        self._send(self.invoice)

        self.assertIn("21 décembre 2026", self.mailbox.mails[0][1]["Subject"])

    def test_options(self):
        self._send(self.invoice, message="Thank you for your patience.", copy_to="biller@example.com", attach_pdf=False)

        mails = dict(self.mailbox.mails)
        self.assertEqual(set(mails), {ADDRESS, "biller@example.com"})
        text, _html, files = self._get_parts(mails[ADDRESS])
        self.assertIn("Thank you for your patience.", text)
        self.assertFalse(files)
        self.assertTrue(self.invoice.invoice_pdf_report_id)

    def test_each_recipient_has_a_link_of_its_own(self):
        self.invoice.billing_collection = "online"
        recipients = [(self.customer, ADDRESS), (self.customer, "second@example.com")]

        self._send(self.invoice, recipients=recipients)

        tokens = self.invoice.billing_delivery_ids.sudo().mapped("access_token")
        bodies = [self._get_parts(mail)[1] for _recipient, mail in self.mailbox.mails]
        self.assertEqual(len(bodies), 2)
        self.assertEqual(sorted(sum(token in body for body in bodies) for token in tokens), [1, 1])

    # === STATES === #

    def test_taken_by_the_server(self):
        self._send(self.invoice)

        self.assertRecordValues(self._get_delivery(), [{"state": "sent", "reason": False, "email": ADDRESS}])
        self.assertTrue(self.invoice.is_move_sent)
        self.assertTrue(self.invoice.billing_sent_on)

    def test_log_of_the_document_has_who_got_what(self):
        self._send(self.invoice)

        event = self._get_events(self.invoice, "sent")
        self.assertEqual(event._get_details()["recipient"], ADDRESS)
        self.assertEqual(event._get_details()["sent_hash"], self._get_delivery().checksums)

    def test_job_that_runs_twice_sends_one_mail(self):
        self._send(self.invoice)

        self.invoice._job_send()

        self.assertEqual(len(self.mailbox.mails), 1)

    @mute_logger(MAIL_LOG)
    def test_address_that_the_server_refuses_bounces_and_gets_nothing_more(self):
        self.mailbox.answers[ADDRESS] = ["550 5.1.1 No such user"]

        self._send(self.invoice)

        self.assertRecordValues(self._get_delivery(), [{"state": "bounced", "reason": "550 5.1.1 No such user"}])
        self.assertFalse(self.invoice.is_move_sent)
        self.assertTrue(self.customer.billing_is_bounced)
        self.assertEqual(len(self._get_events(self.invoice, "bounced")), 1)
        with self._refused():
            self.invoice._read_recipients(ADDRESS)

    @mute_logger(MAIL_LOG)
    def test_greylisted_mail_is_tried_again_and_counts_as_sent_only_then(self):
        self.mailbox.answers[ADDRESS] = ["451 4.7.1 Try again later"]
        with freeze_time("2026-11-21 09:00:00"):
            self._send(self.invoice)
        delivery = self._get_delivery()
        self.assertRecordValues(
            delivery, [{"state": "queued", "failures": 1, "retry_at": datetime(2026, 11, 21, 9, 15), "sent_at": False}]
        )
        self.assertFalse(self.invoice.is_move_sent)

        with freeze_time("2026-11-21 09:10:00"):
            self.invoice._job_send()
        self.assertFalse(self.mailbox.mails, "Not before its time.")
        with freeze_time("2026-11-21 09:15:00"):
            self.invoice._job_send()

        self.assertEqual(delivery.state, "sent")
        self.assertEqual(len(self.mailbox.mails), 1)

    @mute_logger(MAIL_LOG)
    def test_server_that_is_down_is_tried_three_times_within_a_day(self):
        start = datetime(2026, 11, 21, 9, 0)
        with self._server_down():
            for minutes in (0, 15, 240, 1440):
                with freeze_time(start + timedelta(minutes=minutes)):
                    if minutes:
                        self.invoice._job_send()
                    else:
                        self._send(self.invoice)

        delivery = self._get_delivery()
        self.assertEqual(delivery.state, "failed")
        self.assertTrue(delivery.reason)
        self.assertEqual(self.invoice.state, "posted")

        with performing_jobs():
            delivery.with_user(self.biller).action_retry()

        self.assertEqual(delivery.state, "sent")
        self.assertEqual(len(self.mailbox.mails), 1)

    @mute_logger(MAIL_LOG)
    def test_one_refused_address_keeps_the_mail_from_no_other(self):
        self.mailbox.answers[ADDRESS] = ["550 No such user"]

        self._send(self.invoice, recipients=[(self.customer, ADDRESS), (self.customer, "second@example.com")])

        states = {delivery.email: delivery.state for delivery in self.invoice.billing_delivery_ids}
        self.assertEqual(states, {ADDRESS: "bounced", "second@example.com": "sent"})

    def test_failing_pdf_leaves_the_invoice_finalized_and_is_tried_again(self):
        number = self.invoice.name
        with patch.object(AccountMoveSend, "_prepare_invoice_pdf_report", side_effect=UserError("No paper.")):
            self._send(self.invoice)
        delivery = self._get_delivery()
        self.assertRecordValues(delivery, [{"state": "failed", "reason": "No paper."}])
        self.assertEqual(len(self._get_events(self.invoice, "send_failed")), 1)
        self.assertEqual((self.invoice.state, self.invoice.name), ("posted", number))

        with performing_jobs():
            self.invoice.action_billing_retry_sending()

        self.assertEqual(delivery.state, "sent")

    # === SNAPSHOT === #

    def test_what_was_sent_is_kept_byte_by_byte_and_a_new_name_changes_nothing(self):
        with trap_jobs():
            self.invoice._send_to_customer()
        self.invoice.with_context(force_report_rendering=True)._job_send()
        delivery = self._get_delivery()
        sent = self._get_parts(self.mailbox.mails[0][1])[2]
        pdf = next(iter(sent.values()))
        self.assertTrue(pdf.startswith(b"%PDF"))

        self.customer.name = "Hotel Under Another Name"
        self.env.invalidate_all()

        self.assertEqual(delivery.with_user(self.biller).attachment_ids.raw, pdf)
        self.assertEqual(self.invoice._get_invoice_legal_documents("pdf")["content"], pdf)
        self.assertIn("Hotel Alpina", delivery.body)
        self.assertTrue(delivery.with_context(bin_size=True).is_intact)

    def test_change_of_what_was_sent_shows(self):
        self._send(self.invoice)
        delivery = self._get_delivery()

        delivery.attachment_ids.sudo().raw = b"other"
        delivery.invalidate_recordset()

        self.assertFalse(delivery.is_intact)

    def test_nobody_writes_what_was_sent(self):
        self._send(self.invoice)
        delivery = self._get_delivery().with_user(self.manager)

        for values in ({"state": "opened"}, {"body": "x"}, {"email": "x@example.com"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                delivery.write(values)
        with self.assertRaises(AccessError):
            delivery.attachment_ids.write({"raw": b"x"})
