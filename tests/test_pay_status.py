from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_status import StatusCommon


@tagged("post_install", "-at_install")
class TestPayStatus(StatusCommon):
    def _pay_online(self, invoice, amount):
        """Let money come in by a transaction, as a provider's notification does."""
        transaction = self._create_transaction(invoice, amount, state="done")
        method = transaction.provider_id.journal_id.inbound_payment_method_line_ids[:1]
        return transaction._create_payment(payment_method_line_id=method.id)

    # === MARKED AS PAID === #

    def test_placeholder_stands_for_the_money(self):
        invoice = self._open_invoice(100.0)
        self._pay_invoice(invoice, 30.0)

        invoice._mark_paid()

        self.assertRecordValues(invoice, [{"billing_status": "manual_paid", "amount_residual": 0.0}])
        placeholder = invoice.reconciled_payment_ids.filtered("billing_is_placeholder")
        self.assertRecordValues(placeholder, [{"amount": 70.0, "is_matched": False}])

    def test_removing_the_placeholder_takes_it_back(self):
        invoice = self._open_invoice()
        invoice._mark_paid()

        invoice.reconciled_payment_ids.action_billing_remove()
        self.assertRecordValues(invoice, [{"billing_status": "open", "amount_residual": 100.0}])

        self._pay_invoice(invoice, 100.0)
        self.assertEqual(invoice.billing_status, "paid")

    def test_several_at_once_and_a_second_click(self):
        invoices = self._open_invoice(100.0) + self._open_invoice(50.0)

        self.assertIsNone(invoices._mark_paid())
        notice = invoices._mark_paid()

        self.assertEqual(notice["tag"], "display_notification")
        self.assertEqual(invoices.mapped("billing_status"), ["manual_paid"] * 2)
        self.assertEqual(len(invoices.reconciled_payment_ids), 2)
        self.assertIsNotNone(self.env["account.move"].with_user(self.biller)._mark_paid())

    def test_reason_is_kept_with_the_payment_and_in_the_audit_trail(self):
        invoices = self._open_invoice(100.0) | self._open_invoice(50.0)
        window = self.env["service.mark.paid"].with_user(self.biller).with_context(active_ids=invoices.ids)
        window.create({"note": " Netted with their bill. "}).action_confirm()

        notice = window.create({"note": "Again."}).action_confirm()

        self.assertEqual(notice["tag"], "display_notification")
        self.assertEqual(set(invoices.mapped("billing_status")), {"manual_paid"})
        self.assertEqual(invoices.matched_payment_ids.mapped("billing_note"), ["Netted with their bill."] * 2)
        domain = [("kind", "=", "marked_paid"), ("res_id", "in", invoices.ids)]
        events = self.env["service.billing.event"].search(domain)
        self.assertEqual([event._get_details() for event in events], [{"note": "Netted with their bill."}] * 2)

    def test_what_is_not_due_is_not_marked(self):
        written_off = self._open_invoice()
        self._write_off(written_off)
        for move in (self._draft_invoice(), self._credit_invoice(self._open_invoice()), written_off):
            with self.subTest(move.display_name), self._refused():
                move._mark_paid()

    def test_nobody_makes_a_placeholder_of_a_payment(self):
        invoice = self._open_invoice()
        payment = self._pay_invoice(invoice, 100.0)

        with self._refused():
            self._call(self.biller, "account.payment", "write", payment.ids, {"billing_is_placeholder": True})
        with self._refused():
            self._call(self.biller, "account.move", "write", invoice.ids, {"billing_paid_by": "online"})

    # === PAID ONLINE === #

    def test_online_payment_is_told_apart(self):
        invoice = self._open_invoice()

        payment = self._pay_online(invoice, 100.0)
        self.assertEqual(invoice.billing_status, "paid_online")

        payment.action_billing_remove()
        self.assertEqual(invoice.billing_status, "open")
        self._pay_invoice(invoice, 100.0)
        self.assertEqual(invoice.billing_status, "paid")

    def test_online_payment_of_a_void_invoice_is_the_customers_credit(self):
        invoice = self._open_invoice()
        self._void(invoice)

        payment = self._pay_online(invoice, 100.0)

        self.assertRecordValues(invoice, [{"billing_status": "void", "amount_residual": 0.0}])
        self.assertFalse(payment.is_reconciled)
        self.assertIn("customer's credit", invoice.activity_ids.note)

    def test_online_payment_of_a_bad_debt_recovers_as_much_of_it(self):
        invoice = self._open_invoice(100.0)
        self._write_off(invoice)

        self._pay_online(invoice, 40.0)
        self.assertRecordValues(invoice, [{"billing_status": "partially_paid", "billing_amount_written_off": 60.0}])

        self._pay_online(invoice, 60.0)
        self.assertRecordValues(invoice, [{"billing_status": "paid_online", "billing_amount_written_off": 0.0}])

    # === SENT AND DELIVERED === #

    def test_sent_and_delivered_are_flags(self):
        invoices = self._open_invoice() + self._open_invoice()
        for name in ("sent", "delivered"):
            with self.subTest(name):
                mark = getattr(invoices, f"action_billing_mark_{name}")

                self.assertIsNone(mark())
                moments = invoices.mapped(f"billing_{name}_on")
                self.assertTrue(all(moments))
                self.assertEqual(mark()["tag"], "display_notification")

                self.assertEqual(invoices.mapped(f"billing_{name}_on"), moments)
        self.assertEqual(invoices.mapped("billing_status"), ["open", "open"])
        self.assertTrue(all(invoices.mapped("is_move_sent")))

    def test_drafts_are_neither_sent_nor_delivered(self):
        draft = self._draft_invoice()
        for method in ("action_billing_mark_sent", "action_billing_mark_delivered"):
            with self.subTest(method), self._refused():
                getattr(draft, method)()

    def test_flags_are_not_written_by_hand(self):
        invoice = self._open_invoice()
        for name in ("billing_sent_on", "billing_delivered_on"):
            with self.subTest(name), self.assertRaises(UserError):
                self._call(self.biller, "account.move", "write", invoice.ids, {name: "2026-01-01 00:00:00"})
