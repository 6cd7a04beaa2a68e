from functools import partial

from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common_concurrent import ConcurrentCase


@tagged("post_install", "-at_install")
class TestSendAtOnce(ConcurrentCase):
    """Two people press Send in the same second."""

    def test_two_sends_in_the_same_second_queue_one_mail(self):
        invoice_id = self._commit_invoice(100.0)

        results = self._at_once(*[partial(self._send, invoice_id=invoice_id)] * 2)

        self.assertEqual(sorted(bool(result) for result in results), [False, True])
        self.assertRegex(next(filter(None, results)), r"was sent 0:0\d ago to concurrent@example\.com\.$")
        with self._committing() as env:
            self.assertEqual(env["service.delivery"].search_count([("move_id", "=", invoice_id)]), 1)

    def test_jobs_at_once_hand_over_one_mail(self):
        invoice_id = self._commit_invoice(100.0)
        with self._committing(self.biller_id) as env:
            self._send(env, invoice_id=invoice_id)

        results = self._at_once(*[partial(self._perform, invoice_id=invoice_id)] * 2)

        self.assertIn(True, results)
        with self._committing() as env:
            delivery = env["service.delivery"].search([("move_id", "=", invoice_id)])
            self.assertEqual(delivery.state, "sent")
            messages = env["mail.message"].search(
                [("model", "=", "account.move"), ("res_id", "=", invoice_id), ("message_type", "=", "email_outgoing")]
            )
            self.assertEqual(messages, delivery.message_id)

    # === STEPS === #

    def _delete_committed(self):
        with self._committing() as env:
            deliveries = env["service.delivery"].search([("move_id.partner_id", "=", self.customer_id)])
            env["mail.mail"].search([("mail_message_id", "in", deliveries.message_id.ids)]).unlink()
            deliveries.message_id.unlink()
        super()._delete_committed()

    def _send(self, env, invoice_id):
        with trap_jobs():
            remarks = env["account.move"].browse(invoice_id)._send_to_customer()
        return next(iter(remarks.values()), "")

    def _perform(self, env, invoice_id):
        env["account.move"].browse(invoice_id)._job_send()
        return True
