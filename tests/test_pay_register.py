from odoo.exceptions import ValidationError
from odoo.fields import Date
from odoo.tests import HttpCase, tagged

from .common_money import MoneyCommon

CARD_NUMBER = "4242 4242 4242 4242"


@tagged("post_install", "-at_install")
class TestPayRegister(MoneyCommon):
    def _get_method(self, journal, code):
        return self.company_data[journal].inbound_payment_method_line_ids.filtered(lambda line: line.code == code)[:1]

    def _open_window(self, invoices, **values):
        window = (
            self.env["account.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create(values)
        )
        self.env.flush_all()
        return window

    # === PAYMENTS === #

    def test_bank_cash_and_cheque(self):
        for journal, code in (
            ("default_journal_bank", "manual"),
            ("default_journal_cash", "manual"),
            ("default_journal_bank", "service_cheque"),
        ):
            with self.subTest(journal=journal, code=code):
                invoice = self._open_invoice(100.0)
                method = self._get_method(journal, code)

                payment = self._pay_invoice(
                    invoice, 100.0, journal_id=self.company_data[journal].id, payment_method_line_id=method.id
                )

                self.assertTrue(method)
                self.assertEqual(payment.payment_method_line_id, method)
                self.assertRecordValues(invoice, [{"billing_status": "paid", "amount_residual": 0.0}])

    def test_window_is_filled_in(self):
        invoice = self._open_invoice(100.0)

        window = self._open_window(invoice)
        window.action_create_payments()

        self.assertRecordValues(
            window, [{"amount": 100.0, "payment_date": Date.today(), "billing_excess": 0.0, "billing_managed": True}]
        )
        self.assertEqual(invoice.billing_status, "paid")

    def test_what_was_typed_is_kept(self):
        invoice = self._open_invoice(100.0)

        payment = self._pay_invoice(
            invoice,
            30.0,
            payment_date="2026-11-02",
            billing_external_ref=" T-4711 ",
            billing_note="Brought by the porter",
        )

        self.assertRecordValues(
            payment,
            [
                {
                    "amount": 30.0,
                    "date": Date.to_date("2026-11-02"),
                    "billing_external_ref": "T-4711",
                    "billing_note": "Brought by the porter",
                    "payment_method_line_id": self._get_method("default_journal_bank", "manual").id,
                }
            ],
        )

    def test_effective_date_is_the_entrys_date(self):
        payment = self._pay_invoice(self._open_invoice(100.0), 100.0, payment_date="2026-11-02")

        self.assertEqual(payment.move_id.date, Date.to_date("2026-11-02"))

    def test_parts_add_up(self):
        invoice = self._open_invoice(100.0)
        for amount, residual, status in (
            (25.0, 75.0, "partially_paid"),
            (25.01, 49.99, "partially_paid"),
            (49.99, 0.0, "paid"),
        ):
            self._pay_invoice(invoice, amount)

            self.assertRecordValues(invoice, [{"amount_residual": residual, "billing_status": status}])

    def test_customers_are_paid_for_in_one_go(self):
        invoices = self._open_invoice(100.0) + self._open_invoice(
            50.0, partner_id=self._create_customer("Somebody Else").id
        )

        self._open_window(invoices).action_create_payments()

        self.assertEqual(invoices.mapped("billing_status"), ["paid", "paid"])

    def test_payment_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        invoice = self._open_invoice(100.0, currency_id=euro.id)

        self._pay_invoice(invoice, 200.0, currency_id=self.company.currency_id.id)

        self.assertRecordValues(invoice, [{"amount_residual": 0.0, "billing_status": "paid"}])

    # === WHAT IS REFUSED === #

    def test_amount_must_be_above_zero(self):
        invoice = self._open_invoice(100.0)
        for amount in (0.0, -5.0):
            with self.subTest(amount=amount), self._refused():
                self._open_window(invoice, amount=amount).action_create_payments()

    def test_card_number_is_kept_nowhere(self):
        invoice = self._open_invoice(100.0)
        for name in ("billing_external_ref", "billing_note", "communication"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self._open_window(invoice, **{name: f"Card {CARD_NUMBER}"})
        for name in ("billing_external_ref", "billing_note", "memo"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.env["account.payment"].create({"amount": 1.0, name: CARD_NUMBER.replace(" ", "")})

    def test_draft_is_not_paid(self):
        with self._refused():
            self._open_window(self._draft_invoice(100.0)).action_create_payments()

    # === MORE THAN IS DUE === #

    def test_overpayment_needs_a_decision(self):
        invoice = self._open_invoice(100.0)
        window = self._open_window(invoice, amount=120.0)

        self.assertEqual(window.billing_excess, 20.0)
        with self._refused():
            window.action_create_payments()
        self.assertEqual(invoice.amount_residual, 100.0)

    def test_overpayment_leaves_a_credit(self):
        invoice = self._open_invoice(100.0)

        self._open_window(invoice, amount=120.0, billing_keep_credit=True).action_create_payments()

        self.assertRecordValues(invoice, [{"amount_residual": 0.0, "billing_status": "paid"}])
        payment = invoice.reconciled_payment_ids
        credit = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.assertRecordValues(credit, [{"amount_residual": -20.0, "partner_id": self.customer.id}])

    def test_credit_of_an_overpayment_pays_the_next_invoice(self):
        first, second = self._open_invoice(100.0), self._open_invoice(50.0)
        self._open_window(first, amount=120.0, billing_keep_credit=True).action_create_payments()
        offered = second.invoice_outstanding_credits_debits_widget["content"]

        second.js_assign_outstanding_line(offered[0]["id"])

        self.assertEqual([credit["amount"] for credit in offered], [20.0])
        self.assertRecordValues(second, [{"amount_residual": 30.0, "billing_status": "partially_paid"}])

    def test_overpayment_in_another_currency_needs_a_decision(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        invoice = self._open_invoice(100.0, currency_id=euro.id)
        window = self._open_window(invoice, amount=210.0, currency_id=self.company.currency_id.id)

        self.assertEqual(window.billing_excess, 10.0)
        with self._refused():
            window.action_create_payments()

    def test_difference_that_was_shown_is_written_off(self):
        invoice = self._open_invoice(100.0)
        write_off = {
            "payment_difference_handling": "reconcile",
            "writeoff_account_id": self.company_data["default_account_expense"].id,
        }

        self._open_window(invoice, amount=99.0, **write_off).action_create_payments()

        self.assertEqual(invoice.billing_status, "paid")

    def test_difference_that_has_changed_is_not_written_off(self):
        invoice = self._open_invoice(100.0)
        window = self._open_window(
            invoice,
            amount=99.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self._pay_invoice(invoice, 50.0)

        with self._refused():
            window.action_create_payments()

    def test_somebody_paid_while_the_window_was_open(self):
        invoice = self._open_invoice(100.0)
        window = self._open_window(invoice, amount=100.0)
        self._pay_invoice(invoice, 70.0)

        notice = window.action_create_payments()

        self.assertEqual(notice["params"]["type"], "warning")
        self.assertRecordValues(invoice, [{"amount_residual": 0.0, "billing_status": "paid"}])
        credit = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ]
        )
        self.assertEqual(credit.mapped("amount_residual"), [-70.0])

    def test_refund_above_the_credit_is_refused(self):
        credit_note = self._draft_invoice(
            50.0, move_type="out_refund", billing_credit_reason="goodwill", billing_credit_text="Late"
        )
        credit_note.action_billing_finalize()

        with self._refused():
            self._open_window(credit_note, amount=60.0).action_create_payments()
        self._open_window(credit_note).action_create_payments()

        self.assertRecordValues(credit_note, [{"amount_residual": 0.0, "billing_status": "paid"}])


@tagged("post_install", "-at_install")
class TestPayReference(MoneyCommon, HttpCase):
    """Through the web client's own door, because the database itself refuses the second one."""

    def _record(self, **values):
        """Return what the window answers to its button."""
        self.authenticate("biller", "biller")
        invoice = self._open_invoice(100.0)
        window = (
            self.env["account.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"billing_external_ref": "T-4711", **values})
        )
        self.env.flush_all()
        answer = self.url_open(
            "/web/dataset/call_button/account.payment.register/action_create_payments",
            json={
                "params": {
                    "model": window._name,
                    "method": "action_create_payments",
                    "args": [window.ids],
                    "kwargs": {},
                }
            },
        ).json()
        invoice.invalidate_recordset()
        return invoice, answer

    def test_reference_is_used_once(self):
        first, _answer = self._record()
        second, answer = self._record()

        message = answer["error"]["data"]["message"]
        self.assertRegex(message, r"^[^\n]+recorded already\.$")
        self.assertEqual((first.billing_status, second.billing_status), ("paid", "open"))

    def test_reference_of_a_removed_payment_is_free(self):
        first, _answer = self._record()
        first.reconciled_payment_ids.action_billing_remove()

        second, _answer = self._record()

        self.assertEqual(second.billing_status, "paid")

    def test_reference_belongs_to_its_method(self):
        self._record()

        second, _answer = self._record(journal_id=self.company_data["default_journal_cash"].id)

        self.assertEqual(second.billing_status, "paid")
