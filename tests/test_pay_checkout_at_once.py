import os
from functools import partial
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from ..devtools.stripe_double.thread import get_double
from .common_concurrent import ConcurrentCase
from .common_stripe import CARD, WEBHOOK_SECRET

DELETE_TRANSACTIONS = """
    DELETE FROM queue_job WHERE channel = 'root.service_billing';
    CREATE TEMPORARY TABLE entries ON COMMIT DROP AS
        SELECT entry_id AS id FROM service_payout WHERE provider_id = %(provider)s AND entry_id IS NOT NULL
         UNION SELECT entry_id FROM service_dispute_entry_rel JOIN service_dispute dispute ON dispute.id = dispute_id
          WHERE dispute.provider_id = %(provider)s;
    CREATE TEMPORARY TABLE entry_lines ON COMMIT DROP AS
        SELECT id FROM account_move_line WHERE move_id IN (SELECT id FROM entries);
    DELETE FROM service_payout WHERE provider_id = %(provider)s;
    DELETE FROM service_dispute WHERE provider_id = %(provider)s;
    DELETE FROM account_partial_reconcile
     WHERE debit_move_id IN (SELECT id FROM entry_lines) OR credit_move_id IN (SELECT id FROM entry_lines);
    DELETE FROM account_move_line WHERE id IN (SELECT id FROM entry_lines);
    DELETE FROM account_move WHERE id IN (SELECT id FROM entries);
    DELETE FROM service_stripe_event WHERE provider_id = %(provider)s;
    DELETE FROM account_invoice_transaction_rel WHERE transaction_id IN (
        SELECT id FROM payment_transaction WHERE partner_id = %(customer)s
    );
    UPDATE account_payment SET payment_transaction_id = NULL WHERE partner_id = %(customer)s;
    DELETE FROM payment_transaction WHERE partner_id = %(customer)s;
    DELETE FROM payment_token WHERE partner_id = %(customer)s;
    DELETE FROM service_autopay WHERE partner_id = %(customer)s;
    DELETE FROM service_stripe_customer WHERE partner_id = %(customer)s;
"""


