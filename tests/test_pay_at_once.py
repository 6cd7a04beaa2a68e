from functools import partial

from odoo.tests import tagged

from .common_concurrent import ConcurrentCase


@tagged("post_install", "-at_install")
class TestPayAtOnce(ConcurrentCase):
    def _pay(self, env, window_id):
        return env["account.payment.register"].browse(window_id).action_create_payments()

    def test_two_pay_the_full_amount(self):
        invoice_id = self._commit_invoice(100.0)
        with self._committing(self.biller_id) as env:
            context = {"active_model": "account.move", "active_ids": [invoice_id]}
            windows = env["account.payment.register"].with_context(**context).create([{}, {}])

        results = self._at_once(*[partial(self._pay, window_id=window_id) for window_id in windows.ids])

        self.assertEqual(sorted(result["type"] for result in results), ["ir.actions.act_window", "ir.actions.client"])
        with self._committing() as env:
            invoice = env["account.move"].browse(invoice_id)
            self.assertRecordValues(invoice, [{"amount_residual": 0.0, "billing_status": "paid"}])
            self.assertEqual(len(invoice.activity_ids), 1)
            payments = env["account.payment"].search([("partner_id", "=", self.customer_id)])
            credits = payments.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
            self.assertEqual(sorted(credits.mapped("amount_residual")), [-100.0, 0.0])
