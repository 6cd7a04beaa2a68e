import re
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common_card import CardCommon
from .common_jobs import performing_jobs
from .common_stripe import CARD, CARD_ASKING_ALWAYS, CARD_DECLINED_LATER, CARD_WITHOUT_FUNDS


@tagged("post_install", "-at_install")
class TestPayCardFailed(CardCommon):
    """What follows when a card was not charged."""

    def setUp(self):
        super().setUp()
        self.customer.write({"lang": "en_US", "email": "customer@example.com"})

    def _fail(self, code, invoice, token):
        """Charge a card, and have the bank refuse it for a reason that the double's cards do not know."""
        with trap_jobs() as trap:
            attempt = invoice._attempt_card(token, invoice.amount_residual)
            transaction = attempt.transaction_id
            transaction.billing_decline_code = code
            transaction._set_error("The bank says no.")
            attempt._follow()
        return attempt, trap

    def _get_mails(self):
        return self.env["mail.mail"].sudo().search([("email_to", "=", "customer@example.com")])

    def test_customer_who_has_to_confirm_gets_the_link_and_nobody_tries_again(self):
        token, invoice = self._save_card(CARD_ASKING_ALWAYS), self._open_invoice(100.0)

        attempt = self._charge(invoice, token)

        self.assertRecordValues(attempt, [{"state": "needs_customer", "next_try_at": False}])
        [mail] = self._get_mails()
        self.assertIn("Please confirm your payment", mail.subject)
        self.assertIn(invoice._get_mail_link(), mail.body_html)

    def test_card_without_funds_is_charged_again_three_days_later(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        attempt, trap = self._fail("insufficient_funds", invoice, token)

        self.assertFalse(self._get_mails())
        self.assertAlmostEqual(attempt.next_try_at, fields.Datetime.now() + timedelta(days=3), delta=timedelta(hours=1))
        self.assertIn("It is charged again", invoice.billing_attempt_text)

        with performing_jobs():
            trap.perform_enqueued_jobs()
            attempt._job_retry()

        self.assertEqual((invoice.amount_residual, len(self._get_charges())), (0.0, 1))
        self.assertEqual(self._get_last_attempt(invoice).retry_of_id, attempt)

    def test_no_more_is_charged_again_than_is_left(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        attempt, _trap = self._fail("insufficient_funds", invoice, token)
        self._pay_invoice(invoice, 60.0)

        with performing_jobs():
            attempt._job_retry()

        self.assertEqual([charge["amount"] for charge in self._get_charges()], [4000])

    def test_invoice_paid_meanwhile_is_not_charged_again_and_says_why(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        attempt, _trap = self._fail("insufficient_funds", invoice, token)
        self._pay_invoice(invoice, 100.0)

        with performing_jobs():
            attempt._job_retry()

        self.assertFalse(self._get_charges())
        self.assertIn("was not charged again", str(invoice.message_ids.mapped("body")))

    def test_declined_for_good_asks_for_another_card_and_tells_the_office(self):
        token, invoice = self._save_card(CARD_DECLINED_LATER), self._open_invoice(100.0)

        attempt = self._charge(invoice, token)

        self.assertFalse(attempt.next_try_at)
        [mail] = self._get_mails()
        self.assertIn("/service/card/", mail.body_html)
        self.assertTrue(invoice.activity_ids)
        kinds = self.env["service.billing.event"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", invoice.id)]
        )
        self.assertIn("payment_failed", kinds.mapped("kind"))

    def test_what_stripe_refuses_without_asking_the_bank_is_the_offices_business(self):
        token, invoice = self._save_card(), self._open_invoice(0.2)

        self._charge(invoice, token)

        self.assertFalse(self._get_mails())
        self.assertTrue(invoice.activity_ids)

    def test_stopped_retry(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        attempt, _trap = self._fail("insufficient_funds", invoice, token)

        attempt.with_user(self.biller).action_stop()
        with performing_jobs():
            attempt._job_retry()

        self.assertFalse(self._get_charges())

    def test_card_that_is_removed_is_not_charged_again_and_both_know(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        attempt, _trap = self._fail("insufficient_funds", invoice, token)

        with performing_jobs():
            token._remove()
            token._remove()

        self.assertFalse(attempt.next_try_at)
        self.assertEqual(len(invoice.activity_ids), 1)
        [mail] = self._get_mails()
        self.assertIn("We do not charge your card", mail.subject)

    def test_card_that_the_bank_renews_is_charged_at_once(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        self._fail("expired_card", invoice, token)
        self.double.renew_card(token.provider_ref, exp_year=2040)
        [event] = self._get_events("payment_method.automatically_updated")

        for _time in range(2):
            with performing_jobs():
                self.receive(event)

        self.assertEqual(token.billing_expires_on.year, 2040)
        self.assertEqual((invoice.amount_residual, len(self._get_charges())), (0.0, 1))

    def test_card_that_is_removed_at_stripe_is_removed_here(self):
        token = self._save_card()
        self.provider._get_gateway().act("payment_methods", "detach", token.provider_ref)
        [event] = self._get_events("payment_method.detached")

        with performing_jobs():
            self.receive(event)

        self.assertFalse(token.active)

    # === A CUSTOMER WHO IS NOT AT STRIPE ANY MORE === #

    def _delete_at_stripe(self, token):
        self.provider._get_gateway().act("customers", "delete", token.billing_customer_ref)

    def _get_places(self):
        return self.env["service.stripe.customer"].search([("partner_id", "=", self.customer.id)])

    def test_customer_who_is_deleted_at_stripe_loses_the_cards_and_is_made_again_once(self):
        token = self._save_card()
        self._delete_at_stripe(token)
        [event] = self._get_events("customer.deleted")
        before = len(self.customer.message_ids)

        for number in range(2):
            with performing_jobs():
                self.receive({**event, "id": f"evt_{number}"})
        refs = {self.env["service.stripe.customer"]._get_ref(self.provider, self.customer) for _time in range(2)}

        self.assertFalse(token.active)
        self.assertEqual(len(self.customer.message_ids) - before, 1)
        self.assertEqual(len(refs), 1)
        self.assertNotIn(token.billing_customer_ref, refs)
        self.assertRecordValues(self._get_places(), [{"customer_ref": refs.pop(), "is_gone": False}])

    def test_charge_for_a_customer_whom_stripe_does_not_know_any_more_says_what_to_do(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        self._delete_at_stripe(token)

        attempt = self._charge(invoice, token)

        self.assertRecordValues(attempt, [{"state": "failed", "next_try_at": False}])
        self.assertIn("save it again", invoice.billing_attempt_text)
        self.assertFalse(token.active)
        self.assertFalse(invoice.billing_can_charge_card)
        self.assertTrue(invoice.activity_ids)

    def test_card_is_saved_for_a_customer_whom_stripe_does_not_know_any_more(self):
        old = self._save_card()
        self._delete_at_stripe(old)

        new = self._save_on_page()

        self.assertFalse(old.active)
        self.assertNotEqual(new.billing_customer_ref, old.billing_customer_ref)
        self.assertEqual(self._get_places().customer_ref, new.billing_customer_ref)

    # === SAVING A CARD === #

    def _save_on_page(self, card=CARD):
        """Let the customer save a card on the hosted page, and Stripe tell it."""
        address = self.customer._start_card_setup(self.company, "/", "203.0.113.9")
        self.double.pay(address, card)
        for event in self._get_events("checkout.session.completed", "setup_intent.succeeded"):
            with performing_jobs():
                self.receive(event)
        return self.env["payment.token"].search([("partner_id", "=", self.customer.id)])

    def test_saving_a_card_keeps_what_the_customer_agreed_to(self):
        token = self._save_on_page()

        self.assertRecordValues(
            token, [{"payment_details": "4242", "billing_is_default": True, "billing_consent_ip": "203.0.113.9"}]
        )
        self.assertIn(self.company.name, token.billing_consent_text)
        self.assertFalse(self._get_charges())
        self.assertFalse(self.env["account.payment"].search([("partner_id", "=", self.customer.id)]))

    def test_new_card_is_charged_at_once_for_what_the_old_one_was_refused(self):
        token, invoice = self._save_card(CARD_DECLINED_LATER), self._open_invoice(100.0)
        self._charge(invoice, token)

        self._save_on_page()

        self.assertEqual((invoice.amount_residual, len(self._get_charges())), (0.0, 1))

    def test_card_refused_on_the_page_is_not_saved(self):
        self.assertFalse(self._save_on_page(CARD_WITHOUT_FUNDS))

    def test_link_to_save_a_card(self):
        signed = self.customer._get_card_path(self.company).rpartition("/")[2]
        partners = self.env["res.partner"].with_user(self.env.ref("base.public_user"))

        self.assertEqual(partners._find_by_card_link(signed), (self.customer, self.company))
        for wrong in (f"{signed[:-6]}AAAAAA", "x", "ä", ""):
            self.assertFalse(any(partners._find_by_card_link(wrong)))
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            self.assertFalse(any(partners._find_by_card_link(signed)))

    def test_link_is_mailed_to_the_customer(self):
        self.customer.with_user(self.biller).action_billing_mail_card_link()

        [mail] = self._get_mails()
        self.assertIn("/service/card/", mail.body_html)
        self.customer.email = False
        with self._refused():
            self.customer.with_user(self.biller).action_billing_mail_card_link()


@tagged("post_install", "-at_install")
class TestPayCardPage(CardCommon, HttpCase):
    """The page on which a customer saves a card, without logging in."""

    def test_page_says_what_is_agreed_to_and_leads_to_the_hosted_page(self):
        self._save_card()
        path = self.customer._get_card_path(self.company)

        page = self.url_open(path)
        answer = self.url_open(path, data={"csrf_token": self._get_csrf_token(page.text)}, allow_redirects=False)

        self.assertIn(self.company.name, page.text)
        self.assertNotIn("4242", page.text, "No card is shown to whoever has the link.")
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].startswith(self.double.address))

    def test_wrong_link_and_forged_form(self):
        path = self.customer._get_card_path(self.company)

        self.assertEqual(self.url_open(f"{path[:-6]}AAAAAA").status_code, 404)
        self.assertEqual(self.url_open(path, data={"a": "b"}).status_code, 400)

    def _get_csrf_token(self, text):
        return re.search(r'name="csrf_token" value="([^"]+)"', text)[1]
