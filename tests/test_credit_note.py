from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestCreditNote(MoneyCommon):
    # === THE PATH === #

    def test_three_clicks_credit_an_invoice(self):
        invoice = self._open_invoice(100.0, 50.0)

        action = invoice.action_reverse()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
        )
        form.billing_credit_reason = "cancelled_service"
        form.reason = "Nobody was at home."
        action = form.save().refund_moves()
        credit_note = self.env["account.move"].with_user(self.biller).browse(action["res_id"])
        credit_note.action_billing_finalize()

        self.assertRecordValues(
            credit_note,
            [
                {
                    "state": "posted",
                    "amount_total": 150.0,
                    "billing_credit_reason": "cancelled_service",
                    "billing_credit_text": "Nobody was at home.",
                    "reversed_entry_id": invoice.id,
                }
            ],
        )
        self.assertRecordValues(
            invoice, [{"amount_residual": 0.0, "billing_status": "paid", "billing_paid_by_credit": True}]
        )

    def test_draft_carries_all_lines_over(self):
        order = self._done_order(hours=1.0, parts=2, services=1)
        invoice = self._finalize_order(order)

        credit_note = self._credit_invoice(invoice)

        self.assertRecordValues(
            credit_note.invoice_line_ids,
            [
                {
                    "name": line.name,
                    "quantity": line.quantity,
                    "price_unit": line.price_unit,
                    "tax_ids": line.tax_ids.ids,
                    "billing_credited_line_id": line.id,
                }
                for line in invoice.invoice_line_ids
            ],
        )
        self.assertEqual(credit_note.amount_total, invoice.amount_total)
        self.assertEqual(invoice.billing_status, "open")

    def test_second_credit_note_carries_over_what_is_left(self):
        invoice = self._open_invoice(100.0, 50.0)
        first = self._credit_invoice(invoice)
        first.invoice_line_ids[1].unlink()
        first.invoice_line_ids.quantity = 0.25
        first.action_billing_finalize()

        second = self._credit_invoice(invoice)

        self.assertEqual(second.invoice_line_ids.mapped("quantity"), [0.75, 1.0])
        self.assertEqual(second.amount_total, 125.0)

    def test_lines_on_an_open_draft_are_not_carried_over_again(self):
        invoice = self._open_invoice(100.0, 50.0)
        first = self._credit_invoice(invoice)
        first.invoice_line_ids[0].unlink()

        second = self._credit_invoice(invoice)

        self.assertEqual(second.invoice_line_ids.billing_credited_line_id, invoice.invoice_line_ids[0])

    def test_cancelled_draft_takes_nothing_back(self):
        invoice = self._open_invoice(100.0)
        self._credit_invoice(invoice).button_cancel()

        credit_note = self._credit_invoice(invoice)

        self.assertEqual(credit_note.amount_total, 100.0)

    def test_invoice_that_is_credited_in_full(self):
        invoice = self._open_invoice(100.0)
        self._credit_invoice(invoice).action_billing_finalize()

        with self._refused():
            self._credit_invoice(invoice)

    def test_credit_note_is_not_credited(self):
        credit_note = self._credit_invoice(self._open_invoice(100.0))
        credit_note.action_billing_finalize()

        with self._refused():
            self._credit_invoice(credit_note)

    # === WHAT IT DOES TO THE INVOICE === #

    def test_partial_credit_leaves_the_rest_due(self):
        invoice = self._open_invoice(100.0)
        credit_note = self._credit_invoice(invoice)
        credit_note.invoice_line_ids.quantity = 0.4
        credit_note.action_billing_finalize()

        self.assertRecordValues(
            invoice, [{"amount_residual": 60.0, "billing_status": "partially_paid", "billing_paid_by_credit": False}]
        )
        self.assertEqual(credit_note.billing_status, "paid")

    def test_credit_and_payment_together_settle(self):
        invoice = self._open_invoice(100.0)
        credit_note = self._credit_invoice(invoice)
        credit_note.invoice_line_ids.quantity = 0.4
        credit_note.action_billing_finalize()

        self._pay_invoice(invoice, 60.0)

        self.assertRecordValues(
            invoice, [{"amount_residual": 0.0, "billing_status": "paid", "billing_paid_by_credit": False}]
        )

    def test_credit_above_what_is_due_shows_its_split_first(self):
        invoice = self._open_invoice(100.0)
        self._pay_invoice(invoice, 40.0)

        credit_note = self._credit_invoice(invoice)
        self.assertRecordValues(credit_note, [{"billing_credit_due": 60.0, "billing_credit_rest": 40.0}])
        credit_note.action_billing_finalize()

        self.assertRecordValues(invoice, [{"amount_residual": 0.0, "billing_status": "paid"}])
        self.assertRecordValues(credit_note, [{"amount_residual": 40.0, "billing_status": "partially_paid"}])

    def test_split_follows_the_quantity(self):
        invoice = self._open_invoice(100.0)
        self._pay_invoice(invoice, 40.0)
        credit_note = self._credit_invoice(invoice)

        credit_note.invoice_line_ids.quantity = 0.5

        self.assertRecordValues(credit_note, [{"billing_credit_due": 50.0, "billing_credit_rest": 0.0}])

    def test_journal_entry_mirrors_the_invoice(self):
        invoice = self._draft_invoice(100.0)
        invoice.invoice_line_ids.tax_ids = self.company_data["default_tax_sale"]
        invoice.action_billing_finalize()
        credit_note = self._credit_invoice(invoice)

        credit_note.action_billing_finalize()

        self.assertEqual(
            sorted((line.account_id.id, -line.balance) for line in credit_note.line_ids),
            sorted((line.account_id.id, line.balance) for line in invoice.line_ids),
        )

    def test_tax_rate_of_the_invoice_counts(self):
        old, new = self.env["account.tax"].create(
            [{"name": name, "amount": amount, "type_tax_use": "sale"} for name, amount in (("19 %", 19), ("16 %", 16))]
        )
        self.service.taxes_id = old
        invoice = self._draft_invoice(invoice_line_ids=[Command.create({"product_id": self.service.id})])
        invoice.action_billing_finalize()
        self.service.taxes_id = new
        old.active = False

        credit_note = self._credit_invoice(invoice)
        credit_note.invoice_line_ids.quantity = 0.5
        credit_note.action_billing_finalize()

        self.assertEqual(credit_note.invoice_line_ids.tax_ids, old)
        self.assertEqual(credit_note.amount_tax, 8.55)

    def test_rate_that_is_on_an_invoice_stays(self):
        tax = self.env["account.tax"].create({"name": "19 %", "amount": 19, "type_tax_use": "sale"})
        invoice = self._draft_invoice()
        invoice.invoice_line_ids.tax_ids = tax
        tax.amount = 18
        tax.amount = 19
        invoice.action_billing_finalize()

        with self._refused():
            tax.amount = 16
        tax.write({"amount": 19, "description": "Value added tax"})

        self.assertEqual(self._credit_invoice(invoice).amount_tax, 19.0)

    # === REASON === #

    def test_reason_and_text_are_asked_for(self):
        invoice = self._open_invoice()
        for missing in (
            {"billing_credit_reason": False},
            {"reason": False},
            {"reason": "  "},
        ):
            with self.subTest(missing=missing), self._refused():
                self._credit_invoice(invoice, **missing)
        self.assertFalse(invoice.reversal_move_ids)

    def test_standalone_credit_note_needs_a_reason(self):
        credit_note = self._draft_invoice(20.0, move_type="out_refund")

        self.assertEqual(list(credit_note._get_finalize_constraints()), ["reason"])
        with self._refused():
            credit_note.action_billing_finalize()
        credit_note.write({"billing_credit_reason": "goodwill", "billing_credit_text": "Waited two hours."})
        credit_note.action_billing_finalize()

        self.assertRecordValues(credit_note, [{"billing_status": "open", "amount_residual": 20.0}])

    def test_credit_note_below_zero(self):
        credit_note = self._draft_invoice(-20.0, move_type="out_refund")

        self.assertIn("invoice instead", credit_note._get_finalize_constraints()["negative"])

    # === NO INVOICE TWICE === #

    def test_charges_are_not_billed_anew_in_the_same_step(self):
        invoice = self._finalize_order(self._done_order())
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {"billing_credit_reason": "wrong_amount", "reason": "Too much", "journal_id": invoice.journal_id.id}
            )
        )

        with self._refused():
            wizard.modify_moves()

        self.assertFalse(invoice.reversal_move_ids)

    def test_invoice_without_charges_is_corrected_in_one_step(self):
        invoice = self._open_invoice(100.0, 50.0)
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {"billing_credit_reason": "wrong_amount", "reason": "Too much", "journal_id": invoice.journal_id.id}
            )
        )

        corrected = self.env["account.move"].browse(wizard.modify_moves()["res_id"])

        self.assertRecordValues(invoice, [{"billing_status": "paid", "billing_paid_by_credit": True}])
        self.assertRecordValues(corrected, [{"state": "draft", "move_type": "out_invoice", "amount_total": 150.0}])
        self.assertFalse(corrected.invoice_line_ids.billing_credited_line_id)
