from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestCreditNoteStandalone(MoneyCommon):
    """Goodwill without an invoice: it waits, is used on any invoice, and can be taken off again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.billing_use_credit = "no"

    def _goodwill(self, amount, **values):
        credit_note = self._draft_invoice(
            amount,
            move_type="out_refund",
            billing_credit_reason="goodwill",
            billing_credit_text="Waited two hours",
            **values,
        )
        credit_note.action_billing_finalize()
        return credit_note

    def _get_receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def test_goodwill_waits(self):
        credit_note = self._goodwill(30.0)

        self.assertRecordValues(credit_note, [{"billing_status": "open", "amount_residual": 30.0}])
        self.assertRegex(credit_note.name, r"^RINV/")

    def test_goodwill_is_offered_and_used(self):
        credit_note, invoice = self._goodwill(30.0), self._open_invoice(100.0)
        offered = invoice.invoice_outstanding_credits_debits_widget["content"]
        self.assertEqual([credit["id"] for credit in offered], self._get_receivable(credit_note).ids)

        self._call(self.biller, "account.move", "js_assign_outstanding_line", invoice.ids, offered[0]["id"])

        self.assertRecordValues(invoice, [{"billing_status": "partially_paid", "amount_residual": 70.0}])
        self.assertRecordValues(credit_note, [{"billing_status": "paid", "amount_residual": 0.0}])

    def test_taking_it_off_restores_both(self):
        credit_note, invoice = self._goodwill(30.0), self._open_invoice(30.0)
        invoice.js_assign_outstanding_line(self._get_receivable(credit_note).id)
        self.assertRecordValues(invoice, [{"billing_status": "paid", "billing_paid_by_credit": True}])
        partial = self._get_receivable(invoice).matched_credit_ids

        self._call(self.biller, "account.move", "js_remove_outstanding_partial", invoice.ids, partial.id)

        self.assertRecordValues(invoice, [{"billing_status": "open", "amount_residual": 30.0}])
        self.assertRecordValues(credit_note, [{"billing_status": "open", "amount_residual": 30.0}])

    def test_goodwill_serves_two_invoices(self):
        credit_note = self._goodwill(30.0)
        first, second = self._open_invoice(20.0), self._open_invoice(20.0)

        for invoice in (first, second):
            invoice.js_assign_outstanding_line(self._get_receivable(credit_note).id)

        self.assertRecordValues(
            first + second,
            [
                {"billing_status": "paid", "amount_residual": 0.0},
                {"billing_status": "partially_paid", "amount_residual": 10.0},
            ],
        )

    def test_goodwill_of_another_company_is_not_used(self):
        self._set_up_second_company()
        foreign = self._goodwill(30.0, user=self.second_biller)
        self.biller.company_ids += self.second_company
        invoice = self._open_invoice(100.0)

        self.assertEqual(foreign.company_id, self.second_company)
        self.assertFalse(invoice.invoice_outstanding_credits_debits_widget)
        with self._refused():
            self._call(
                self.biller,
                "account.move",
                "js_assign_outstanding_line",
                invoice.ids,
                self._get_receivable(foreign).id,
            )
        with self.assertRaises(UserError):
            (self._get_receivable(foreign) + self._get_receivable(invoice)).reconcile()
        self.assertEqual(invoice.amount_residual, 100.0)

    def test_goodwill_of_another_customer_is_not_offered(self):
        self._goodwill(30.0, partner_id=self._create_customer("Somebody Else").id)

        self.assertFalse(self._open_invoice(100.0).invoice_outstanding_credits_debits_widget)
