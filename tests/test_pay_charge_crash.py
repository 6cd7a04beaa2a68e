import random

from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.tests.common import trap_jobs

from .common_card import CardCommon
from .common_jobs import performing_jobs

INTENTS = "/v1/payment_intents"
# The official package asks again twice by itself.
TIMES = 3


@tagged("post_install", "-at_install")
class TestPayChargeCrash(CardCommon):
    """Wherever the server dies while a card is charged: one charge at Stripe, one payment in the books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(5)

    def setUp(self):
        super().setUp()
        self.invoice = self._open_invoice(100.0)
        token = self._save_card()
        with trap_jobs():
            self.attempt = self.invoice._attempt_card(token, 100.0)
        self.env.flush_all()

    # === STEPS === #

    def _die(self, work):
        """Do something, and lose what it wrote down."""
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            work()
            self.env.flush_all()
            raise ZeroDivisionError
        self.env.invalidate_all()

    def _fail(self, kind):
        self.double.fail_next(kind, times=TIMES, path=INTENTS)
        self._die(lambda: self.assertRaises(RetryableJobError, self.attempt._job_charge))

    def _receive_all(self):
        """Receive each event five times, in any order."""
        events = self._get_events() * 5
        self.random.shuffle(events)
        with performing_jobs():
            for event in events:
                self.receive(event)

    def _assert_charged_once(self):
        self.env.invalidate_all()
        self.assertEqual([charge["amount"] for charge in self._get_charges()], [10000])
        self.assertEqual(self.attempt.state, "succeeded")
        self.assertRecordValues(self.invoice, [{"amount_residual": 0.0, "billing_status": "paid_online"}])
        self.assertEqual(len(self.invoice.sudo().transaction_ids.payment_id), 1)
        self.assertEqual(self.env["account.payment"].search_count([("partner_id", "=", self.invoice.partner_id.id)]), 1)

    # === POINTS === #

    def test_dies_before_stripe_is_asked(self):
        self._fail("cut")
        self.attempt._job_charge()

        self._assert_charged_once()

    def test_dies_while_stripe_answers(self):
        self._fail("lost")
        self.attempt._job_charge()

        self._assert_charged_once()

    def test_dies_after_the_answer_before_it_is_written_down(self):
        self._die(self.attempt._create_intent)
        self.attempt._job_charge()

        self._assert_charged_once()

    def test_dies_when_all_is_written_down_but_not_committed(self):
        self._die(self.attempt._job_charge)
        self.attempt._job_charge()

        self._assert_charged_once()

    def test_dies_for_good_and_the_events_tell_it(self):
        self._die(self.attempt._job_charge)
        self._receive_all()

        self._assert_charged_once()

    def test_dies_after_it_is_committed_and_all_comes_again(self):
        self.attempt._job_charge()
        self.attempt._job_charge()
        self._receive_all()

        self._assert_charged_once()

    def test_dies_for_good_and_half_of_the_events_are_lost(self):
        self._die(self.attempt._job_charge)
        with performing_jobs():
            for event in self._get_events()[::2]:
                self.receive(event)
        with performing_jobs():
            self.provider._job_sweep()

        self._assert_charged_once()
