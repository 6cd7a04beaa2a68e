from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.tests.common import trap_jobs

from .common_card import CardCommon
from .common_jobs import performing_jobs
from .common_stripe import CARD_ASKING_ALWAYS, CARD_DECLINED_LATER

MASTERCARD = "5555555555554444"


@tagged("post_install", "-at_install")
class TestPayCard(CardCommon):
    """A saved card is charged from the invoice's form."""

    def test_charging_what_is_due_pays_the_invoice(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        self.assertTrue(invoice.billing_can_charge_card)

        attempt = self._charge(invoice, token)

        self.assertRecordValues(attempt, [{"state": "succeeded", "card": "VISA •••• 4242", "amount": 100.0}])
        self.assertRecordValues(invoice, [{"amount_residual": 0.0, "billing_status": "paid_online"}])
        self.assertEqual([charge["amount"] for charge in self._get_charges()], [10000])
        self.assertEqual(attempt.transaction_id.payment_id.billing_external_ref[:3], "pi_")

    def test_part_of_what_is_due(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)

        self._charge(invoice, token, amount=30.0)
        self.assertRecordValues(invoice, [{"amount_residual": 70.0, "billing_status": "partially_paid"}])

        self._charge(invoice, token)
        self.assertRecordValues(invoice, [{"amount_residual": 0.0, "billing_status": "paid_online"}])

    def test_declined_card_leaves_the_invoice_due_and_says_why(self):
        token, invoice = self._save_card(CARD_DECLINED_LATER), self._open_invoice(100.0)

        attempt = self._charge(invoice, token)

        self.assertRecordValues(attempt, [{"state": "failed", "code": "generic_decline"}])
        self.assertRecordValues(invoice, [{"amount_residual": 100.0, "billing_status": "open"}])
        self.assertIn("Your card was declined.", invoice.billing_attempt_text)
        self.assertTrue(token.active)

    def test_card_that_asks_the_customer(self):
        token, invoice = self._save_card(CARD_ASKING_ALWAYS), self._open_invoice(100.0)

        attempt = self._charge(invoice, token)

        self.assertRecordValues(attempt, [{"state": "needs_customer", "code": "authentication_required"}])
        self.assertEqual(invoice.billing_status, "open")
        self.assertFalse(self._get_charges())

    def test_second_click_while_the_card_is_charged(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        wizards = self._open_charge(invoice).create([{"token_id": token.id}] * 2)

        with performing_jobs():
            first, second = (wizard.action_confirm() for wizard in wizards)

        self.assertEqual((first["type"], second["tag"]), ("ir.actions.act_window_close", "display_notification"))
        self.assertEqual(len(self._get_charges()), 1)
        self.assertEqual(len(self.env["service.charge.attempt"].search([("move_id", "=", invoice.id)])), 1)

    def test_job_that_died_after_stripe_charged_finds_the_same_charge(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        with trap_jobs() as trap:
            attempt = invoice._attempt_card(token, 100.0)
        attempt._create_intent()

        trap.perform_enqueued_jobs()
        attempt._job_charge()

        self.assertEqual(attempt.state, "succeeded")
        self.assertEqual(len(self._get_charges()), 1)
        self.assertEqual(len(invoice.transaction_ids.payment_id), 1)

    def test_event_comes_before_the_job_ends(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        with trap_jobs() as trap:
            attempt = invoice._attempt_card(token, 100.0)
        attempt._create_intent()
        [event] = self._get_events("payment_intent.succeeded")

        with performing_jobs():
            self.receive(event)
        self.assertEqual(attempt.state, "succeeded")
        trap.perform_enqueued_jobs()

        self.assertEqual((len(self._get_charges()), invoice.amount_residual), (1, 0.0))
        self.assertEqual(len(invoice.transaction_ids.payment_id), 1)

    def test_stripe_that_cannot_be_reached_is_asked_again_with_the_same_key(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        with trap_jobs():
            attempt = invoice._attempt_card(token, 100.0)
        self.double.fail_next("lost", times=3, path="/v1/payment_intents")

        with self.assertRaises(RetryableJobError):
            attempt._job_charge()
        self.assertEqual(attempt.state, "waiting")
        attempt._job_charge()

        self.assertEqual((attempt.state, len(self._get_charges())), ("succeeded", 1))

    def test_after_a_day_what_was_charged_is_looked_up_before_the_key_is_forgotten(self):
        token = self._save_card()
        charged, forgotten = self._open_invoice(100.0), self._open_invoice(50.0)
        with trap_jobs():
            attempts = charged._attempt_card(token, 100.0) | forgotten._attempt_card(token, 50.0)
        attempts[0]._create_intent()
        self.env.cr.execute(
            "UPDATE service_charge_attempt SET create_date = create_date - interval '1 day' WHERE id = ANY(%s)",
            [attempts.ids],
        )
        attempts.invalidate_recordset()

        for attempt in attempts:
            attempt._job_charge()

        self.assertEqual(attempts.mapped("state"), ["succeeded", "cancelled"])
        self.assertEqual(len(self._get_charges()), 1)

    def test_invoice_paid_meanwhile_is_not_charged(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        with trap_jobs() as trap:
            attempt = invoice._attempt_card(token, 100.0)
        self._pay_invoice(invoice, 100.0)

        trap.perform_enqueued_jobs()

        self.assertEqual((attempt.state, self._get_charges()), ("cancelled", []))

    def test_amount_below_the_minimum_is_not_charged(self):
        token, invoice = self._save_card(), self._open_invoice(0.2)

        attempt = self._charge(invoice, token)

        self.assertRecordValues(attempt, [{"state": "failed", "code": "amount_too_small"}])
        self.assertEqual(invoice.billing_status, "open")

    def test_yen_have_no_cents_and_dinars_have_thousandths(self):
        token = self._save_card()
        for code, amount, units in (("JPY", 500.0, 500), ("KWD", 12.34, 12340)):
            with self.subTest(code):
                currency = self.env.ref(f"base.{code}")
                currency.active = True
                invoice = self._open_invoice(amount, currency_id=currency.id)

                self._charge(invoice, token)

                charge = self._get_charges()[-1]
                self.assertEqual((charge["amount"], charge["currency"]), (units, code.lower()))
                self.assertEqual(invoice.amount_residual, 0.0)

    def test_card_saved_twice_is_one(self):
        first = self._save_card()
        with performing_jobs():
            second = self._save_card()
        other = self._save_card(MASTERCARD)

        self.assertEqual((first, first.billing_is_default, other.billing_is_default), (second, True, False))
        attached = [method for method in self.double.find("payment_method") if method["customer"]]
        self.assertEqual({method["id"] for method in attached}, {second.provider_ref, other.provider_ref})

    def test_removed_card_is_forgotten_at_stripe_and_cannot_come_back(self):
        first, other = self._save_card(), self._save_card(MASTERCARD)

        with performing_jobs():
            first.with_user(self.biller).action_billing_remove()
            first.with_user(self.biller).action_billing_remove()

        self.assertEqual((first.active, other.billing_is_default), (False, True))
        with self._refused():
            first.active = True
        self.assertFalse(first.provider_id._get_gateway().retrieve("payment_methods", first.provider_ref)["customer"])


@tagged("post_install", "-at_install")
class TestPayCardBreakIn(CardCommon):
    """Nobody charges what is not theirs to charge."""

    def _attempt(self, invoice, token, amount=100.0, user=None):
        wizard_id = self._call(
            user or self.biller,
            "service.charge.card",
            "create",
            [{"move_id": invoice.id, "token_id": token.id, "amount": amount}],
        )
        return self._call(user or self.biller, "service.charge.card", "action_confirm", wizard_id)

    def test_card_of_another_customer(self):
        token = self._save_card(customer=self._create_customer("Another Hotel"))

        with self._refused():
            self._attempt(self._open_invoice(100.0), token)

    def test_card_of_another_company(self):
        self._set_up_second_company()
        token = self._save_card(provider=self._create_stripe_provider(self.second_company))
        self.biller.company_ids |= self.second_company
        invoice = self._open_invoice(100.0)

        self.assertFalse(invoice.billing_can_charge_card)
        with self._refused():
            self._attempt(invoice, token)

    def test_amounts_that_are_not_due(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)

        for amount in (100.01, 0.0, -1.0, float("nan"), float("inf")):
            with self.subTest(amount=amount), self._refused():
                invoice._attempt_card(token, amount)

    def test_card_of_the_other_mode_is_not_charged(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        token.billing_is_test = False

        with self._refused():
            invoice._attempt_card(token, 100.0)

    def test_attempts_are_not_written_by_hand(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        attempt = self._charge(invoice, token)

        for user in (self.biller, self.manager):
            with self.assertRaises(UserError):
                self._call(user, "service.charge.attempt", "write", attempt.ids, {"amount": 1.0})
        with self.assertRaises(UserError):
            self._call(self.biller, "service.charge.attempt", "create", {"move_id": invoice.id, "token_id": token.id})

    def test_technicians_and_customers_neither_charge_nor_remove_cards(self):
        token, invoice = self._save_card(), self._open_invoice(100.0)
        portal = self._create_new_portal_user()
        portal.partner_id.parent_id = self.customer

        for user in (self.technician, portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._attempt(invoice, token, user=user)
            for action in ("action_billing_remove", "action_billing_set_default"):
                with self.subTest(user=user.login, action=action), self.assertRaises(AccessError):
                    self._call(user, "payment.token", action, token.ids)
        self.assertFalse(self._get_charges())

    def test_several_cards_and_none(self):
        cards = self._save_card() | self._save_card(MASTERCARD)

        cards.browse()._remove()
        self.assertEqual(cards.mapped("active"), [True, True])
        cards._remove()
        self.assertEqual(cards.mapped("active"), [False, False])
        self.assertFalse(self._open_invoice(100.0).billing_can_charge_card)
