from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_jobs import performing_jobs
from .common_refund import RefundCommon

REFUND_PENDING = "4000000000007726"
REFUND_FAILS = "4000000000005126"


@tagged("post_install", "-at_install")
class TestRefund(RefundCommon):
    """Credit notes that go back to the card that paid."""

    def _assert_refunds(self, credit_note, *states):
        credit_note.invalidate_recordset()
        self.assertEqual(credit_note.billing_refund_ids.mapped("state"), list(states))

    def _get_stripe_refunds(self):
        return self.double.find("refund")

    def test_refund_settles_the_credit_note(self):
        _invoice, payment, credit_note = self._paid_credit(60.0)

        refund = self._refund(credit_note, 60.0)

        self.assertRecordValues(refund, [{"amount": -60.0, "state": "done", "source_transaction_id": payment.id}])
        self.assertTrue(credit_note.currency_id.is_zero(credit_note.amount_residual))
        self.assertEqual(refund.payment_id.payment_type, "outbound")
        self._assert_refunds(credit_note, "succeeded")
        [asked] = self._get_stripe_refunds()
        self.assertEqual((asked["amount"], asked["metadata"]["odoo_tx"]), (6000, refund.reference))

    def test_nothing_is_asked_of_stripe_before_the_click_is_kept(self):
        _invoice, _payment, credit_note = self._paid_credit(60.0)

        refund = credit_note._start_refund(60.0)

        self.assertEqual(refund.state, "draft")
        self.assertFalse(self._get_stripe_refunds())
        self._assert_refunds(credit_note, "waiting")

    def test_refund_in_parts_is_never_more_than_the_credit_note_or_the_payment(self):
        _invoice, payment, credit_note = self._paid_credit(60.0, credited=50.0)

        self._refund(credit_note, 20.0)
        with self._refused():
            credit_note._start_refund(30.01)
        self._refund(credit_note, 30.0)

        self.assertTrue(credit_note.currency_id.is_zero(credit_note.amount_residual))
        self.assertAlmostEqual(payment._get_refundable(), 10.0)
        self.assertEqual([asked["amount"] for asked in self._get_stripe_refunds()], [2000, 3000])

    def test_waiting_refund_is_counted(self):
        _invoice, _payment, credit_note = self._paid_credit(60.0)
        credit_note._start_refund(40.0)

        with self._refused():
            credit_note._start_refund(40.0)

    def test_credit_note_of_partly_paid_invoice_refunds_what_was_paid_only(self):
        invoice = self._open_invoice(100.0)
        self._pay_by_card(invoice, 40.0)
        credit_note = self._finalized_credit(invoice)

        with self._refused():
            credit_note._start_refund(40.01)
        self._refund(credit_note, 40.0)

        self.assertFalse(invoice.amount_residual)
        self.assertFalse(credit_note.amount_residual)

    def test_refund_is_split_among_the_cards_that_paid(self):
        invoice = self._open_invoice(100.0)
        self._pay_by_card(invoice, 30.0)
        self._pay_by_card(invoice, 70.0)
        credit_note = self._finalized_credit(invoice)

        refunds = self._refund(credit_note, 80.0)

        self.assertEqual(refunds.mapped("amount"), [-30.0, -50.0])
        self.assertAlmostEqual(credit_note.amount_residual, 20.0)

    def test_second_click_on_the_same_window_changes_nothing(self):
        _invoice, _payment, credit_note = self._paid_credit(60.0)
        window = self.env["service.refund.request"].with_user(self.biller).create({"move_id": credit_note.id})
        window.amount = 20.0
        window.action_confirm()

        with self._refused():
            window.action_confirm()

        self.assertEqual(len(credit_note.sudo().transaction_ids), 1)

    def test_job_that_runs_again_asks_nothing(self):
        _invoice, _payment, credit_note = self._paid_credit(60.0)
        refund = self._refund(credit_note, 60.0)

        refund._job_refund()

        self.assertEqual(len(self._get_stripe_refunds()), 1)

    def test_server_that_dies_after_stripe_refunded_finds_the_refund(self):
        _invoice, _payment, credit_note = self._paid_credit(60.0)
        refund = credit_note._start_refund(60.0)
        refund._ask_refund()

        refund._job_refund()

        self.assertEqual(len(self._get_stripe_refunds()), 1)
        self.assertEqual(refund.state, "done")

    def test_event_of_our_refund_makes_no_second_one(self):
        _invoice, payment, credit_note = self._paid_credit(60.0)
        refund = self._refund(credit_note, 60.0)

        told = len(credit_note.message_ids)
        self._sync()
        self._sync()

        self.assertEqual(payment.child_transaction_ids, refund)
        self.assertEqual(len(credit_note.message_ids), told)

    def test_credit_that_was_used_meanwhile_is_not_refunded(self):
        _invoice, _payment, credit_note = self._paid_credit(60.0)
        refund = credit_note._start_refund(60.0)
        other = self._open_invoice(60.0)
        line = credit_note.line_ids.filtered(lambda line: line.display_type == "payment_term")
        if not other.currency_id.is_zero(other.amount_residual):
            other.js_assign_outstanding_line(line.id)

        refund._job_refund()

        self.assertEqual(refund.state, "error")
        self.assertFalse(self._get_stripe_refunds())
        self.assertTrue(credit_note.activity_ids)

    def test_refund_that_stripe_refuses_books_nothing(self):
        _invoice, payment, credit_note = self._paid_credit(60.0)
        refund = credit_note._start_refund(60.0)
        self.double.refund_in_dashboard(payment.provider_reference, 10_00)

        refund._job_refund()

        self.assertEqual(refund.state, "error")
        self.assertFalse(refund.payment_id)
        self.assertAlmostEqual(credit_note.amount_residual, 60.0)
        self._assert_refunds(credit_note, "failed")

    def test_pending_refund_is_in_the_books_and_may_succeed_later(self):
        _invoice, _payment, credit_note = self._paid_credit(60.0, card=REFUND_PENDING)
        refund = self._refund(credit_note, 60.0)
        self._assert_refunds(credit_note, "pending")
        self.assertFalse(credit_note.amount_residual)
        payment = refund.payment_id

        self.double.succeed_refund(refund.provider_reference)
        self._sync()

        self.assertEqual((refund.state, refund.payment_id), ("done", payment))
        self._assert_refunds(credit_note, "succeeded")

    def test_refund_that_fails_days_later_is_owed_again(self):
        _invoice, payment, credit_note = self._paid_credit(60.0)
        refund = self._refund(credit_note, 60.0)

        self.double.fail_refund(refund.provider_reference)
        self._sync()
        self._sync()

        self.assertEqual((refund.state, refund.payment_id.state), ("error", "rejected"))
        self.assertAlmostEqual(credit_note.amount_residual, 60.0)
        self.assertAlmostEqual(payment._get_refundable(), 60.0)
        self.assertEqual(len(credit_note.activity_ids), 1)
        self.assertEqual(self.customer._get_credit_balance(), {credit_note.currency_id: 60.0})
        self._assert_refunds(credit_note, "failed")

    def test_core_refund_is_refused(self):
        _invoice, payment, _credit_note = self._paid_credit(60.0)

        with self._refused():
            payment.action_refund(10.0)

    def test_refund_that_went_out_is_not_taken_off(self):
        _invoice, _payment, credit_note = self._paid_credit(60.0)
        refund = self._refund(credit_note, 60.0)

        with self._refused():
            refund.payment_id.with_user(self.biller).action_billing_remove()

        self.assertFalse(credit_note.amount_residual)

    def test_only_who_bills_refunds(self):
        _invoice, _payment, credit_note = self._paid_credit(60.0)

        with self.assertRaises(AccessError):
            self.env["service.refund.request"].with_user(self.technician).create({"move_id": credit_note.id})
        with self.assertRaises(AccessError):
            credit_note.with_user(self.technician)._start_refund(10.0)

    def test_invoice_cannot_be_refunded_nor_a_credit_note_of_another_customer_with_this_card(self):
        invoice = self._open_invoice(60.0)
        self._pay_by_card(invoice)
        stranger = self._create_customer("Stranger")
        other = self._open_invoice(60.0, partner_id=stranger.id)
        self._pay_invoice(other, 60.0)
        credit_note = self._finalized_credit(other)

        for document in (invoice, credit_note):
            with self._refused():
                document._start_refund(10.0)

    def test_row_that_somebody_forges_is_not_refunded(self):
        _invoice, payment, _credit_note = self._paid_credit(60.0)
        forged = payment._create_refund(60.0)

        with performing_jobs():
            forged._enqueue_refunds()

        self.assertEqual(forged.state, "error")
        self.assertFalse(self._get_stripe_refunds())

    def test_other_currency_is_refunded_in_it(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        invoice = self._open_invoice(500.0, currency_id=yen.id)
        self._pay_by_card(invoice)
        credit_note = self._finalized_credit(invoice)

        self._refund(credit_note, 200.0)

        self.assertEqual(self._get_stripe_refunds()[0]["amount"], 200)
        self.assertAlmostEqual(credit_note.amount_residual, 300.0)

    def test_nothing_to_refund_opens_the_window_of_bank_payments(self):
        invoice = self._open_invoice(60.0)
        self._pay_invoice(invoice, 60.0)
        credit_note = self._finalized_credit(invoice)

        action = credit_note.action_billing_refund()

        self.assertEqual(action["res_model"], "account.payment.register")
        with self._refused():
            credit_note._start_refund(10.0)
