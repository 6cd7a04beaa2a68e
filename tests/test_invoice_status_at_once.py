from functools import partial

from odoo.tests import tagged

from .common_concurrent import ConcurrentCase


@tagged("post_install", "-at_install")
class TestInvoiceStatusAtOnce(ConcurrentCase):
    def _void(self, env, invoice_id):
        return env["account.move"].browse(invoice_id).action_billing_void("duplicate", "Billed before.")

    def _mark_paid(self, env, invoice_id):
        return env["account.move"].browse(invoice_id)._mark_paid()

    def _get_kinds(self, results):
        return sorted(
            "error" if isinstance(result, Exception) else "notice" if result else "done" for result in results
        )

    def test_two_void_one_invoice(self):
        invoice_id = self._commit_invoice(100.0)

        results = self._at_once(*[partial(self._void, invoice_id=invoice_id)] * 2)

        self.assertEqual(self._get_kinds(results), ["done", "notice"])
        with self._committing() as env:
            invoice = env["account.move"].browse(invoice_id)
            self.assertRecordValues(invoice, [{"billing_status": "void", "amount_residual": 0.0}])
            self.assertEqual(len(invoice.reversal_move_ids), 1)

    def test_two_mark_one_invoice_as_paid(self):
        invoice_id = self._commit_invoice(100.0)

        results = self._at_once(*[partial(self._mark_paid, invoice_id=invoice_id)] * 2)

        self.assertEqual(self._get_kinds(results), ["done", "notice"])
        with self._committing() as env:
            invoice = env["account.move"].browse(invoice_id)
            self.assertRecordValues(invoice, [{"billing_status": "manual_paid", "amount_residual": 0.0}])
            self.assertEqual(len(invoice.reconciled_payment_ids), 1)

    def test_one_voids_what_another_marks_as_paid(self):
        invoice_id = self._commit_invoice(100.0)

        results = self._at_once(
            partial(self._void, invoice_id=invoice_id), partial(self._mark_paid, invoice_id=invoice_id)
        )

        self.assertEqual(self._get_kinds(results), ["done", "error"])
        with self._committing() as env:
            invoice = env["account.move"].browse(invoice_id)
            self.assertIn(invoice.billing_status, ("void", "manual_paid"))
            self.assertEqual(invoice.amount_residual, 0.0)
