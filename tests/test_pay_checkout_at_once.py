import os
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..devtools.stripe_double.thread import get_double
from .common_concurrent import ConcurrentCase
from .common_stripe import CARD, WEBHOOK_SECRET

DELETE_TRANSACTIONS = """
    DELETE FROM queue_job WHERE identity_key LIKE 'service.stripe.event.apply.%%';
    DELETE FROM service_stripe_event WHERE provider_id = %(provider)s;
    DELETE FROM account_invoice_transaction_rel WHERE transaction_id IN (
        SELECT id FROM payment_transaction WHERE partner_id = %(customer)s
    );
    DELETE FROM payment_transaction WHERE partner_id = %(customer)s;
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
