from odoo.tests import tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestPayRemove(MoneyCommon):
    def test_removing_one_of_two_payments_then_both(self):
        invoice = self._open_invoice(100.0)
        first, second = self._pay_invoice(invoice, 40.0), self._pay_invoice(invoice, 60.0)
        self.assertEqual(invoice.billing_status, "paid")

        first.action_billing_remove()
        self.assertRecordValues(invoice, [{"billing_status": "partially_paid", "amount_residual": 40.0}])

        second.action_billing_remove()
        self.assertRecordValues(invoice, [{"billing_status": "open", "amount_residual": 100.0}])
        self.assertEqual((first + second).mapped("state"), ["canceled", "canceled"])

    def test_removing_twice_changes_nothing(self):
        invoice = self._open_invoice(100.0)
        payment = self._pay_invoice(invoice, 40.0)
        payment.action_billing_remove()

        payment.action_billing_remove()

        self.assertEqual(payment.state, "canceled")

    def test_biller_may_remove(self):
        invoice = self._open_invoice(100.0)
        payment = self._pay_invoice(invoice, 40.0)

        self._call(self.biller, "account.payment", "action_billing_remove", payment.ids)

        self.assertEqual(invoice.billing_status, "open")

    def test_removing_in_a_locked_period(self):
        invoice = self._open_invoice(100.0, invoice_date="2026-06-01")
        payment = self._pay_invoice(invoice, 40.0, payment_date="2026-06-15")
        self.company.fiscalyear_lock_date = "2026-06-30"

        with self._refused():
            payment.action_billing_remove()

        self.assertEqual(invoice.billing_status, "partially_paid")

    def test_payment_in_draft_pays_nothing(self):
        invoice = self._open_invoice(100.0)
        payment = self._pay_invoice(invoice, 100.0)

        payment.action_draft()

        self.assertRecordValues(invoice, [{"billing_status": "open", "amount_residual": 100.0}])

    def test_recorded_payment_keeps_its_amount(self):
        invoice = self._open_invoice(100.0)
        payment = self._pay_invoice(invoice, 100.0)
        for values in ({"amount": 10.0}, {"date": "2026-01-05"}, {"partner_id": self._create_customer("Other").id}):
            with self.subTest(values=values), self._refused():
                self._call(self.biller, "account.payment", "write", payment.ids, values)
        payment.write({"amount": 100.0, "billing_note": "Thank you"})

        self.assertRecordValues(invoice, [{"billing_status": "paid", "amount_residual": 0.0}])

    def test_payment_taken_off_stays_as_credit(self):
        invoice = self._open_invoice(100.0)
        self._pay_invoice(invoice, 40.0)
        partial = invoice.line_ids.matched_credit_ids

        invoice.js_remove_outstanding_partial(partial.id)

        self.assertRecordValues(invoice, [{"billing_status": "open", "amount_residual": 100.0}])
        self.assertEqual(invoice.invoice_outstanding_credits_debits_widget["content"][0]["amount"], 40.0)
