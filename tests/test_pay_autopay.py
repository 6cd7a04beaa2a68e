from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common_autopay import AutopayCommon
from .common_jobs import performing_jobs
from .common_stripe import CARD_ASKING_ALWAYS, CARD_MASTER


@tagged("post_install", "-at_install")
class TestPayAutopay(AutopayCommon):
    """Customers who agreed are charged on the due date."""

    def test_charge_is_announced_once_and_made_once(self):
        self._save_card()
        self._agree()
        invoice = self._due_in(3)

        self._run()
        self._run()
        self.assertEqual((len(self._get_notices()), self._get_charges()), (1, []))
        self.assertRecordValues(
            self._get_items(invoice), [{"state": "announced", "charge_on": self.today + timedelta(days=3)}]
        )

        self._come(invoice)
        self._run()
        self._run()

        self.assertEqual((len(self._get_charges()), invoice.amount_residual), (1, 0.0))
        self.assertEqual(self._get_items(invoice).attempt_id.state, "succeeded")

    def test_what_is_due_at_once_waits_for_the_notice(self):
        self._save_card()
        self._agree()
        invoice = self._due_in(0)

        self._run()

        self.assertEqual(self._get_items(invoice).charge_on, self.today + timedelta(days=3))

    def test_drafts_and_what_is_due_later_are_left_alone(self):
        self._save_card()
        self._agree()
        later = self._due_in(30)
        draft = self._draft_invoice(100.0)

        self._run()

        self.assertFalse(self._get_items(later) | self._get_items(draft))

    def test_paid_or_void_meanwhile_charges_nothing_and_says_why(self):
        self._save_card()
        self._agree()
        paid, void = self._due_in(0), self._due_in(0)
        self._run()
        self._pay_invoice(paid, 100.0)
        void.action_billing_void("wrong_customer", "It is another hotel's.")
        self._come(paid)
        self._come(void)
        items = self._get_items(paid) | self._get_items(void)

        for item in items:
            item._job_advance()

        self.assertEqual(items.mapped("state"), ["dropped", "dropped"])
        self.assertTrue(all(items.mapped("reason")))
        self.assertFalse(self._get_charges())

    def test_part_paid_by_hand_charges_the_rest_and_autopay_stays(self):
        self._save_card()
        autopay = self._agree()
        invoice = self._due_in(0)
        self._run()
        self._pay_invoice(invoice, 60.0)
        self._come(invoice)

        self._run()

        self.assertEqual([charge["amount"] for charge in self._get_charges()], [4000])
        self.assertEqual(autopay.state, "active")

    def test_skipped_paused_and_ended(self):
        self._save_card()
        autopay = self._agree()
        skipped, paused = self._due_in(0), self._due_in(0)
        self._run()
        self._get_items(skipped).with_user(self.biller).action_skip()
        autopay.with_user(self.biller).action_pause()
        self._come(skipped)
        self._come(paused)

        with trap_jobs() as trap:
            self.env["service.autopay"]._cron_charge()
        self.assertFalse(trap.enqueued_jobs)
        self._get_items(paused)._job_advance()
        self.assertFalse(self._get_charges())

        autopay.with_user(self.biller).action_resume()
        self._run()
        self.assertEqual((skipped.amount_residual, paused.amount_residual), (100.0, 0.0))

    def test_customer_who_has_to_confirm_is_not_charged_again_by_itself(self):
        token = self._save_card(CARD_ASKING_ALWAYS)
        invoice = self._due_in(0)
        self._charge(invoice, token, amount=10.0)
        self._agree()

        self._run()

        self.assertRecordValues(self._get_items(invoice), [{"state": "dropped"}])

    def test_disputed_invoice_is_not_charged(self):
        token, invoice = self._save_card(), self._due_in(0)
        attempt = self._charge(invoice, token, amount=10.0)
        self._agree()
        self.double.dispute(attempt.transaction_id.provider_reference)
        [event] = self._get_events("charge.dispute.created")
        with performing_jobs():
            self.receive(event)

        self._run()

        self.assertRecordValues(self._get_items(invoice), [{"state": "dropped"}])
        self.assertEqual(len(self._get_charges()), 1)

    # === CARDS THAT ARE GONE === #

    def _get_mails_of_gone_cards(self, invoice):
        subject = f"We do not charge your card for invoice {invoice.name}"
        return self.env["mail.mail"].sudo().search([("subject", "=", subject)])

    def test_one_card_pays_invoices_of_two_currencies_each_in_its_own(self):
        self._save_card()
        self._agree()
        yen = self.env.ref("base.JPY")
        yen.active = True
        invoices = self._due_in(0) | self._due_in(0, 5000.0, currency_id=yen.id)
        self._run()
        for invoice in invoices:
            self._come(invoice)

        self._run()

        self.assertEqual(
            sorted((charge["currency"], charge["amount"]) for charge in self._get_charges()),
            [("jpy", 5000), ("usd", 10000)],
        )
        self.assertEqual(invoices.mapped("amount_residual"), [0.0, 0.0])

    def test_no_card_charges_nothing_and_tells_both(self):
        token = self._save_card()
        self._agree()
        invoice = self._due_in(0)
        self._run()
        self._come(invoice)
        token.billing_expires_on = self.today - timedelta(days=1)

        self._run()
        self._run()

        self.assertRecordValues(self._get_items(invoice), [{"state": "dropped"}])
        [mail] = self._get_mails_of_gone_cards(invoice)
        self.assertEqual(mail.email_to, "customer@example.com")
        self.assertIn(invoice._get_mail_link(), mail.body_html)
        self.assertEqual(invoice.activity_ids.mapped("summary"), ["Autopay charged nothing"])

    def test_card_that_stripe_removes_cancels_what_was_announced_and_tells_both_once(self):
        token = self._save_card()
        self._agree()
        invoice, later = self._due_in(0), self._due_in(30)
        self._run()
        self.provider._get_gateway().act("payment_methods", "detach", token.provider_ref)
        [event] = self._get_events("payment_method.detached")

        with performing_jobs():
            self.receive(event)
            self.receive({**event, "id": "evt_again"})

        self.assertRecordValues(self._get_items(invoice), [{"state": "dropped"}])
        self.assertEqual(len(self._get_mails_of_gone_cards(invoice)), 1)
        self.assertEqual(len(invoice.activity_ids), 1)
        self.assertFalse(self._get_items(later) or self._get_mails_of_gone_cards(later))

    def test_customer_with_another_card_is_charged_all_the_same(self):
        token, _other = self._save_card(), self._save_card(CARD_MASTER)
        self._agree()
        invoice = self._due_in(0)
        self._run()
        with performing_jobs():
            token.with_user(self.biller).action_billing_remove()
        self._come(invoice)

        self._run()

        self.assertFalse(self._get_mails_of_gone_cards(invoice))
        self.assertEqual(len(self._get_charges()), 1)

    def test_dropped_charge_is_planned_again_once(self):
        token = self._save_card()
        self._agree()
        invoice = self._due_in(0)
        self._run()
        with performing_jobs():
            token._remove()
        item = self._get_items(invoice)
        with self._refused():
            item.with_user(self.biller).action_plan_again()
        self._save_card(CARD_MASTER)

        with performing_jobs():
            self.assertFalse(item.with_user(self.biller).action_plan_again())
            self.assertTrue(item.with_user(self.biller).action_plan_again())

        day = self.today + timedelta(days=3)
        self.assertRecordValues(item, [{"state": "announced", "reason": False, "charge_on": day}])
        self.assertEqual(len(self._get_notices()), 2)
        self.assertEqual((invoice | self._due_in(9))._get_planned_charges(), {invoice: day})
        self._come(invoice)
        self._run()
        self.assertEqual((invoice.amount_residual, len(self._get_charges())), (0.0, 1))
        self.assertFalse(invoice._get_planned_charges())

    def test_what_is_paid_or_not_agreed_to_is_not_planned_again(self):
        autopay = self._agree()
        self._save_card()
        paid, open_one = self._due_in(0), self._due_in(0)
        self._run()
        items = self._get_items(paid) | self._get_items(open_one)
        for item in items:
            item._drop("Because.")
        self._pay_invoice(paid, 100.0)
        with self._refused():
            self._get_items(paid).with_user(self.biller).action_plan_again()
        autopay.action_pause()
        with self._refused():
            self._get_items(open_one).with_user(self.biller).action_plan_again()
        with self.assertRaises(AccessError):
            self._call(self.technician, "service.autopay.item", "action_plan_again", items.ids)

        self.assertEqual(items.mapped("state"), ["dropped", "dropped"])

    def test_two_companies_and_two_customers(self):
        self._set_up_second_company()
        self._save_card()
        self._agree(company=self.second_company)
        self._agree(customer=self._create_customer("Another Hotel"))
        invoice = self._due_in(0)

        self._run()

        self.assertFalse(self._get_items(invoice))

    def test_consent_is_kept_as_it_was_given(self):
        autopay = self._agree()
        again = self._agree()

        self.assertEqual(autopay, again)
        self.assertRecordValues(autopay, [{"consent_ip": "203.0.113.9", "state": "active"}])
        with self._refused():
            autopay.with_user(self.biller).consent_text = "Anything."
        with self.assertRaises(UserError):
            self._call(self.biller, "service.autopay", "write", autopay.ids, {"state": "ended"})
        with self.assertRaises(AccessError):
            self._call(self.technician, "service.autopay", "action_end", autopay.ids)
        autopay.with_user(self.biller).action_end()
        self.assertNotEqual(self._agree(), autopay)
