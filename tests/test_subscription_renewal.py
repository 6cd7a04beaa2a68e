from datetime import date, datetime

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.queue_job.tests.common import trap_jobs

from .common_subscription import SubscriptionCommon


@tagged("post_install", "-at_install")
class TestSubscriptionRenewal(SubscriptionCommon, MailCase):
    """Customers hear of the end of their subscription in time, in their language, and once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_timezone = "Europe/Berlin"
        cls.customer.email = "office@alpina.example"
        with freeze_time("2026-01-15 10:00:00"):
            cls.subscription = cls._active(date(2026, 1, 1), end_date=date(2026, 6, 30))

    def _run(self, moment):
        """Let the scheduled action and its jobs run at a moment; return the mails, and the jobs."""
        with freeze_time(moment), trap_jobs() as trap, self.mock_mail_gateway():
            self.env["service.subscription"]._cron_remind()
            jobs = list(trap.enqueued_jobs)
            trap.perform_enqueued_jobs()
            return self._get_mails(), jobs

    def _get_mails(self):
        """Return the mails to the customer; the responsible hears of the to-do by one, too."""
        return self._new_mails.sudo().filtered(lambda mail: self.customer in mail.recipient_ids)

    def test_customer_is_reminded_when_it_is_time_and_once(self):
        self.assertFalse(self._run("2026-05-30 12:00:00")[1])

        mail, jobs = self._run("2026-05-31 00:30:00")
        self.assertEqual(jobs[0].eta, datetime(2026, 5, 31, 4, 0))
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn(self.subscription.name, mail.subject)
        self.assertIn("06/30/2027", mail.body_html)
        self.assertFalse(self._run("2026-05-31 12:00:00")[1])
        self.assertFalse(self._run("2026-06-20 12:00:00")[1])

        self.assertEqual(len(self._run("2026-06-23 12:00:00")[0]), 1)
        self.assertEqual(self.subscription.reminder_ids.sorted("days").mapped("days"), [7, 30])

    def test_responsible_gets_a_to_do(self):
        self._run("2026-05-31 12:00:00")

        self.assertRecordValues(
            self.subscription.activity_ids, [{"user_id": self.biller.id, "date_deadline": date(2026, 6, 30)}]
        )

    def test_job_that_runs_again_reminds_nobody(self):
        with freeze_time("2026-05-31 12:00:00"), self.mock_mail_gateway():
            self.subscription._job_remind()
            self.subscription._job_remind()

            self.assertEqual(len(self._get_mails()), 1)

    def test_after_downtime_one_message_settles_all_reminders(self):
        mails, _jobs = self._run("2026-06-25 12:00:00")

        self.assertEqual(len(mails), 1)
        self.assertEqual(len(self.subscription.reminder_ids), 2)

    def test_mail_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"

        mail, _jobs = self._run("2026-05-31 12:00:00")

        self.assertIn("30.06.2026", mail.subject)

    def test_nobody_is_reminded_of_what_is_cancelled_draft_or_ended(self):
        with freeze_time("2026-05-01"):
            self.subscription.action_cancel("2026-06-30")
            self._subscribe(date(2026, 1, 1), end_date=date(2026, 6, 30))
        self.assertFalse(self._run("2026-06-25 12:00:00")[1])
        self.assertFalse(self._run("2026-07-01 12:00:00")[1])

    def test_renewed_subscription_is_reminded_of_its_new_end(self):
        self._run("2026-06-25 12:00:00")
        with freeze_time("2026-06-26"):
            self.subscription.action_renew()

        self.assertFalse(self._run("2026-06-27 12:00:00")[1])
        self.assertEqual(len(self._run("2027-06-01 12:00:00")[0]), 1)

    def test_subscription_may_have_reminders_of_its_own(self):
        self.subscription.reminder_days = "90"
        self.assertEqual(len(self._run("2026-04-01 12:00:00")[0]), 1)

        self.subscription.reminder_days = "0"
        self.subscription.reminder_ids.sudo().unlink()
        self.assertFalse(self._run("2026-06-25 12:00:00")[1])

    def test_customer_without_email_makes_a_to_do_only(self):
        self.customer.email = False

        mails, _jobs = self._run("2026-05-31 12:00:00")

        self.assertFalse(mails)
        self.assertTrue(self.subscription.activity_ids)

    def test_list_of_days_is_read_or_refused(self):
        parse = self.env["res.company"]._parse_reminder_days
        for text, expected in (("30, 7", [30, 7]), ("7;7 30", [30, 7]), ("0", []), ("", []), (False, [])):
            self.assertEqual(parse(text), expected)
        for text in ("soon", "-3", "1.5", "9999", "30 days"):
            with self.subTest(text), self._refused(ValidationError):
                self.subscription.reminder_days = text
            with self.subTest(text), self._refused(ValidationError):
                self.company.billing_reminder_days = text
