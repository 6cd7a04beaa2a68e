from odoo.tests import tagged

from .common_jobs import performing_jobs
from .common_refund import RefundCommon
from .common_stripe import CARD


@tagged("post_install", "-at_install")
class TestRefundOfCredit(RefundCommon):
    """What was paid too much by card goes back to it, without a credit note."""

    def _overpay(self, paid=100.0, transferred=60.0, **values):
        """Return the card payment of an invoice for which money came by bank as well."""
        invoice = self._open_invoice(paid, **values)
        self.double.pay(invoice._start_checkout(paid), CARD)
        self._pay_invoice(invoice, transferred)
        self._sync("payment_intent.succeeded")
        return invoice.sudo().transaction_ids.filtered(lambda tx: tx.state == "done")

    def _open_credit_refund(self, **values):
        window = self.env["service.credit.refund"].with_user(self.biller)
        return window.create({"partner_id": self.customer.id, **values})

    def _give_back(self, window):
        with performing_jobs():
            return window.action_confirm()

    def test_overpayment_goes_back_to_the_card_once(self):
        payment = self._overpay()
        window = self._open_credit_refund()
        self.assertRecordValues(window, [{"way": "card", "card_left": 60.0, "left": 60.0, "amount": 60.0}])

        self._give_back(window)
        self._give_back(window)
        self._sync()

        self.assertRecordValues(payment.child_transaction_ids, [{"amount": -60.0, "state": "done"}])
        self.assertEqual([refund["amount"] for refund in self.double.find("refund")], [6000])
        self.assertFalse(self.customer._get_credit_balance())
        self.assertFalse(payment.invoice_ids.amount_residual)
        with self._refused():
            self._open_credit_refund(way="card", amount=1.0).action_confirm()

    def test_part_of_an_overpayment_goes_back_and_never_more_than_is_left_of_it(self):
        self._overpay()

        self._give_back(self._open_credit_refund(amount=25.0))
        self._open_credit_refund(amount=30.0).action_confirm()
        for amount in (5.01, 0.0, -1.0):
            with self.subTest(amount=amount), self._refused():
                self._open_credit_refund(amount=amount, way="card").action_confirm()

        self.assertEqual(self.customer._get_credit_balance(), {self.company.currency_id: 35.0})

    def test_overpayment_of_a_partly_refunded_or_disputed_card_goes_back_as_far_as_the_card_paid(self):
        payment = self._overpay()
        self.double.refund_in_dashboard(payment.provider_reference, 50_00)
        self._sync()
        self.assertEqual(self._open_credit_refund().card_left, 10.0)

        self.double.dispute(payment.provider_reference, amount=45_00)
        self._sync()

        self.assertEqual(self._open_credit_refund().card_left, 5.0)

    def test_credit_that_paid_something_else_before_the_job_ran_stays_where_it_is(self):
        payment = self._overpay()
        self._open_credit_refund().action_confirm()
        refund = payment.child_transaction_ids
        other = self._open_invoice(60.0)
        if other.amount_residual:
            other.js_assign_outstanding_line(payment.payment_id._get_open_receivables().id)

        refund._job_refund()

        self.assertEqual((refund.state, other.amount_residual), ("error", 0.0))
        self.assertFalse(self.double.find("refund"))
        self.assertIn("A refund failed", payment.invoice_ids.activity_ids.mapped("summary"))

    def test_refund_of_an_overpayment_that_fails_later_is_credit_again(self):
        payment = self._overpay()
        self._give_back(self._open_credit_refund())

        self.double.fail_refund(payment.child_transaction_ids.provider_reference)
        self._sync()

        self.assertEqual(self.customer._get_credit_balance(), {self.company.currency_id: 60.0})
        self.assertEqual(self._open_credit_refund().card_left, 60.0)

    def test_credit_of_another_currency_or_from_the_bank_is_told_apart(self):
        euro = self.setup_other_currency("EUR")
        self._overpay(currency_id=euro.id)
        transferred = self._open_invoice(10.0)
        self._pay_invoice(transferred, 30.0)
        windows = self._open_credit_refund(currency_id=euro.id) | self._open_credit_refund(
            currency_id=self.company.currency_id.id
        )
        self.assertRecordValues(windows, [{"way": "card", "card_left": 60.0}, {"way": "bank", "card_left": 0.0}])

        self._give_back(windows[0])

        self.assertEqual([refund["currency"] for refund in self.double.find("refund")], ["eur"])
        self.assertEqual(self.customer._get_credit_balance(), {self.company.currency_id: 20.0})
