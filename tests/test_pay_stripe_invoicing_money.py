from datetime import date

from odoo.tests import tagged

from .common_jobs import performing_jobs
from .common_stripe import CARD, CARD_ASKING_ALWAYS, CARD_DECLINED
from .common_stripe_invoicing import StripeInvoicingCommon


@tagged("post_install", "-at_install")
class TestStripeInvoicingMoney(StripeInvoicingCommon):
    """An invoice that can be paid with us and on Stripe's page is paid once."""

    # === NEVER PAID TWICE === #

    def test_invoice_paid_by_bank_is_paid_at_stripe_out_of_band(self):
        invoice = self._finalize()

        self._pay_by_bank(invoice, 100.0)

        made = self._get_at_stripe()
        self.assertEqual((made["status"], made["amount_paid_off_stripe"]), ("paid", 10000))
        self.assertEqual(self._get_row(invoice).state, "paid")
        self.assertFalse(self.double.find("charge"))

    def test_part_paid_by_bank_leaves_the_rest_to_pay_at_stripe(self):
        invoice = self._finalize()

        self._pay_by_bank(invoice, 30.0)
        self._sync(self._get_row(invoice))

        self.assertEqual((self._get_at_stripe()["status"], self._get_at_stripe()["amount_remaining"]), ("open", 7000))
        self._pay_at_stripe()
        self._apply(*self._get_events())
        self.assertEqual((self._get_at_stripe()["status"], invoice.amount_residual), ("paid", 0.0))

    def test_invoice_paid_on_our_own_page_is_paid_at_stripe(self):
        invoice = self._finalize()
        self.double.pay(invoice._start_checkout(100.0), CARD)

        self._apply(*self._get_events("checkout.session.completed"))

        self.assertEqual(self._get_at_stripe()["status"], "paid")
        self.assertEqual(len(self.double.find("charge")), 1)

    def test_void_invoice_is_void_at_stripe(self):
        invoice = self._finalize()

        with performing_jobs():
            invoice.action_billing_void("wrong_customer", "Somebody else's")

        self.env.invalidate_all()
        self.assertEqual((self._get_at_stripe()["status"], self._get_row(invoice).state), ("void", "void"))

    def test_invoice_that_was_paid_before_stripe_heard_of_it_is_not_made_there(self):
        with performing_jobs():
            invoice = self._open_invoice()
            invoice._register_payment(amount=100.0, payment_date=date.today())

        self.assertEqual(self._get_row(invoice).state, "void")
        self.assertFalse(self.double.find("invoice"))

    # === PAID ON STRIPE'S PAGE === #

    def test_invoice_paid_on_stripes_page_is_one_payment_whatever_tells_of_it(self):
        invoice = self._finalize()
        self._pay_at_stripe()

        self._apply(*self._get_events("payment_intent.succeeded", "invoice.paid") * 3)

        self.assertEqual(invoice.billing_status, "paid_online")
        self.assertEqual((self._count_payments(), self._get_row(invoice).state), (1, "paid"))

    def test_word_of_the_invoice_alone_is_enough_and_comes_once(self):
        invoice = self._finalize()
        self._pay_at_stripe(CARD_ASKING_ALWAYS)

        [event] = self._apply(*self._get_events("invoice.paid") * 2)
        late = self._apply(*self._get_events("payment_intent.succeeded"))

        self.assertEqual((event.state, late.state), ("done", "done"))
        self.assertEqual((invoice.billing_status, self._count_payments()), ("paid_online", 1))

    def test_card_declined_on_stripes_page_changes_nothing(self):
        invoice = self._finalize()
        self._pay_at_stripe(CARD_DECLINED)

        events = self._apply(*self._get_events("payment_intent.payment_failed"))

        self.assertEqual((events.state, invoice.billing_status), ("ignored", "open"))
        self.assertEqual(self._get_at_stripe()["status"], "open")

    def test_customer_who_was_faster_than_the_bank_has_credit_and_somebody_is_told(self):
        invoice = self._finalize()
        self._pay_at_stripe()

        self._pay_by_bank(invoice, 100.0)
        self._apply(*self._get_events("payment_intent.succeeded"))

        self.assertEqual(self._get_row(invoice).state, "paid")
        self.assertEqual(self._count_payments(), 2)
        self.assertTrue(invoice.activity_ids)

    def test_payment_on_stripes_page_is_refunded_from_a_credit_note(self):
        invoice = self._finalize()
        self._pay_at_stripe()
        self._apply(*self._get_events("payment_intent.succeeded"))
        credit_note = invoice._reverse_moves([{"billing_credit_reason": "other", "billing_credit_text": "Goodwill"}])

        with performing_jobs():
            credit_note.action_billing_finalize()
            credit_note._start_refund(100.0)

        [refund] = self.double.find("refund")
        self.assertEqual((refund["status"], refund["amount"]), ("succeeded", 10000))

    def test_invoice_of_somebody_else_is_ignored(self):
        self._finalize()
        self._pay_at_stripe()
        [event] = self._get_events("invoice.paid")
        self.env["service.stripe.invoice"].search([]).sudo().invoice_ref = "in_other"

        self.assertEqual(self._apply(event).state, "ignored")
