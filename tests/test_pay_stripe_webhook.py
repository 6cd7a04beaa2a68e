import json
import random
from unittest.mock import patch

import stripe

from odoo.tests import HttpCase, tagged

from ..models.pay import payment_provider_webhook
from .common_jobs import performing_jobs
from .common_stripe import CARD, WEBHOOK_SECRET, StripeCommon

RETURN = "/payment/stripe_checkout/return"


@tagged("post_install", "-at_install")
class TestStripeWebhook(StripeCommon, HttpCase):
    """What anybody may post or open, and what becomes of it: nothing, unless Stripe signed it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_collection = "online"

    def setUp(self):
        super().setUp()
        self.invoice = self._open_invoice(100.0)
        self.target = self.double.pay(self.invoice._start_checkout(100.0), CARD)
        self.tx = self.invoice.sudo().transaction_ids
        [self.event] = self._get_events("payment_intent.succeeded")

    def _post(self, body, signature=None, provider=None):
        headers = {"Content-Type": "application/json"}
        if signature is not None:
            headers["Stripe-Signature"] = signature
        url = f"/payment/stripe_checkout/webhook/{(provider or self.provider).id}"
        return self.url_open(url, data=body, headers=headers)

    def _sign(self, body, secret=WEBHOOK_SECRET, timestamp=None):
        return stripe.WebhookSignature.generate_signature_header(body, secret, timestamp)

    def _apply(self):
        """Do the jobs of what is in the inbox."""
        self.env.invalidate_all()
        with performing_jobs():
            self.env["service.stripe.event"].search([("provider_id", "=", self.provider.id)])._enqueue()
        self.env.invalidate_all()

    def _assert_nothing_kept(self):
        self.env.invalidate_all()
        self.assertFalse(self.env["service.stripe.event"].search_count([("provider_id", "=", self.provider.id)]))
        self.assertEqual(self.tx.state, "draft")

    # === THE WEBHOOK === #

    def test_signed_event_pays_the_invoice_with_the_browser_closed(self):
        answers = self.deliver(self.event, times=5)
        self._apply()

        self.assertEqual({answer.status_code for answer in answers}, {200})
        self.assertEqual(self.invoice.billing_status, "paid_online")
        self.assertEqual(self.env["service.stripe.event"].search_count([("event_ref", "=", self.event["id"])]), 1)

    def test_what_stripe_did_not_sign_is_refused_and_only_counted(self):
        body = json.dumps(self.event)
        cases = {
            "unsigned": None,
            "empty": "",
            "forged": self._sign(body, "whsec_forged"),
            "signed with nothing": self._sign(body, ""),
            "signed long ago": self._sign(body, timestamp=1_700_000_000),
            "signed for another text": self._sign(body.replace("succeeded", "canceled")),
        }
        for name, signature in cases.items():
            with self.subTest(name):
                self.assertEqual(self._post(body, signature).status_code, 400)
        self._assert_nothing_kept()
        self.assertEqual(self.provider.billing_stripe_refused_count, len(cases))

    def test_without_secret_nothing_is_believed(self):
        self.provider.billing_stripe_webhook_secret = False
        body = json.dumps(self.event)

        self.assertEqual(self._post(body, self._sign(body, "")).status_code, 400)
        self._assert_nothing_kept()

    def test_event_of_the_other_mode_is_refused(self):
        body = json.dumps({**self.event, "livemode": True})

        self.assertEqual(self._post(body, self._sign(body)).status_code, 400)
        self._assert_nothing_kept()

    def test_secret_of_one_company_is_worth_nothing_at_another(self):
        self._set_up_second_company()
        other = self._create_stripe_provider(self.second_company)
        other.billing_stripe_webhook_secret = "whsec_other"
        body = json.dumps(self.event)

        self.assertEqual(self._post(body, self._sign(body), other).status_code, 400)

    def test_other_providers_and_none_have_no_webhook(self):
        body = json.dumps(self.event)
        custom = self.env["payment.provider"].create({"name": "Another", "company_id": self.company.id})
        for provider in (custom, custom.browse(2**30)):
            self.assertEqual(self._post(body, self._sign(body), provider).status_code, 404)

    def test_endless_event_is_refused(self):
        body = "x" * 1_000_001

        self.assertEqual(self._post(body, self._sign(body)).status_code, 400)

    def test_somebody_is_told_once_when_many_are_refused_in_a_day(self):
        partner = self.company.partner_id
        before = len(partner.activity_ids)
        with patch.object(payment_provider_webhook, "REFUSED_A_DAY", 3):
            for _time in range(5):
                self._post("{}", "forged")
        self.env.invalidate_all()

        self.assertEqual(len(partner.activity_ids) - before, 1)

    # === WHAT COMES AFTER THE PAYMENT === #

    def _go_on(self):
        """Let Stripe refund a part, another customer dispute a payment, and all of it be paid out."""
        self.double.refund_in_dashboard(self._get_events("payment_intent.succeeded")[0]["data"]["object"]["id"], 30_00)
        self.disputed = self._open_invoice(60.0)
        self.double.pay(self.disputed._start_checkout(60.0), CARD)
        self.double.dispute(self._get_events("payment_intent.succeeded")[-1]["data"]["object"]["id"])
        self.double.payout()

    def _deliver_shuffled(self, events):
        random.Random(3).shuffle(events)
        answers = [answer.status_code for event in events for answer in self.deliver(event)]
        self.assertEqual(set(answers), {200})
        self._apply()

    def _sweep(self):
        with performing_jobs():
            self.env["payment.provider"]._cron_sweep()
        self.env.invalidate_all()

    def _assert_all_booked_once(self):
        inbox = self.env["service.stripe.event"].search([("provider_id", "=", self.provider.id)])
        self.assertLessEqual(set(inbox.mapped("state")), {"done", "ignored"}, inbox.mapped("reason"))
        refund = self.tx.child_transaction_ids
        self.assertRecordValues(refund, [{"amount": -30.0, "state": "done"}])
        dispute = self.env["service.dispute"].search([("provider_id", "=", self.provider.id)])
        self.assertRecordValues(dispute, [{"taken": 60.0, "move_ids": self.disputed.ids}])
        payout = self.env["service.payout"].search([("provider_id", "=", self.provider.id)])
        self.assertRecordValues(payout, [{"state": "booked"}])
        self.assertEqual(len(dispute.entry_ids | payout.entry_id), 2)
        payments = self.env["account.payment"].search([("company_id", "=", self.company.id)])
        self.assertEqual(sorted(payments.mapped("amount_signed")), [-30.0, 60.0, 100.0])
        clearing = [("account_id", "=", self.provider._get_clearing_account().id), ("parent_state", "=", "posted")]
        self.assertAlmostEqual(sum(self.env["account.move.line"].search(clearing).mapped("balance")), 0.0)

    def test_refund_dispute_and_payout_told_five_times_in_any_order_are_booked_once(self):
        self._go_on()

        self._deliver_shuffled(self._get_events() * 5)
        self._sweep()

        self._assert_all_booked_once()

    def test_refund_dispute_and_payout_of_which_half_is_lost_are_found_by_the_sweep(self):
        self._go_on()

        self._deliver_shuffled(self._get_events()[::2])
        self._sweep()
        self._sweep()

        self._assert_all_booked_once()

    # === COMING BACK === #

    def _come_back(self, query):
        return self.url_open(f"{RETURN}{query}", allow_redirects=False)

    def test_customer_comes_back_to_an_invoice_that_is_paid(self):
        answer = self._come_back(f"?{self.target.partition('?')[2]}")
        self.env.invalidate_all()

        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith(self.tx.landing_route))
        self.assertEqual(self.invoice.billing_status, "paid_online")

    def test_stripe_is_asked_before_anything_is_locked(self):
        transactions, steps = type(self.env["payment.transaction"]), []

        def note(name):
            method = getattr(transactions, name)
            return patch.object(transactions, name, lambda tx: (steps.append(name), method(tx))[1])

        with note("_read_checkout"), note("_wait_for_stripe"):
            self._come_back(f"?session_id={self.tx.billing_checkout_ref}")

        self.assertEqual(steps, ["_read_checkout", "_wait_for_stripe"])

    def test_event_after_coming_back_changes_nothing(self):
        self._come_back(f"?session_id={self.tx.billing_checkout_ref}")
        self.deliver(self.event)
        self._apply()

        self.assertEqual(self.env["account.payment"].search_count([("partner_id", "=", self.customer.id)]), 1)

    def test_coming_back_without_having_paid_pays_nothing(self):
        other = self._open_invoice(50.0)
        other._start_checkout(50.0)

        answer = self._come_back(f"?session_id={other.sudo().transaction_ids.billing_checkout_ref}")

        self.assertEqual(answer.status_code, 303)
        self.assertEqual(other.billing_status, "open")

    def test_return_needs_the_page_and_takes_no_reference(self):
        for query in ("", "?session_id=", "?session_id=cs_unknown", f"?reference={self.tx.reference}"):
            with self.subTest(query):
                self.assertEqual(self._come_back(query).status_code, 404)
        self._assert_nothing_kept()

    def test_coming_back_while_stripe_is_down_waits_for_the_event(self):
        self.double.fail_next("server", times=3)

        answer = self._come_back(f"?session_id={self.tx.billing_checkout_ref}")

        self.assertEqual(answer.status_code, 303)
        self._assert_nothing_kept()
