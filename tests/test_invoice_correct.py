from odoo.tests import tagged

from .common_status import StatusCommon


@tagged("post_install", "-at_install")
class TestInvoiceCorrect(StatusCommon):
    def test_invoice_that_nobody_paid_is_void_and_drafted_anew(self):
        invoice = self._open_invoice(100.0, 50.0, ref="PO 7")

        draft = self._correct_invoice(invoice)

        self.assertEqual(invoice.billing_status, "void")
        self.assertRecordValues(
            draft,
            [
                {
                    "state": "draft",
                    "amount_total": 150.0,
                    "ref": "PO 7",
                    "partner_id": self.customer.id,
                    "billing_corrects_move_id": invoice.id,
                }
            ],
        )
        self.assertEqual(invoice.billing_corrected_by_id, draft)

    def test_payments_follow_to_the_right_invoice(self):
        invoice = self._open_invoice(100.0)
        self._pay_invoice(invoice, 100.0)

        draft = self._correct_invoice(invoice)
        self.assertRecordValues(
            invoice, [{"billing_status": "paid", "billing_paid_by_credit": True, "amount_residual": 0.0}]
        )
        draft.invoice_line_ids.price_unit = 120.0
        draft.action_billing_finalize()

        self.assertRecordValues(draft, [{"billing_status": "partially_paid", "amount_residual": 20.0}])

    def test_overpaid_rest_stays_the_customers_credit(self):
        invoice = self._open_invoice(100.0)
        payment = self._pay_invoice(invoice, 100.0)

        draft = self._correct_invoice(invoice)
        draft.invoice_line_ids.price_unit = 80.0
        draft.action_billing_finalize()

        self.assertRecordValues(draft, [{"billing_status": "paid", "amount_residual": 0.0}])
        line = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.assertEqual(line.amount_residual, -20.0)

    def test_payment_that_was_used_elsewhere_meanwhile_stays_there(self):
        invoice, other = self._open_invoice(100.0), self._open_invoice(100.0)
        payment = self._pay_invoice(invoice, 100.0)
        draft = self._correct_invoice(invoice)
        line = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        other.js_assign_outstanding_line(line.id)

        draft.action_billing_finalize()

        self.assertRecordValues(other + draft, [{"billing_status": "paid"}, {"billing_status": "open"}])

    def test_charges_follow_to_the_right_invoice(self):
        for amount in (0.0, 20.0):
            with self.subTest(paid=amount):
                invoice = self._finalize_order(self._done_order(hours=2))
                charge = invoice.sudo().billing_charge_ids
                if amount:
                    self._pay_invoice(invoice, amount)

                draft = self._correct_invoice(invoice)

                self.assertRecordValues(charge, [{"state": "drafted", "invoice_id": draft.id}])
                self.assertEqual(draft.amount_total, invoice.amount_total)
                draft.action_billing_finalize()
                self.assertEqual(draft.amount_residual, draft.amount_total - amount)
                credit_note = self._credit_invoice(draft)
                credit_note.action_billing_finalize()
                self.assertEqual(charge.credited_quantity, 2.0)

    def test_wrong_invoice_prints_what_it_always_did(self):
        order = self._done_order(hours=2, parts=1)
        invoice = self._finalize_order(order)
        before = invoice._get_print_work()

        self._correct_invoice(invoice)

        self.assertTrue(before)
        self.assertEqual(invoice._get_print_work(), before)
        self.assertEqual(invoice._get_print_order_numbers(), order.name)

    def test_second_click_opens_the_same_draft(self):
        invoice = self._open_invoice()

        draft = self._correct_invoice(invoice)

        self.assertEqual(self._correct_invoice(invoice), draft)

    def test_some_of_it_is_credited(self):
        invoice = self._open_invoice(100.0)

        credit_note = self._correct_invoice(invoice, kind="credit", reason="goodwill")

        self.assertRecordValues(
            credit_note,
            [
                {
                    "move_type": "out_refund",
                    "state": "draft",
                    "reversed_entry_id": invoice.id,
                    "billing_credit_reason": "goodwill",
                    "billing_credit_text": "Wrong price.",
                }
            ],
        )

    def test_drafts_credited_and_written_off_invoices_are_not_corrected(self):
        credited, written_off = self._open_invoice(), self._open_invoice()
        self._credit_invoice(credited)
        self._write_off(written_off)
        for move in (self._draft_invoice(), credited, written_off):
            with self.subTest(move.display_name), self._refused():
                self._correct_invoice(move)
