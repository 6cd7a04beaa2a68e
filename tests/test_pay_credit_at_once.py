from functools import partial

from odoo.tests import tagged

from .common_concurrent import ConcurrentCase


@tagged("post_install", "-at_install")
class TestPayCreditAtOnce(ConcurrentCase):
    """Two who use the same credit, or pay the same invoice: one is first, the other sees what is left."""

    def setUp(self):
        super().setUp()
        with self._committing() as env:
            env["res.partner"].browse(self.customer_id).billing_use_credit = "yes"

    def _commit_prepayment(self, amount):
        """Return the id of the line that holds the credit."""
        with self._committing(self.biller_id) as env:
            wizard = env["service.prepayment"].create({"partner_id": self.customer_id, "amount": amount})
            wizard.action_confirm()
            lines = wizard.payment_id.move_id.line_ids
            return lines.filtered(lambda line: line.account_type == "asset_receivable").id

    def test_two_invoices_finalized_at_once_never_use_more_than_there_is(self):
        credit_id = self._commit_prepayment(100.0)
        first_id, second_id = self._commit_draft(80.0), self._commit_draft(60.0)

        results = self._at_once(partial(self._finalize, move_id=first_id), partial(self._finalize, move_id=second_id))

        self.assertEqual(results, [None, None])
        with self._committing() as env:
            invoices = env["account.move"].browse([first_id, second_id])
            self.assertEqual(sum(invoices.mapped("amount_residual")), 40.0)
            self.assertTrue(all(residual >= 0 for residual in invoices.mapped("amount_residual")))
            self.assertEqual(env["account.move.line"].browse(credit_id).amount_residual, 0.0)

    def test_credit_races_a_payment_of_the_same_invoice(self):
        with self._committing() as env:
            env["res.partner"].browse(self.customer_id).billing_use_credit = "no"
        invoice_id, credit_id = self._commit_invoice(100.0), self._commit_prepayment(100.0)
        with self._committing(self.biller_id) as env:
            context = {"active_model": "account.move", "active_ids": [invoice_id]}
            window_id = env["account.payment.register"].with_context(**context).create({}).id

        self._at_once(
            lambda env: env["account.move"].browse(invoice_id).js_assign_outstanding_line(credit_id),
            lambda env: env["account.payment.register"].browse(window_id).action_create_payments(),
        )

        with self._committing() as env:
            invoice = env["account.move"].browse(invoice_id)
            self.assertEqual(invoice.amount_residual, 0.0)
            balance = env["res.partner"].browse(self.customer_id)._get_credit_balance()
            self.assertEqual(list(balance.values()), [100.0])

    def test_balance_is_paid_back_once_by_two_at_once(self):
        credit_id = self._commit_prepayment(50.0)
        with self._committing(self.biller_id) as env:
            wizard_ids = env["service.credit.refund"].create([{"partner_id": self.customer_id}] * 2).ids

        results = self._at_once(
            *[
                lambda env, wizard_id=wizard_id: env["service.credit.refund"].browse(wizard_id).action_confirm()
                for wizard_id in wizard_ids
            ]
        )

        self.assertEqual(sorted(isinstance(result, Exception) for result in results), [False, True])
        with self._committing() as env:
            self.assertEqual(env["account.move.line"].browse(credit_id).amount_residual, 0.0)
            payments = env["account.payment"].search(
                [("partner_id", "=", self.customer_id), ("payment_type", "=", "outbound")]
            )
            self.assertEqual(payments.mapped("amount"), [50.0])
