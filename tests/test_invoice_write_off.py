from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common_status import StatusCommon


@tagged("post_install", "-at_install")
class TestInvoiceWriteOff(StatusCommon):
    def _get_loss(self):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.company.billing_bad_debt_account_id.id), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))

    def _assert_status(self, invoice, status, *, due, lost):
        self.assertRecordValues(
            invoice, [{"billing_status": status, "amount_residual": due, "billing_amount_written_off": lost}]
        )
        self.assertAlmostEqual(self._get_loss(), lost)

    def test_write_off_makes_what_is_due_a_loss(self):
        invoice = self._open_invoice(100.0)
        self._pay_invoice(invoice, 30.0)

        self._write_off(invoice)

        self._assert_status(invoice, "uncollectible", due=0.0, lost=70.0)
        self.assertEqual(invoice.billing_writeoff_move_id.billing_origin_move_id, invoice)

    def test_nobody_is_thanked_for_a_write_off(self):
        invoice = self._open_invoice()
        thanked = []
        hook = "odoo.addons.account.models.account_move.AccountMove._invoice_paid_hook"

        with patch(hook, autospec=True, side_effect=thanked.extend):
            self._write_off(invoice)
            self.assertFalse(thanked)
            self._pay_late(invoice, 100.0)
            self.assertEqual(thanked, [invoice.with_env(self.env)])

    def test_managers_only(self):
        invoice = self._open_invoice()
        for user in (self.biller, self.bookkeeper, self.technician):
            with self.subTest(user.login), self.assertRaises(UserError):
                self._call(user, "account.move", "action_billing_write_off", invoice.ids, "other", "Why")

    def test_second_click_changes_nothing(self):
        invoice = self._open_invoice()
        self._write_off(invoice)
        entry = invoice.billing_writeoff_move_id

        notice = self._write_off(invoice)

        self.assertEqual(notice["tag"], "display_notification")
        self.assertEqual(invoice.billing_writeoff_move_id, entry)
        self.assertEqual(self._get_loss(), 100.0)

    def test_only_what_is_due_is_written_off(self):
        paid, draft = self._open_invoice(), self._draft_invoice()
        self._pay_invoice(paid, 100.0)
        credit_note = self._credit_invoice(self._open_invoice())
        for move in (paid, draft, credit_note):
            with self.subTest(move.display_name), self._refused():
                self._write_off(move)

    def test_late_payment_recovers_as_much_of_the_loss(self):
        invoice = self._open_invoice(100.0)
        self._write_off(invoice)

        self._pay_late(invoice, 40.0)
        self._assert_status(invoice, "partially_paid", due=0.0, lost=60.0)

        self._pay_late(invoice, 60.0)
        self._assert_status(invoice, "paid", due=0.0, lost=0.0)
        self.assertFalse(invoice.billing_writeoff_move_id)

    def test_late_payment_of_instalments_recovers_the_first_one_first(self):
        invoice = self._open_invoice(100.0, invoice_payment_term_id=self.pay_terms_b.id)
        self._write_off(invoice)

        self._pay_late(invoice, 50.0)

        self._assert_status(invoice, "partially_paid", due=0.0, lost=50.0)
        self._pay_late(invoice, 50.0)
        self._assert_status(invoice, "paid", due=0.0, lost=0.0)

    def test_late_payment_is_not_more_than_what_is_left(self):
        invoice = self._open_invoice(100.0)
        self._write_off(invoice)
        for amount in (0.0, -1.0, 100.01):
            with self.subTest(amount), self._refused():
                self._pay_late(invoice, amount)

    @freeze_time("2026-11-21 23:30:00")
    def test_late_payment_is_of_the_day_of_the_company_wherever_its_user_is(self):
        window = self.env["service.late.payment"].with_context(tz="Europe/Brussels").new({})

        self.assertEqual(window.date, self.env.company._get_billing_today())

    def test_credit_of_the_customer_recovers_as_much_of_the_loss(self):
        other, invoice = self._open_invoice(100.0), self._open_invoice(100.0)
        payment = self._pay_invoice(other, 130.0, billing_keep_credit=True)
        credit = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self._write_off(invoice)

        invoice.js_assign_outstanding_line(credit.id)

        self._assert_status(invoice, "partially_paid", due=0.0, lost=70.0)

    def test_removed_late_payment_is_due_again(self):
        invoice = self._open_invoice(100.0)
        self._write_off(invoice)
        self._pay_late(invoice, 40.0)

        invoice.reconciled_payment_ids.action_billing_remove()

        self._assert_status(invoice, "partially_paid", due=40.0, lost=60.0)
        self._write_off(invoice)
        self._assert_status(invoice, "uncollectible", due=0.0, lost=100.0)

    def test_recovery_makes_all_of_it_due_again(self):
        invoice = self._open_invoice(100.0)
        self._pay_invoice(invoice, 30.0)
        self._write_off(invoice)

        invoice.with_user(self.manager).action_billing_recover()

        self._assert_status(invoice, "partially_paid", due=70.0, lost=0.0)
        notice = invoice.with_user(self.manager).action_billing_recover()
        self.assertEqual(notice["tag"], "display_notification")

    def test_foreign_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 3.0)])
        invoice = self._open_invoice(100.0, currency_id=currency.id)

        self._write_off(invoice)
        self.assertRecordValues(
            invoice, [{"amount_residual": 0.0, "billing_amount_written_off": 100.0, "billing_status": "uncollectible"}]
        )
        self.assertAlmostEqual(self._get_loss(), 33.33)

        self._pay_late(invoice, 40.0)
        self.assertRecordValues(
            invoice, [{"amount_residual": 0.0, "billing_amount_written_off": 60.0, "billing_status": "partially_paid"}]
        )
        self._pay_late(invoice, 60.0)
        self.assertRecordValues(invoice, [{"billing_status": "paid", "billing_amount_written_off": 0.0}])
        self.assertAlmostEqual(self._get_loss(), 0.0)

    def test_tax_of_the_loss_is_taken_back_where_the_company_wants_it(self):
        self.company.billing_bad_debt_tax_relief = True
        invoice = self._draft_invoice(100.0)
        invoice.invoice_line_ids.tax_ids = self.company_data["default_tax_sale"]
        invoice.action_billing_finalize()

        self._write_off(invoice)
        self._assert_loss(invoice, loss=100.0, tax=0.0)

        self._pay_late(invoice, 57.5)
        self._assert_loss(invoice, loss=50.0, tax=-7.5)

    def _assert_loss(self, invoice, *, loss, tax):
        self.assertAlmostEqual(self._get_loss(), loss)
        account = invoice.line_ids.filtered("tax_line_id").account_id
        lines = self.env["account.move.line"].search([("account_id", "=", account.id), ("parent_state", "=", "posted")])
        self.assertAlmostEqual(sum(lines.mapped("balance")), tax)

    def test_loss_is_not_taken_apart_by_hand(self):
        invoice = self._open_invoice()
        self._write_off(invoice)
        entry, partial = invoice.billing_writeoff_move_id, invoice.line_ids.matched_credit_ids
        tries = [
            (entry, "button_draft", []),
            (entry, "button_cancel", []),
            (entry, "unlink", []),
            (entry, "write", [{"ref": "Something else"}]),
            (entry.line_ids[0], "write", [{"balance": 1.0}]),
            (entry, "write", [{"billing_origin_move_id": False}]),
            (invoice, "js_remove_outstanding_partial", [partial.id]),
            (invoice, "write", [{"billing_writeoff_move_id": False}]),
            (invoice, "write", [{"billing_is_recovering": True}]),
        ]
        for user in (self.biller, self.manager):
            for records, method, arguments in tries:
                with self.subTest(method, model=records._name, user=user.login), self._refused():
                    self._call(user, records._name, method, records.ids, *arguments)
        self._assert_status(invoice, "uncollectible", due=0.0, lost=100.0)
