from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from .common_status import StatusCommon


@tagged("post_install", "-at_install")
class TestInvoiceVoid(StatusCommon):
    def test_void_takes_the_invoice_back_and_keeps_its_number(self):
        invoice = self._open_invoice(100.0, 50.0)
        number = invoice.name

        self._void(invoice)

        mirror = invoice.billing_void_move_id
        self.assertRecordValues(
            invoice,
            [
                {
                    "name": number,
                    "state": "posted",
                    "billing_status": "void",
                    "amount_residual": 0.0,
                    "amount_total": 150.0,
                    "billing_void_reason": "duplicate",
                    "billing_void_text": "Billed before.",
                }
            ],
        )
        self.assertRecordValues(
            mirror,
            [{"billing_status": "void", "ref": f"Void of {number}", "amount_residual": 0.0, "amount_total": 150.0}],
        )
        self.assertEqual(mirror.billing_origin_move_id, invoice)
        balances = {}
        for line in (invoice + mirror).sudo().line_ids:
            balances[line.account_id] = balances.get(line.account_id, 0.0) + line.balance
        self.assertEqual(set(balances.values()), {0.0})

    def test_void_is_in_the_audit_trail(self):
        invoice = self._open_invoice()

        self._void(invoice)

        events = self.env["service.billing.event"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", invoice.id), ("kind", "=", "voided")]
        )
        self.assertEqual(len(events), 1)
        self.assertIn("Billed before.", events.details)

    def test_second_click_changes_nothing(self):
        invoice = self._open_invoice()
        self._void(invoice)
        mirror = invoice.billing_void_move_id

        notice = self._void(invoice)

        self.assertEqual(notice["tag"], "display_notification")
        self.assertEqual(invoice.billing_void_move_id, mirror)
        self.assertEqual(len(invoice.reversal_move_ids), 1)

    def test_invoice_with_a_payment_is_not_void(self):
        invoice = self._open_invoice(150.0)
        payment = self._pay_invoice(invoice, 50.0)

        self.assertIn("50.00", invoice.billing_void_hint)
        with self._refused() as caught:
            self._void(invoice)
        self.assertIn("50.00", str(caught.exception))

        payment.action_billing_remove()
        self._void(invoice)
        self.assertEqual(invoice.billing_status, "void")

    def test_paid_draft_and_cancelled_documents_are_not_void(self):
        paid, draft, cancelled = self._open_invoice(), self._draft_invoice(), self._draft_invoice()
        self._pay_invoice(paid, 100.0)
        cancelled.button_cancel()

        for move in (paid, draft, cancelled):
            with self.subTest(move.state), self._refused():
                self._void(move)

    def test_invoice_with_a_credit_note_is_not_void(self):
        invoice = self._open_invoice()
        self._credit_invoice(invoice)

        with self._refused():
            self._void(invoice)

    def test_invoice_without_an_amount_is_not_void(self):
        with self._refused():
            self._void(self._open_invoice(0.0))

    def test_reason_and_explanation_are_asked_for(self):
        invoice = self._open_invoice()
        for reason, text in ((False, "Why"), ("unknown", "Why"), ("other", " "), ("other", False)):
            with self.subTest(reason=reason, text=text), self._refused():
                self._call(self.biller, "account.move", "action_billing_void", invoice.ids, reason, text)

    def test_void_in_a_locked_period_is_dated_the_first_open_day(self):
        with freeze_time("2026-01-10"):
            invoice = self._open_invoice()
        self.company.sudo().fiscalyear_lock_date = "2026-01-31"

        with freeze_time("2026-03-05"):
            self._void(invoice)

        mirror = invoice.billing_void_move_id
        self.assertEqual((mirror.date, mirror.invoice_date), (Date.to_date("2026-02-01"),) * 2)
        self.assertEqual(mirror.billing_origin_move_id, invoice)

    def test_foreign_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        invoice = self._open_invoice(100.0, currency_id=currency.id)

        self._void(invoice)

        self.assertRecordValues(invoice, [{"amount_residual": 0.0, "billing_status": "void"}])
        self._assert_balanced(invoice, invoice.billing_void_move_id)

    def test_instalments(self):
        invoice = self._open_invoice(100.0, invoice_payment_term_id=self.pay_terms_b.id)

        self._void(invoice)

        self.assertEqual(invoice.amount_residual, 0.0)

    def test_void_waits_for_an_online_payment(self):
        invoice = self._open_invoice()
        transaction = self._create_transaction(invoice, 100.0, state="pending")

        with self._refused():
            self._void(invoice)

        transaction.state = "cancel"
        self._void(invoice)
        self.assertEqual(invoice.billing_status, "void")

    def test_another_companys_biller_voids_nothing(self):
        self._set_up_second_company()
        invoice = self._open_invoice()

        with self.assertRaises(UserError):
            self._call(self.second_biller, "account.move", "action_billing_void", invoice.ids, "other", "Not mine")

    def test_technician_and_customer_void_nothing(self):
        invoice = self._open_invoice()
        for user in (self.technician, self._create_new_portal_user()):
            with self.subTest(user.login), self.assertRaises(UserError):
                self._call(user, "account.move", "action_billing_void", invoice.ids, "other", "Why not")

    # === NO WAY BACK === #

    def test_nothing_makes_a_void_invoice_stand_again(self):
        invoice = self._open_invoice()
        self._void(invoice)
        mirror, partial = invoice.billing_void_move_id, invoice.line_ids.matched_credit_ids
        lines = (invoice + mirror).line_ids.filtered(lambda line: line.display_type == "payment_term")
        tries = [
            (invoice, "button_draft", []),
            (mirror, "button_draft", []),
            (mirror, "button_cancel", []),
            (mirror, "unlink", []),
            (invoice, "js_remove_outstanding_partial", [partial.id]),
            (mirror, "js_remove_outstanding_partial", [partial.id]),
            (lines, "remove_move_reconcile", []),
            (partial, "unlink", []),
            (partial, "write", [{"amount": 1.0}]),
            (partial, "write", [{"debit_move_id": lines[0].id}]),
            (invoice, "write", [{"billing_void_move_id": False}]),
            (invoice, "write", [{"billing_status": "open"}]),
            (mirror, "write", [{"billing_origin_move_id": False}]),
            (mirror, "write", [{"reversed_entry_id": False}]),
        ]
        for user in (self.biller, self.manager):
            for records, method, arguments in tries:
                with self.subTest(method, model=records._name, user=user.login), self._refused():
                    self._call(user, records._name, method, records.ids, *arguments)
        self.assertRecordValues(invoice, [{"billing_status": "void", "amount_residual": 0.0}])
        self.assertRecordValues(mirror, [{"billing_status": "void", "amount_residual": 0.0}])

    def test_list_of_matched_lines_takes_no_void_apart(self):
        invoice = self._open_invoice()
        self._void(invoice)
        lines = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")

        with self._refused():
            lines.with_user(self.bookkeeper).with_context(active_ids=lines.ids).action_unreconcile_match_entries()

    def test_money_is_not_applied_to_a_void_invoice(self):
        invoice, other = self._open_invoice(), self._open_invoice()
        payment = self._pay_invoice(other, 150.0, billing_keep_credit=True)
        self._void(invoice)
        credit = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        due = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")

        with self._refused():
            self._call(
                self.biller,
                "account.partial.reconcile",
                "create",
                [{"debit_move_id": due.id, "credit_move_id": credit.id, "amount": 50.0}],
            )

    def test_void_invoice_is_neither_credited_nor_written_off_nor_corrected(self):
        invoice = self._open_invoice()
        self._void(invoice)

        for step in (self._credit_invoice, self._write_off, self._correct_invoice):
            with self.subTest(step.__name__), self._refused():
                step(invoice)
        for method in ("_mark_paid", "action_billing_mark_sent", "action_billing_mark_delivered"):
            with self.subTest(method), self._refused():
                getattr(invoice, method)()

    # === CHARGES === #

    def test_released_charges_are_billed_again(self):
        order = self._done_order(hours=2)
        invoice = self._finalize_order(order)
        charge = invoice.sudo().billing_charge_ids

        self._void(invoice)

        self.assertRecordValues(charge, [{"state": "open", "invoice_line_id": False, "credited_quantity": 0.0}])
        again = self._finalize_order(order)
        self.assertEqual(again.amount_total, invoice.amount_total)
        self._credit_invoice(again).action_billing_finalize()
        self.assertEqual(again.amount_residual, 0.0)

    def test_waived_charges_are_never_billed(self):
        invoice = self._finalize_order(self._done_order(hours=2))
        charge = invoice.sudo().billing_charge_ids

        self._void(invoice, charges="waive")

        self.assertRecordValues(charge, [{"state": "waived", "waive_reason": "Billed before."}])

    def test_copy_of_a_void_invoice_bills_no_charge(self):
        invoice = self._finalize_order(self._done_order(hours=2))
        self._void(invoice)

        self.assertFalse(invoice.copy().invoice_line_ids)

    # === CREDIT NOTES === #

    def test_void_credit_note_gives_its_lines_back(self):
        invoice = self._open_invoice()
        credit_note = self._credit_invoice(invoice)
        credit_note.action_billing_finalize()
        with self._refused():
            self._void(credit_note)
        credit_note.js_remove_outstanding_partial(credit_note.line_ids.matched_debit_ids.id)

        self._void(credit_note)

        self.assertRecordValues(credit_note, [{"billing_status": "void", "amount_residual": 0.0}])
        self.assertRecordValues(invoice, [{"billing_status": "open", "amount_residual": 100.0}])
        again = self._credit_invoice(invoice)
        again.action_billing_finalize()
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_void_credit_note_gives_its_charges_back(self):
        invoice = self._finalize_order(self._done_order(hours=2))
        charge = invoice.sudo().billing_charge_ids
        credit_note = self._credit_invoice(invoice)
        credit_note.action_billing_finalize()
        credit_note.js_remove_outstanding_partial(credit_note.line_ids.matched_debit_ids.id)

        self._void(credit_note)

        self.assertRecordValues(charge, [{"state": "invoiced", "credited_quantity": 0.0}])
