from odoo.tests import tagged

from .common_jobs import performing_jobs
from .common_refund import RefundCommon


@tagged("post_install", "-at_install")
class TestDashboardRefund(RefundCommon):
    """Refunds that somebody makes at Stripe."""

    def _get_receivables(self, payment):
        return payment.child_transaction_ids.payment_id._get_open_receivables()

    def test_refund_without_credit_note_waits_for_it(self):
        invoice = self._open_invoice(60.0)
        payment = self._pay_by_card(invoice)
        self.double.refund_in_dashboard(payment.provider_reference, 25_00)

        self._sync()
        self._sync()

        self.assertRecordValues(payment.child_transaction_ids, [{"amount": -25.0, "state": "done"}])
        self.assertAlmostEqual(self._get_receivables(payment).amount_residual, 25.0)
        self.assertFalse(invoice.amount_residual)
        self.assertEqual(len(invoice.activity_ids), 1)

        invoice.activity_schedule("mail.mail_activity_data_todo", summary="Call the customer")
        part = self._credit_invoice(invoice)
        part.invoice_line_ids[0].quantity = 0.25
        part.action_billing_finalize()
        self.assertEqual((part.amount_residual, len(invoice.activity_ids)), (0.0, 2), "10 of the refund still wait.")
        credit_note = self._finalized_credit(invoice)

        self.assertEqual(invoice.activity_ids.mapped("summary"), ["Call the customer"])
        self.assertAlmostEqual(credit_note.amount_residual, 35.0)
        self.assertFalse(self._get_receivables(payment))
        self.assertIn(credit_note, payment.child_transaction_ids.invoice_ids)

    def test_refund_pays_out_the_credit_note_that_waits(self):
        _invoice, payment, credit_note = self._paid_credit(60.0, credited=25.0)
        self.double.refund_in_dashboard(payment.provider_reference, 25_00)

        self._sync()

        self.assertFalse(credit_note.amount_residual)
        self.assertEqual(payment.child_transaction_ids.invoice_ids, credit_note)

    def test_refund_that_is_told_before_the_payment(self):
        invoice = self._open_invoice(60.0)
        self.double.pay(invoice._start_checkout(60.0), "4242424242424242")
        self.double.refund_in_dashboard(self.double.find("payment_intent")[0]["id"], 60_00)

        self._sync("refund.created")
        self._sync()

        payment, refund = invoice.sudo().transaction_ids, invoice.sudo().transaction_ids.child_transaction_ids
        self.assertEqual((payment.state, refund.state, refund.amount), ("done", "done", -60.0))

    def test_refund_of_a_payment_that_is_not_ours_changes_nothing(self):
        event = {
            "id": "evt_1",
            "type": "refund.created",
            "created": 1,
            "data": {"object": {"object": "refund", "id": "re_unknown"}},
        }

        with performing_jobs():
            received = self.receive(event)

        self.assertEqual(received.state, "failed")
