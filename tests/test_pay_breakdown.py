from odoo.tests import tagged

from .common_status import StatusCommon


@tagged("post_install", "-at_install")
class TestPayBreakdown(StatusCommon):
    """How a document was paid, where several ways of paying meet."""

    def _pay_online(self, invoice, amount):
        """Let money come in by a transaction, as a provider's notification does."""
        transaction = self._create_transaction(invoice, amount, state="done")
        method = transaction.provider_id.journal_id.inbound_payment_method_line_ids[:1]
        return transaction._create_payment(payment_method_line_id=method.id)

    def _pay_in_cash(self, invoice, amount):
        return self._pay_invoice(invoice, amount, journal_id=self.company_data["default_journal_cash"].id)

    def _get_amounts(self, invoice):
        return [entry["amount"] for entry in invoice._get_payment_breakdown()]

    def test_online_and_cash_together_are_just_paid(self):
        invoice = self._open_invoice(100.0)

        self._pay_online(invoice, 60.0)
        self._pay_in_cash(invoice, 40.0)

        self.assertEqual(invoice.billing_status, "paid")
        self.assertEqual(self._get_amounts(invoice), [60.0, 40.0])
        self.assertIn("Cash", invoice.billing_paid_text)

    def test_online_and_a_credit_note_together_are_just_paid(self):
        invoice = self._open_invoice(100.0)
        self._pay_online(invoice, 60.0)
        credit_note = self._credit_invoice(invoice)
        credit_note.invoice_line_ids.price_unit = 40.0

        credit_note.action_billing_finalize()

        self.assertEqual(invoice.billing_status, "paid")
        self.assertEqual(self._get_amounts(invoice), [60.0, 40.0])

    def test_two_online_payments_are_paid_online(self):
        invoice = self._open_invoice(100.0)

        self._pay_online(invoice, 60.0)
        self._pay_online(invoice, 40.0)

        self.assertEqual(invoice.billing_status, "paid_online")
        self.assertEqual(self._get_amounts(invoice), [100.0])

    def test_online_payment_at_another_rate_is_paid_online(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-03-01", 4.0)])
        invoice = self._open_invoice(100.0, currency_id=euro.id, invoice_date="2026-02-01")

        self._pay_online(invoice, 100.0)

        self.assertTrue(invoice.line_ids.matched_credit_ids.exchange_move_id)
        self.assertEqual(invoice.billing_status, "paid_online")
        self.assertEqual(self._get_amounts(invoice), [100.0])

    def test_placeholder_is_named(self):
        invoice = self._open_invoice(100.0)
        self._pay_in_cash(invoice, 40.0)

        invoice._mark_paid()

        labels = [entry["label"] for entry in invoice._get_payment_breakdown()]
        self.assertEqual(labels, ["Cash", "Marked as paid"])

    def test_nothing_is_told_where_nothing_was_paid(self):
        void = self._open_invoice(100.0)
        self._void(void)

        for invoice in (self._draft_invoice(100.0), self._open_invoice(100.0), void):
            with self.subTest(invoice.state):
                self.assertEqual(invoice._get_payment_breakdown(), [])
                self.assertFalse(invoice.billing_paid_text)

    def test_cash_rounding_is_a_line_and_is_paid_with_the_rest(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Five cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        invoice = self._open_invoice(10.02, invoice_cash_rounding_id=rounding.id)
        self.assertEqual(invoice.line_ids.filtered(lambda line: line.display_type == "rounding").balance, 0.02)

        self._pay_in_cash(invoice, 10.0)

        self.assertRecordValues(invoice, [{"amount_total": 10.0, "amount_residual": 0.0, "billing_status": "paid"}])

    # === MORE THAN IS DUE === #

    def test_second_online_payment_is_credit_and_a_to_do(self):
        invoice = self._open_invoice(100.0)
        self._pay_online(invoice, 100.0)
        self.assertFalse(invoice.activity_ids)

        self._pay_online(invoice, 100.0)

        self.assertRecordValues(invoice, [{"billing_status": "paid_online", "amount_residual": 0.0}])
        self.assertEqual(list(self.customer._get_credit_balance().values()), [100.0])
        self.assertEqual(len(invoice.activity_ids), 1)
        self.assertIn("100.00", invoice.activity_ids.note)

    def test_credit_that_was_wanted_is_no_to_do(self):
        invoice = self._open_invoice(100.0)

        self._pay_invoice(invoice, 120.0, billing_keep_credit=True)

        self.assertFalse(invoice.activity_ids)

    # === ON PAPER === #

    def test_credit_is_told_from_money_that_came_for_the_invoice(self):
        self.company.billing_use_credit = True
        wizards = self.env["service.prepayment"].with_user(self.biller)
        wizards.create({"partner_id": self.customer.id, "amount": 30.0}).action_confirm()
        invoice = self._open_invoice(100.0)
        self._pay_in_cash(invoice, 20.0)

        texts = [invoice._get_print_settlement(payment) for payment in invoice._get_print_payments()]

        self.assertEqual(sorted(text.split(" ")[0] for text in texts), ["Credit", "Paid"])
