import random

from odoo.exceptions import AccessError
from odoo.fields import Datetime
from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from .common_jobs import performing_jobs
from .common_stripe import CARD, StripeCommon


@tagged("post_install", "-at_install")
class TestStripeEvents(StripeCommon):
    """The inbox: what Stripe tells is applied once, in any order, and nothing of it is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_second_company()
        cls.company.billing_collection = "online"

    def setUp(self):
        super().setUp()
        self.invoice = self._open_invoice(100.0)
        self.double.pay(self.invoice._start_checkout(100.0), CARD)
        self.tx = self.invoice.sudo().transaction_ids
        self.event = self._get_events("payment_intent.succeeded")[0]

    def _apply(self, *events):
        """Receive the events, perform their jobs, and return what is in the inbox of them."""
        with performing_jobs():
            for event in events:
                self.receive(event)
        self.env.invalidate_all()
        refs = [event["id"] for event in events]
        return self.env["service.stripe.event"].search([("event_ref", "in", refs)])

    def _forget(self):
        """Have the server die before it wrote down what it asked Stripe for."""
        self.tx.unlink()
        self.env.invalidate_all()

    # === ONCE === #

    def test_event_makes_the_invoice_paid_at_once(self):
        event = self._apply(self.event)

        self.assertEqual(event.state, "done")
        self.assertEqual(self.invoice.billing_status, "paid_online")
        self.assertTrue(self.tx.is_post_processed)

    def test_event_that_comes_five_times_is_one_payment(self):
        events = self._apply(*[self.event] * 5)

        self.assertEqual(len(events), 1)
        self.assertEqual(len(self.invoice.sudo().transaction_ids.payment_id), 1)
        self.assertEqual(self.env["account.payment"].search_count([("partner_id", "=", self.customer.id)]), 1)

    def test_any_order_and_any_repetition_is_one_payment(self):
        events = self._get_events() * 3
        random.Random(7).shuffle(events)

        self._apply(*events)

        self.assertEqual(self.invoice.billing_status, "paid_online")
        self.assertEqual(self.env["account.payment"].search_count([("partner_id", "=", self.customer.id)]), 1)

    def test_old_word_about_the_payment_changes_nothing_after_the_last_one(self):
        self._apply(self.event)
        late = {**self.event, "id": "evt_late", "type": "payment_intent.processing"}

        self.assertEqual(self._apply(late).state, "done")
        self.assertEqual(self.tx.state, "done")

    def test_job_that_runs_again_changes_nothing(self):
        event = self._apply(self.event)

        self.assertEqual(event.sudo()._job_apply(), "Done before.")
        self.assertEqual(event.attempt_count, 1)

    def test_word_of_the_page_alone_is_enough(self):
        self._apply(*self._get_events("checkout.session.completed"))

        self.assertEqual(self.invoice.billing_status, "paid_online")

    def test_kind_that_nothing_depends_on_is_ignored(self):
        self.assertEqual(self._apply({**self.event, "id": "evt_x", "type": "payment_intent.created"}).state, "ignored")

    def test_two_accounts_may_tell_the_same_event(self):
        other = self._create_stripe_provider(self.second_company)

        self.assertTrue(self.receive(self.event))
        self.assertTrue(self.receive(self.event, provider=other))
        self.assertFalse(self.receive(self.event))

    # === WHAT DOES NOT FIT === #

    def test_other_amount_is_refused_and_somebody_is_told(self):
        self.tx.amount = 90.0

        event = self._apply(self.event)

        self.assertEqual(event.state, "unmatched")
        self.assertEqual(event.sudo().activity_ids.user_id, self.manager)
        self.assertEqual(self.tx.state, "draft")
        self.assertFalse(self.tx.payment_id)

    def test_other_currency_is_refused(self):
        self.tx.currency_id = self.setup_other_currency("GBP")

        self.assertEqual(self._apply(self.event).state, "unmatched")
        self.assertFalse(self.tx.payment_id)

    def test_money_that_nobody_asked_for_is_kept_and_shown(self):
        intent = self._create_foreign_intent({})

        event = self._apply(self._prepare_event(intent))

        self.assertEqual(event.state, "unmatched")
        self.assertEqual(event.sudo().activity_ids.user_id, self.manager)

    def test_payment_of_another_database_is_none_of_ours(self):
        intent = self._create_foreign_intent({"odoo_db": "another", "odoo_tx": self.tx.reference})

        self.assertEqual(self._apply(self._prepare_event(intent)).state, "ignored")
        self.assertEqual(self.tx.state, "draft")

    def test_payment_for_the_invoice_of_another_company_is_not_booked(self):
        foreign = self._open_invoice(100.0, user=self.second_biller)
        database = self.tx._get_stripe_database()
        intent = self._create_foreign_intent({"odoo_db": database, "odoo_invoices": str(foreign.id)})

        self.assertEqual(self._apply(self._prepare_event(intent)).state, "unmatched")
        self.assertEqual(foreign.billing_status, "open")

    def test_payment_that_we_forgot_is_made_again_from_what_stripe_keeps(self):
        self._forget()

        event = self._apply(self.event)

        self.assertEqual(event.state, "done")
        self.assertEqual(self.invoice.billing_status, "paid_online")
        self.assertEqual(self.invoice.sudo().transaction_ids.amount, 100.0)

    def test_forgotten_payment_is_made_again_once(self):
        self._forget()

        self._apply(*self._get_events(), *self._get_events())

        self.assertEqual(len(self.invoice.sudo().transaction_ids), 1)
        self.assertEqual(self.env["account.payment"].search_count([("partner_id", "=", self.customer.id)]), 1)

    def test_books_that_refuse_keep_that_stripe_has_the_money(self):
        self.provider.journal_id.inbound_payment_method_line_ids.payment_provider_id = False
        self.provider.journal_id.company_id.sudo().account_journal_suspense_account_id = False

        event = self._apply(self.event)

        self.assertEqual(self.tx.state, "done")
        self.assertEqual(event.state, "failed")
        self.assertTrue(event.reason)
        self.assertTrue(self.invoice._is_payment_on_its_way())

    def _create_foreign_intent(self, metadata):
        """Return a payment that was made at Stripe by somebody else."""
        gateway = self.provider._get_gateway()
        values = {"amount": 10000, "currency": self.company.currency_id.name.lower(), "metadata": metadata}
        values |= {"confirm": True, "payment_method": "pm_card_visa", "return_url": "https://example.com"}
        return gateway.create("payment_intents", values, key=f"foreign {metadata}")

    def _prepare_event(self, intent):
        [event] = [
            event
            for event in self._get_events("payment_intent.succeeded")
            if event["data"]["object"]["id"] == intent["id"]
        ]
        return event

    # === WHAT TIME HEALS, AND WHAT PEOPLE DO === #

    def test_refused_key_fails_the_event_until_it_is_replayed(self):
        self.double.fail_next("key")
        event = self._apply(self.event)
        self.assertEqual(event.state, "failed")

        with performing_jobs():
            event.with_user(self.manager).action_replay()

        self.assertEqual(event.state, "done")
        self.assertEqual(self.invoice.billing_status, "paid_online")
        self.assertFalse(event.sudo().activity_ids)

    def test_key_that_is_found_good_again_applies_what_failed_meanwhile(self):
        self.double.fail_next("key")
        event = self._apply(self.event)
        self.assertEqual(event.state, "failed")

        with performing_jobs():
            self.provider.action_billing_stripe_test()

        self.assertEqual((event.state, self.invoice.billing_status), ("done", "paid_online"))

    def test_several_events_are_replayed_at_once_and_what_is_applied_is_left_alone(self):
        done = self._apply(self.event)
        other = self._open_invoice(50.0)
        self.double.pay(other._start_checkout(50.0), CARD)
        told = self._get_events("payment_intent.succeeded", "checkout.session.completed")[-2:]
        self.double.fail_next("key", times=2)
        failed = self._apply(*told)
        self.assertEqual(set(failed.mapped("state")), {"failed"})

        with performing_jobs() as trap:
            (failed | done).with_user(self.manager).action_replay()
            trap.assert_jobs_count(2)

        self.assertEqual(set(failed.mapped("state")), {"done"})
        self.assertEqual((other.billing_status, done.attempt_count), ("paid_online", 1))

    def test_event_waits_while_stripe_is_down_and_fails_after_a_day(self):
        self.double.fail_next("server", times=6)
        event = self.receive(self.event)

        with self.assertRaises(RetryableJobError):
            event._job_apply()
        self.assertEqual(event.state, "new")

        event.received_at = Datetime.subtract(Datetime.now(), days=2)
        event._job_apply()
        self.assertEqual(event.state, "failed")

    def test_what_stripe_told_is_forgotten_once_it_is_applied_and_old(self):
        event = self._apply(self.event).sudo()
        event.happened_at = Datetime.subtract(Datetime.now(), days=100)

        event._gc_payloads()

        self.assertFalse(event.payload)
        self.assertEqual(event.state, "done")

    def test_replay_of_what_is_applied_changes_nothing(self):
        event = self._apply(self.event)

        with performing_jobs() as trap:
            event.with_user(self.manager).action_replay()
            trap.assert_jobs_count(0)

    def test_office_does_not_replay_nor_write_events(self):
        event = self._apply(self.event)
        for user in (self.biller, self.bookkeeper, self.technician):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._call(user, "service.stripe.event", "action_replay", event.ids)
        with self.assertRaises(AccessError):
            self._call(self.manager, "service.stripe.event", "write", event.ids, {"state": "new"})
        with self.assertRaises(AccessError):
            self._call(self.manager, "service.stripe.event", "read", event.ids, ["payload"])

    def test_manager_of_another_company_sees_no_events(self):
        event = self._apply(self.event)
        other = self._create_user("second_manager", "service_billing.group_manager", self.second_company)

        self.assertFalse(self.env["service.stripe.event"].with_user(other).search([("id", "=", event.id)]))

    # === THE SWEEP === #

    def test_sweep_finds_what_nobody_told(self):
        self._sweep()

        self.assertEqual(self.invoice.billing_status, "paid_online")
        self.assertTrue(self.provider.billing_stripe_swept_at)

    def test_second_sweep_finds_nothing_new(self):
        self._sweep()
        known = self.env["service.stripe.event"].search_count([])

        self._sweep()

        self.assertEqual(self.env["service.stripe.event"].search_count([]), known)

    def test_sweep_finds_a_payment_whose_event_is_gone(self):
        self.provider.billing_stripe_swept_at = Datetime.now()
        self.provider._sweep_payments(Datetime.subtract(Datetime.now(), days=1))

        [found] = self.env["service.stripe.event"].search([("object_ref", "=", self.event["data"]["object"]["id"])])
        self.assertEqual(found.origin, "sweep")

    def _sweep(self):
        with performing_jobs():
            self.env["payment.provider"].search([("id", "=", self.provider.id)])._job_sweep()
        self.env.invalidate_all()
