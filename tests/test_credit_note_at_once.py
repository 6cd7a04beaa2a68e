from functools import partial

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_concurrent import ConcurrentCase


@tagged("post_install", "-at_install")
class TestCreditNoteAtOnce(ConcurrentCase):
    def _credit(self, env, invoice_id, quantity):
        """Return the id of a draft credit note that takes back so much of the invoice's line."""
        journal = env["account.move"].browse(invoice_id).journal_id
        wizard = (
            env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=[invoice_id])
            .create({"billing_credit_reason": "goodwill", "reason": "Late", "journal_id": journal.id})
        )
        credit_note = env["account.move"].browse(wizard.refund_moves()["res_id"])
        credit_note.invoice_line_ids.quantity = quantity
        return credit_note.id

    def test_two_credit_more_than_the_line_together(self):
        invoice_id = self._commit_invoice(100.0)

        results = self._at_once(*[lambda env: self._credit(env, invoice_id, 0.6)] * 2)

        errors = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(errors), 1, results)
        self.assertIn("0.40", str(errors[0]))
        with self._committing() as env:
            credit_notes = env["account.move"].browse(invoice_id).reversal_move_ids
            self.assertEqual(credit_notes.mapped("amount_total"), [60.0])

    def test_two_credit_as_much_as_the_line_has(self):
        invoice_id = self._commit_invoice(100.0)

        results = self._at_once(*[lambda env: self._credit(env, invoice_id, 0.5)] * 2)

        with self._committing() as env:
            credit_notes = env["account.move"].browse(results)
            self.assertEqual(credit_notes.mapped("amount_total"), [50.0, 50.0])

    def test_two_raise_their_drafts_above_the_line(self):
        invoice_id = self._commit_invoice(100.0)
        with self._committing(self.biller_id) as env:
            credit_note_ids = [self._credit(env, invoice_id, quantity) for quantity in (0.1, 0.1)]

        def write(env, credit_note_id):
            env["account.move"].browse(credit_note_id).invoice_line_ids.write({"quantity": 0.6})

        results = self._at_once(*[partial(write, credit_note_id=i) for i in credit_note_ids])

        errors = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(errors), 1, results)
        self.assertIn("0.40", str(errors[0]))

    def test_two_finalize_credit_notes_above_the_invoice(self):
        """Neither takes back a line, so that only the total of the invoice stands in their way; it is paid."""
        invoice_id = self._commit_invoice(100.0)
        with self._committing(self.biller_id) as env:
            env["account.payment.register"].with_context(active_model="account.move", active_ids=[invoice_id]).create(
                {}
            ).action_create_payments()
        with self._committing(self.biller_id) as env:
            values = {
                "move_type": "out_refund",
                "partner_id": self.customer_id,
                "reversed_entry_id": invoice_id,
                "billing_credit_reason": "goodwill",
                "billing_credit_text": "Late",
                "invoice_line_ids": [(0, 0, {"name": "Goodwill", "price_unit": 60.0, "tax_ids": [(5, 0, 0)]})],
            }
            credit_note_ids = env["account.move"].create([values, values]).ids

        results = self._at_once(*[partial(self._finalize, move_id=i) for i in credit_note_ids])

        self.assertEqual(sum(isinstance(result, UserError) for result in results), 1, results)
