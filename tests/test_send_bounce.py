from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_jobs import performing_jobs
from .common_money import MoneyCommon

ADDRESS = "customer@example.com"
GATEWAY_LOG = "odoo.addons.mail.models.mail_thread"
REPORT = """\
From: MAILER-DAEMON@mx.example.com
To: bounce@here.example.com
Subject: Delivery report
Message-Id: <report-{number}@mx.example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.example.com.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {text}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Invoice

--b--
"""


@tagged("post_install", "-at_install")
class TestSendBounce(MoneyCommon):
    """Reports that come in at the mail gateway, as other mail servers write them."""

    def setUp(self):
        super().setUp()
        self.invoice = self._open_invoice(100.0)
        with performing_jobs():
            self.invoice._send_to_customer()
        self.delivery = self.invoice.billing_delivery_ids

    def _report(self, action, status, *, text="550 5.1.1 No such user", number=1):
        report = REPORT.format(
            action=action,
            status=status,
            text=text,
            number=number,
            address=ADDRESS,
            message_id=self.delivery.message_id.message_id,
        )
        with mute_logger(GATEWAY_LOG), performing_jobs() as trap:
            self.env["mail.thread"].sudo().message_process("res.partner", report)
            return trap

    def test_hard_bounce_marks_the_address_and_asks_for_the_next_contact(self):
        self._create_customer("Mrs. Alpina", parent_id=self.customer.id, email="second@example.com")

        self._report("failed", "5.1.1")

        self.assertRecordValues(self.delivery, [{"state": "bounced", "reason": "550 5.1.1 No such user"}])
        self.assertTrue(self.customer.billing_is_bounced)
        activity = self.invoice.activity_ids
        self.assertEqual(activity.user_id, self.biller)
        self.assertIn("second@example.com", activity.note)

    def test_same_report_twice_makes_one_to_do(self):
        self._report("failed", "5.1.1")
        self._report("failed", "5.1.1", number=2)

        self.assertEqual(len(self.invoice.activity_ids), 1)

    def test_soft_bounce_is_tried_again_and_does_not_count_as_sent(self):
        self._report("failed", "4.2.2", text="452 4.2.2 Mailbox full")

        self.assertRecordValues(self.delivery, [{"state": "queued", "sent_at": False, "failures": 1}])
        self.assertFalse(self.customer.billing_is_bounced)
        self.assertFalse(self.customer.message_bounce)
        self.assertFalse(self.invoice.activity_ids)

    def test_report_of_a_delay_changes_nothing(self):
        self._report("delayed", "4.4.1")

        self.assertEqual(self.delivery.state, "sent")
        self.assertFalse(self.customer.message_bounce)

    def test_report_of_a_success_is_no_bounce(self):
        self._report("delivered", "2.0.0")

        self.assertEqual(self.delivery.state, "delivered")
        self.assertFalse(self.customer.message_bounce)

    def test_bounce_of_a_mail_that_is_not_ours_stays_core_s(self):
        message = self.customer.message_post(body="Hello")
        report = REPORT.format(
            action="failed", status="5.1.1", text="550", number=3, address=ADDRESS, message_id=message.message_id
        )

        with mute_logger(GATEWAY_LOG):
            self.env["mail.thread"].sudo().message_process("res.partner", report)

        self.assertEqual(self.delivery.state, "sent")
        self.assertEqual(self.customer.message_bounce, 1)