@tagged("post_install", "-at_install")
class TestCheckoutAtOnce(ConcurrentCase):
    """Customers who click twice, and events that come at the same moment: real transactions."""

    def setUp(self):
        super().setUp()
        self.double = get_double()
        self.startPatcher(patch.dict(os.environ, {"STRIPE_API_BASE": self.double.address}))
        self.double.reset()
        with self._committing() as env:
            provider = env["payment.provider"].search(
                [("code", "=", "stripe_checkout"), ("company_id", "=", env.ref("base.main_company").id)]
            )
            self.provider_id = provider.id
            self.provider_before = provider.read(["state", "billing_stripe_key", "billing_stripe_webhook_secret"])[0]
            provider.write({"state": "test", "billing_stripe_key": "sk_test_double"})
            provider.billing_stripe_webhook_secret = WEBHOOK_SECRET
        self.addCleanup(self._restore_provider)
        self.invoice_id = self._commit_invoice(100.0)
        with self._committing() as env:
            env["account.move"].browse(self.invoice_id).billing_collection = "online"

    def _restore_provider(self):
        with self._committing() as env:
            env.cr.execute(DELETE_TRANSACTIONS, {"provider": self.provider_id, "customer": self.customer_id})
            del self.provider_before["id"]
            env["payment.provider"].browse(self.provider_id).write(self.provider_before)

    def _click(self, env):
        return env["account.move"].browse(self.invoice_id)._start_checkout(100.0)

    def test_clicks_at_the_same_moment_lead_to_one_page(self):
        addresses = self._at_once(*[self._click] * 4)

        self.assertEqual(len(set(addresses)), 1, addresses)
        self.assertEqual(len(self.double.find("checkout.session")), 1)
        with self._committing() as env:
            self.assertEqual(len(env["account.move"].browse(self.invoice_id).transaction_ids), 1)

    def test_key_that_is_refused_is_noted_though_the_click_is_undone(self):
        self.double.fail_next("key")

        [result] = self._at_once(self._click)

        self.assertIsInstance(result, UserError)
        with self._committing() as env:
            self.assertFalse(env["account.move"].browse(self.invoice_id).transaction_ids)
            provider = env["payment.provider"].browse(self.provider_id)
            self.assertEqual(provider.billing_stripe_status, "refused")
            self.assertFalse(provider._is_online())

    def test_same_event_at_the_same_moment_is_kept_once(self):
        with self._committing() as env:
            self.double.pay(self._click(env), CARD)
        [event] = [event for event in self.double.events() if event["type"] == "payment_intent.succeeded"]

        def receive(env):
            provider = env["payment.provider"].sudo().browse(self.provider_id)
            return len(env["service.stripe.event"].sudo()._receive(provider, event))

        self.assertEqual(sorted(self._at_once(*[receive] * 6)), [0, 0, 0, 0, 0, 1])

    def test_two_words_about_one_payment_at_the_same_moment_are_one_payment(self):
        with self._committing() as env:
            self.double.pay(self._click(env), CARD)
        kinds = ("payment_intent.succeeded", "checkout.session.completed")
        told = [event for event in self.double.events() if event["type"] in kinds]
        with self._committing() as env:
            provider = env["payment.provider"].browse(self.provider_id)
            ids = [env["service.stripe.event"]._receive(provider, event).id for event in told]

        def apply(event_id):
            return lambda env: env["service.stripe.event"].sudo().browse(event_id)._job_apply()

        results = self._at_once(*map(apply, ids))
        # What found the other one at work is what the queue runs again.
        for event_id, result in zip(ids, results, strict=True):
            if isinstance(result, Exception):
                with self._committing() as env:
                    apply(event_id)(env)

        with self._committing() as env:
            invoice = env["account.move"].browse(self.invoice_id)
            self.assertEqual(invoice.billing_status, "paid_online")
            self.assertEqual(env["account.payment"].search_count([("partner_id", "=", self.customer_id)]), 1)

    # === REFUNDS, DISPUTES, PAYOUTS === #

    def _pay(self):
        """Have the customer pay the invoice, and return the payment."""
        with self._committing() as env:
            self.double.pay(self._click(env), CARD)
        self._apply_all("payment_intent.succeeded")
        with self._committing() as env:
            return env["account.move"].browse(self.invoice_id).transaction_ids.provider_reference

    def _receive_all(self, *kinds):
        """Receive what Stripe tells of these kinds, and return the ids of the events."""
        with self._committing() as env:
            provider = env["payment.provider"].browse(self.provider_id)
            told = [event for event in self.double.events() if event["type"] in kinds]
            return [env["service.stripe.event"]._receive(provider, event).id for event in told]

    def _apply_all(self, *kinds, at_once=False):
        """Apply what Stripe tells of these kinds; what found another one at work runs again, as the queue does it."""
        ids = self._receive_all(*kinds)
        works = [partial(self._apply, event_id=event_id) for event_id in ids]
        failed = self._at_once(*works) if at_once else [Exception()] * len(ids)
        for work, result in zip(works, failed, strict=True):
            if isinstance(result, Exception):
                with self._committing() as env:
                    work(env)
        with self._committing() as env:
            events = env["service.stripe.event"].browse(ids)
            self.assertEqual(set(events.mapped("state")), {"done"}, events.mapped("reason"))

    def _apply(self, env, event_id):
        with trap_jobs():
            return env["service.stripe.event"].sudo().browse(event_id)._job_apply()

    def _commit_credit_note(self):
        with self._committing(self.biller_id) as env:
            invoice = env["account.move"].browse(self.invoice_id)
            window = env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
            values = {"billing_credit_reason": "goodwill", "reason": "Late", "journal_id": invoice.journal_id.id}
            credit_note = env["account.move"].browse(window.create(values).refund_moves()["res_id"])
            credit_note.action_billing_finalize()
            return credit_note.id

    def _refund(self, env, credit_note_id, amount):
        with trap_jobs():
            return env["account.move"].browse(credit_note_id)._start_refund(amount).ids

    def test_credit_note_is_refunded_once_by_two_at_once(self):
        self._pay()
        credit_note_id = self._commit_credit_note()

        results = self._at_once(*[partial(self._refund, credit_note_id=credit_note_id, amount=100.0)] * 2)

        [refused] = [result for result in results if isinstance(result, UserError)]
        self.assertIn("Enter an amount up to", str(refused), results)
        with self._committing() as env:
            refunds = env["account.move"].browse(credit_note_id).transaction_ids
            self.assertEqual(refunds.mapped("amount"), [-100.0])

    def test_refund_of_ours_and_one_in_the_dashboard_at_once_are_both_in_the_books(self):
        payment_ref = self._pay()
        credit_note_id = self._commit_credit_note()
        with self._committing(self.biller_id) as env:
            [refund_id] = self._refund(env, credit_note_id, 60.0)
        self.double.refund_in_dashboard(payment_ref, 40_00)
        [event_id] = self._receive_all("refund.created")
        works = [
            lambda env: env["payment.transaction"].sudo().browse(refund_id)._job_refund(),
            partial(self._apply, event_id=event_id),
        ]

        for work, result in zip(works, self._at_once(*works), strict=True):
            if isinstance(result, Exception):
                with self._committing() as env:
                    work(env)

        with self._committing() as env:
            credit_note = env["account.move"].browse(credit_note_id)
            self.assertEqual(sorted(credit_note.transaction_ids.mapped("amount")), [-60.0, -40.0])
            self.assertEqual(set(credit_note.transaction_ids.mapped("state")), {"done"})
            self.assertEqual(credit_note.amount_residual, 0.0)
        self.assertEqual(sorted(refund["amount"] for refund in self.double.find("refund")), [4000, 6000])

    def test_words_about_one_dispute_at_once_are_one_entry(self):
        self.double.dispute(self._pay())

        self._apply_all("charge.dispute.created", "charge.dispute.funds_withdrawn", at_once=True)

        with self._committing() as env:
            [dispute] = env["service.dispute"].search([("partner_id", "=", self.customer_id)])
            self.assertEqual((dispute.taken, len(dispute.entry_ids)), (100.0, 1))

    def test_words_about_one_payout_at_once_are_one_entry(self):
        self._pay()
        self.double.payout()

        self._apply_all("payout.paid", "payout.reconciliation_completed", at_once=True)

        with self._committing() as env:
            [payout] = env["service.payout"].search([("provider_id", "=", self.provider_id)])
            self.assertEqual((payout.state, payout.entry_id.state), ("booked", "posted"), payout.reason)
            entries = env["account.move"].search([("ref", "like", payout.payout_ref)])
            self.assertEqual(entries, payout.entry_id)

    # === CARDS AND LINKS === #

    def _save_cards(self):
        """Have the customer agree to autopay while saving two cards, and return nothing of it yet."""
        for card in (CARD, "5555555555554444"):
            with self._committing() as env:
                customer = env["res.partner"].browse(self.customer_id)
                company = env["res.users"].browse(self.biller_id).company_id
                self.double.pay(
                    customer._start_card_setup(company, "/service/card/1", "203.0.113.9", billing_is_autopay=True), card
                )

    def test_customer_who_agrees_to_autopay_twice_at_once_agrees_once(self):
        self._save_cards()

        self._apply_all("setup_intent.succeeded", at_once=True)

        with self._committing() as env:
            self.assertEqual(env["service.autopay"].search_count([("partner_id", "=", self.customer_id)]), 1)
            cards = env["payment.token"].search([("partner_id", "=", self.customer_id)])
            self.assertEqual(sorted(cards.mapped("billing_is_default")), [False, True])

    def test_of_two_cards_made_default_at_once_one_is(self):
        self._save_cards()
        self._apply_all("setup_intent.succeeded")
        with self._committing() as env:
            ids = env["payment.token"].search([("partner_id", "=", self.customer_id)]).ids

        results = self._at_once(
            *[
                lambda env, card_id=card_id: env["payment.token"].sudo().browse(card_id)._set_default()
                for card_id in ids
            ]
        )

        self.assertEqual(results, [None, None])
        with self._committing() as env:
            self.assertEqual(sorted(env["payment.token"].browse(ids).mapped("billing_is_default")), [False, True])

    def test_first_link_made_twice_at_once_is_one(self):
        def link(env):
            return env["account.move"].browse(self.invoice_id)._ensure_pay_token()

        links = self._at_once(link, link, link)

        self.assertEqual(len(set(links)), 1, links)
        with self._committing() as env:
            self.assertEqual(env["account.move"].browse(self.invoice_id).sudo().billing_pay_token, links[0])

    def test_one_time_code_opens_the_account_for_one_of_two_at_once(self):
        with self._committing() as env:
            row = env["service.portal.code"].create(
                {"email": "pat@example.com", "expires_at": Datetime.add(Datetime.now(), minutes=5)}
            )
            row.digest = row._get_digest("123456")
            self.addCleanup(self._forget_code, row.id)

        opened = self._at_once(*[lambda env: env["service.portal.code"]._redeem("pat@example.com", "123456")] * 3)

        self.assertEqual(sorted(opened), [False, False, True])

    def _forget_code(self, code_id):
        with self._committing() as env:
            env["service.portal.code"].browse(code_id).exists().unlink()
