from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestCreditNoteAgain(MoneyCommon):
    """Hours that are credited are billed again by decision only, and no hour is ever billed twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._done_order(hours=2.0)
        cls.invoice = cls._finalize_order(cls.order)
        cls.charge = cls.invoice.sudo().billing_charge_ids

    def _credit(self, quantity, *, again):
        """Return a draft that credits so many of the hours."""
        credit_note = self._credit_invoice(self.invoice)
        credit_note.invoice_line_ids.quantity = quantity
        if again:
            credit_note.invoice_line_ids.billing_bill_again = True
        return credit_note

    def _get_open(self):
        return self.env["service.charge"].search([("order_id", "=", self.order.id), ("state", "=", "open")])

    def test_credited_hours_stay_credited_unless_somebody_decides_otherwise(self):
        self._credit(0.5, again=False).action_billing_finalize()

        self.assertFalse(self._get_open())

    def test_credited_hours_are_billed_again_as_the_next_revision(self):
        credit_note = self._credit(0.5, again=True)
        self.assertFalse(self._get_open())

        credit_note.action_billing_finalize()

        again = self._get_open()
        self.assertRecordValues(
            again,
            [
                {
                    "quantity": 0.5,
                    "revision": 1,
                    "origin_charge_id": self.charge.id,
                    "order_line_id": self.charge.order_line_id.id,
                    "kind": "labor",
                    "price_unit": self.charge.price_unit,
                    "tax_ids": self.charge.tax_ids.ids,
                    "technician_id": self.charge.technician_id.id,
                    "date": self.charge.date,
                }
            ],
        )
        self.assertEqual(self.charge.credit_ids.again_charge_id, again)
        self.assertEqual((self.charge.invoiced_quantity, self.charge.credited_quantity), (2.0, 0.5))

    def test_only_credited_hours_and_new_hours_are_billed_in_the_next_period(self):
        self._credit(0.5, again=True).action_billing_finalize()
        line = self.charge.order_line_id

        self._reopen(self.order, labor=3.0)

        self.assertEqual(sum(self._get_open().mapped("quantity")), 1.5)
        drafts = self._get_open()._create_invoices()
        drafts.action_billing_finalize()
        self.assertFalse(self._get_open())
        billed = sum(charge.quantity - charge.credited_quantity for charge in line.charge_ids)
        self.assertEqual(billed, 3.0)

    def test_decision_is_made_on_the_form_of_the_draft(self):
        credit_note = self._credit(1.0, again=False)

        with Form(credit_note.with_user(self.biller)) as form, form.invoice_line_ids.edit(0) as line:
            line.billing_bill_again = True
        credit_note.action_billing_finalize()

        self.assertEqual(self._get_open().quantity, 1.0)

    def test_decision_is_final_with_the_credit_note(self):
        credit_note = self._credit(1.0, again=False)
        credit_note.action_billing_finalize()

        with self._refused():
            credit_note.invoice_line_ids.billing_bill_again = True

        self.assertFalse(self._get_open())

    def test_decision_is_not_in_the_hands_of_a_technician(self):
        credit_note = self._credit(1.0, again=False)

        with self.assertRaises(AccessError):
            credit_note.invoice_line_ids.with_user(self.technician).write({"billing_bill_again": True})

    def test_void_credit_note_takes_back_what_would_be_billed_again(self):
        credit_note = self._credit(0.5, again=True)
        credit_note.action_billing_finalize()
        self._unapply(credit_note)

        credit_note.action_billing_void("other", "Meant for another customer.")

        self.assertFalse(self._get_open())
        self.assertEqual(self.charge.credited_quantity, 0.0)

    def test_credit_note_whose_hours_are_invoiced_again_cannot_be_void(self):
        credit_note = self._credit(0.5, again=True)
        credit_note.action_billing_finalize()
        self._get_open()._create_invoices().action_billing_finalize()
        self._unapply(credit_note)

        with self._refused(UserError):
            credit_note.action_billing_void("other", "Meant for another customer.")

        self.assertEqual(self.charge.credited_quantity, 0.5)

    def _unapply(self, credit_note):
        for partial in credit_note.line_ids.matched_debit_ids:
            self.invoice.js_remove_outstanding_partial(partial.id)
