from odoo.fields import Datetime
from odoo.tests import tagged

from .common_jobs import performing_jobs
from .common_stripe import CARD, CARD_DECLINED, StripeCommon


@tagged("post_install", "-at_install")
class TestCheckout(StripeCommon):
    """The hosted page: one for one payment, never above what is due, closed when it is over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_collection = "online"

    def setUp(self):
        super().setUp()
        self.invoice = self._open_invoice(100.0)

    def _get_transactions(self, invoice=None):
        return (invoice or self.invoice).sudo().transaction_ids

    def _pay(self, amount=100.0, invoice=None):
        """Let the customer pay on the hosted page, and tell nobody."""
        self.assertTrue(self.double.pay((invoice or self.invoice)._start_checkout(amount), CARD))

    def _tell(self, *types):
        """Apply what Stripe tells."""
        with performing_jobs():
            for event in self._get_events(*types):
                self.receive(event)
        self.env.invalidate_all()

    def _get_sessions(self, status=None):
        sessions = self.double.find("checkout.session")
        return [session for session in sessions if status in (None, session["status"])]

    # === ONE PAGE === #

    def test_page_asks_for_what_is_paid_in_the_customers_language(self):
        self.customer.lang = self.env["res.lang"]._activate_lang("fr_FR").code

        self.invoice._start_checkout(40.0)

        [asked] = [request for request in self.double.requests() if request["path"] == "/v1/checkout/sessions"]
        self.assertEqual(asked["params"]["locale"], "fr")
        self.assertEqual(self._get_sessions()[0]["amount_total"], 4000)
        self.assertEqual(self._get_sessions()[0]["metadata"]["odoo_tx"], self._get_transactions().reference)

    def test_second_click_leads_to_the_same_page(self):
        first = self.invoice._start_checkout(100.0)

        self.assertEqual(self.invoice._start_checkout(100.0), first)
        self.assertEqual(len(self._get_sessions()), 1)
        self.assertEqual(len(self._get_transactions()), 1)

    def test_expired_page_is_followed_by_a_fresh_one(self):
        first = self.invoice._start_checkout(100.0)
        old = self._get_transactions()
        self.provider._get_gateway().act("checkout.sessions", "expire", old.billing_checkout_ref)

        self.assertNotEqual(self.invoice._start_checkout(100.0), first)
        self.assertEqual(old.state, "cancel")

    def test_click_after_a_payment_that_nobody_told_leads_back_to_the_invoice(self):
        self._pay()

        address = self.invoice._start_checkout(100.0)

        self.assertNotIn("/c/pay/", address)
        self.assertEqual(self.invoice.billing_status, "paid_online")
        self.assertEqual(len(self._get_sessions()), 1)

    def test_request_that_runs_again_after_a_rollback_gets_the_same_page(self):
        self.invoice._get_checkout_landing()
        with self.env.cr.savepoint() as savepoint:
            first = self.invoice._start_checkout(100.0)
            savepoint.rollback()
        self.env.invalidate_all()

        self.assertEqual(self.invoice._start_checkout(100.0), first)
        self.assertEqual(len(self._get_sessions()), 1)

    def test_other_amount_after_a_rollback_gets_another_page(self):
        with self.env.cr.savepoint() as savepoint:
            first = self.invoice._start_checkout(30.0)
            savepoint.rollback()
        self.env.invalidate_all()

        self.assertNotEqual(self.invoice._start_checkout(40.0), first)

    # === AMOUNTS === #

    def test_amount_is_capped_at_what_is_due(self):
        for amount in (100.01, 1e9, 0.0, -5.0, 0.001, float("nan"), float("inf")):
            with self.subTest(amount=amount), self._refused():
                self.invoice._start_checkout(amount)
        self.assertFalse(self._get_sessions())

    def test_instalments_are_paid_one_after_the_other(self):
        self._pay(30.0)
        self._tell()
        self.assertEqual(self.invoice.billing_status, "partially_paid")

        self._pay(70.0)
        self._tell()

        self.assertEqual(self.invoice.billing_status, "paid_online")
        self.assertEqual(sorted(self._get_transactions().mapped("amount")), [30.0, 70.0])

    def test_amount_below_stripes_minimum_is_refused_in_its_words(self):
        with self._refused():
            self.invoice._start_checkout(0.01)

    def test_currency_without_decimals_is_charged_as_it_is(self):
        yen = self.setup_other_currency("JPY", rounding=1.0)
        invoice = self._open_invoice(500.0, currency_id=yen.id)

        self._pay(500.0, invoice)
        self._tell()

        self.assertEqual(self.double.find("payment_intent")[0]["amount"], 500)
        self.assertEqual(invoice.billing_status, "paid_online")

    def test_invoices_of_two_currencies_are_not_paid_together(self):
        other = self._open_invoice(50.0, currency_id=self.setup_other_currency("GBP").id)

        with self._refused():
            (self.invoice | other)._start_checkout(150.0)
        with self._refused():
            self.invoice.browse()._start_checkout(1.0)

    def test_several_invoices_are_paid_at_once(self):
        other = self._open_invoice(50.0)

        self._pay(150.0, self.invoice | other)
        self._tell()

        self.assertEqual((self.invoice | other).mapped("billing_status"), ["paid_online"] * 2)
        self.assertEqual(len(self._get_transactions(other).payment_id), 1)

    def test_very_many_invoices_are_paid_at_once(self):
        self.invoice.sudo().journal_id.code = "LONGNAME"
        invoices = self.invoice | self.env["account.move"].union(*(self._open_invoice(1.0) for _number in range(14)))

        self._pay(114.0, invoices)
        self._tell()

        tx = self._get_transactions(invoices)
        self.assertLess(max(map(len, (tx.reference, tx._get_checkout_title(), tx.billing_checkout_scope))), 201)
        self.assertTrue(tx.reference.startswith(f"{self.invoice.name}-"))
        self.assertEqual(set(invoices.mapped("billing_status")), {"paid_online"})

    # === WHAT CANNOT BE PAID === #

    def test_invoice_that_is_paid_or_manual_or_not_finalized_has_no_page(self):
        draft = self._draft_invoice(100.0)
        manual = self._open_invoice(100.0, billing_collection="manual")
        paid = self._open_invoice(100.0)
        self._pay_invoice(paid, 100.0)
        for invoice in (draft, manual, paid):
            with self.subTest(invoice.display_name), self._refused():
                invoice._start_checkout(100.0)

    def test_without_webhook_nothing_can_be_paid(self):
        self.provider.billing_stripe_webhook_secret = False

        with self._refused():
            self.invoice._start_checkout(100.0)

    def test_stripe_that_is_down_gives_one_sentence_and_leaves_nothing(self):
        self.double.fail_next("server", times=3)

        with self._refused():
            self.invoice._start_checkout(100.0)
        self.assertFalse(self._get_transactions())

    # === PAGES THAT ARE OVER === #

    def test_page_is_closed_when_the_bank_paid_meanwhile(self):
        self.invoice._start_checkout(100.0)

        with performing_jobs():
            self._pay_invoice(self.invoice, 60.0)

        self.assertEqual(self._get_transactions().state, "cancel")
        self.assertEqual(len(self._get_sessions("expired")), 1)

    def test_page_for_an_instalment_stays_open_while_it_is_due(self):
        self.invoice._start_checkout(40.0)

        with performing_jobs():
            self._pay_invoice(self.invoice, 60.0)

        self.assertEqual(self._get_transactions().state, "draft")
        self.assertEqual(len(self._get_sessions("open")), 1)

    def test_money_of_a_page_that_was_paid_too_late_is_booked_as_credit(self):
        self._pay()
        with performing_jobs():
            self._pay_invoice(self.invoice, 60.0)
        tx = self._get_transactions()

        self._tell()

        self.assertEqual(tx.state, "done")
        self.assertEqual(tx.payment_id.amount, 100.0)
        self.assertEqual(self.invoice.amount_residual, 0.0)
        left = tx.payment_id.move_id.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        self.assertEqual(left.amount_residual, -60.0)

    def test_two_pages_paid_at_the_same_time_keep_all_the_money(self):
        first, second = self.invoice._start_checkout(100.0), self.invoice._start_checkout(60.0)
        self.double.pay(first, CARD)
        self.double.pay(second, CARD)

        self._tell()

        payments = self._get_transactions().payment_id
        self.assertEqual(sum(payments.mapped("amount")), 160.0)
        self.assertEqual(self.invoice.billing_status, "paid_online")
        self.assertEqual(self.invoice.amount_residual, 0.0)

    def test_declined_card_leaves_the_page_open_and_a_trace(self):
        self.double.pay(self.invoice._start_checkout(100.0), CARD_DECLINED)
        self._tell()
        tx = self._get_transactions()

        self.assertEqual(tx.state, "draft")
        self.assertEqual(tx.billing_decline_code, "generic_decline")
        domain = [("res_id", "=", self.invoice.id), ("kind", "=", "payment_failed")]
        self.assertEqual(self.env["service.billing.event"].search_count(domain), 1)

        self._pay()
        self._tell()
        self.assertEqual(tx.state, "done")

    # === CUSTOMERS AND THE BOOKS === #

    def test_anonymous_customer_is_not_known_to_stripe(self):
        self.invoice._start_checkout(100.0)

        self.assertFalse(self.double.find("customer"))

    def test_customer_who_saves_a_card_is_made_once_for_each_account(self):
        for invoice in (self.invoice, self._open_invoice(50.0)):
            invoice._start_checkout(50.0, consent_ip="203.0.113.9")

        self.assertEqual(len(self.double.find("customer")), 1)
        self.assertEqual(len(self.env["service.stripe.customer"].search([("partner_id", "=", self.customer.id)])), 1)

    def test_payment_has_stripes_reference_and_the_day_of_the_charge(self):
        self._pay()
        self._tell()
        tx = self._get_transactions()

        self.assertEqual(tx.payment_id.billing_external_ref, self.double.find("payment_intent")[0]["id"])
        self.assertEqual(tx.payment_id.date, self.company._get_billing_time(tx.billing_paid_at).date())
        self.assertLessEqual(tx.billing_paid_at, Datetime.now())
        self.assertEqual(tx.billing_charge_ref, self.double.find("charge")[0]["id"])

    def test_payment_of_a_closed_period_is_recorded_on_the_first_open_day(self):
        self._pay()
        self.company.fiscalyear_lock_date = self.company._get_billing_today()

        self._tell()

        payment = self._get_transactions().payment_id
        self.assertEqual(payment.billing_received_on, self.company._get_billing_today())
        self.assertGreater(payment.date, payment.billing_received_on)
        self.assertEqual(self.invoice.billing_status, "paid_online")

    def test_two_companies_take_money_by_their_own_accounts(self):
        self._set_up_second_company()
        self.second_company.billing_collection = "online"
        with self._refused():
            self._open_invoice(80.0, user=self.second_biller)._start_checkout(80.0)

        provider = self._create_stripe_provider(self.second_company)
        invoice = self._open_invoice(80.0, user=self.second_biller)
        invoice._start_checkout(80.0)

        self.assertEqual(self._get_transactions(invoice).provider_id, provider)
        self.assertEqual(self._get_transactions(invoice).company_id, self.second_company)
