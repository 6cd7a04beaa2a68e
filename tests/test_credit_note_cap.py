from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestCreditNoteCap(MoneyCommon):
    """No more is taken back than was invoiced, whatever is tried on a draft credit note."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._open_invoice(100.0, 50.0)
        cls.credit_note = cls._credit_invoice(cls.invoice)
        cls.line = cls.credit_note.invoice_line_ids[0]

    def _write(self, values):
        self._call(self.biller, "account.move.line", "write", self.line.ids, values)

    def test_quantity_above_the_line(self):
        with self._refused() as caught:
            self._write({"quantity": 1.01})

        self.assertIn("1.00", str(caught.exception))

    def test_quantity_below_zero_makes_no_room(self):
        with self._refused():
            self._write({"quantity": -5.0})

    def test_price_above_the_line(self):
        with self._refused():
            self._write({"price_unit": 100.01})

    def test_price_may_go_down(self):
        self._write({"price_unit": 10.0})

        self.assertEqual(self.credit_note.amount_total, 60.0)

    def test_another_unit(self):
        with self._refused():
            self._write({"product_uom_id": self.env.ref("uom.product_uom_dozen").id})

    def test_two_credit_notes_together(self):
        self.line.quantity = 0.6
        self.credit_note.action_billing_finalize()
        second = self._credit_invoice(self.invoice)

        with self._refused() as caught:
            second.invoice_line_ids[0].quantity = 0.5

        self.assertIn("0.40", str(caught.exception))

    def test_line_credited_twice_on_one_credit_note(self):
        self.line.quantity = 0.5
        values = {
            "move_id": self.credit_note.id,
            "name": "Again",
            "price_unit": 100.0,
            "billing_credited_line_id": self.line.billing_credited_line_id.id,
        }

        with self._refused():
            self._call(self.biller, "account.move.line", "create", [{**values, "quantity": 0.6}])
        self._call(self.biller, "account.move.line", "create", [{**values, "quantity": 0.5}])

        self.assertEqual(self.credit_note.amount_untaxed, 150.0)

    def test_line_of_another_invoice(self):
        foreign = self._open_invoice(70.0).invoice_line_ids
        values = {
            "move_id": self.credit_note.id,
            "price_unit": 70.0,
            "billing_credited_line_id": foreign.id,
        }

        with self._refused():
            self._call(self.biller, "account.move.line", "create", [values])

    def test_link_to_the_line_is_not_cut(self):
        for value in (False, self.invoice.invoice_line_ids[1].id):
            with self.subTest(value=value), self._refused():
                self._write({"billing_credited_line_id": value})

    def test_added_line_above_the_invoice(self):
        self.credit_note.write(
            {"invoice_line_ids": [Command.create({"name": "More", "price_unit": 0.01, "tax_ids": [Command.clear()]})]}
        )

        self.assertEqual(list(self.credit_note._get_finalize_constraints()), ["credit"])
        with self._refused():
            self.credit_note.action_billing_finalize()

    def test_credit_notes_without_lines_of_the_invoice_count_too(self):
        self.credit_note.button_cancel()
        values = {
            "move_type": "out_refund",
            "reversed_entry_id": self.invoice.id,
            "billing_credit_reason": "goodwill",
            "billing_credit_text": "Late",
        }
        first, second = self._draft_invoice(90.0, **values), self._draft_invoice(60.01, **values)
        first.action_billing_finalize()

        with self._refused():
            second.action_billing_finalize()

    def test_credit_note_for_another_customer(self):
        self.credit_note.partner_id = self._create_customer("Somebody Else")

        self.assertIn("origin", self.credit_note._get_finalize_constraints())
        with self._refused():
            self.credit_note.action_billing_finalize()

    def test_credit_note_moved_to_another_invoice(self):
        self.credit_note.reversed_entry_id = self._open_invoice(500.0)

        with self._refused():
            self.credit_note.action_billing_finalize()

    def test_line_that_took_off_is_given_back(self):
        invoice = self._draft_invoice(100.0)
        back = Command.create({"name": "Returned", "quantity": -2.0, "price_unit": 15.0, "tax_ids": [Command.clear()]})
        invoice.write({"invoice_line_ids": [back]})
        invoice.action_billing_finalize()

        credit_note = self._credit_invoice(invoice)
        self.assertEqual(credit_note.amount_total, 70.0)
        with self._refused():
            credit_note.invoice_line_ids[1].quantity = -2.01
        credit_note.invoice_line_ids[1].quantity = -1.0

        self.assertEqual(credit_note.amount_total, 85.0)

    # === CHARGES === #

    def test_ledger_knows_what_was_credited(self):
        order = self._done_order(hours=0, parts=3, type_id=self.type_quick.id)
        invoice = self._finalize_order(order)
        credit_note = self._credit_invoice(invoice)

        credit_note.invoice_line_ids.quantity = 1.0
        credit_note.action_billing_finalize()

        self.assertRecordValues(order.charge_ids, [{"quantity": 3.0, "credited_quantity": 1.0, "state": "invoiced"}])

    def test_cancelled_draft_gives_the_ledger_back(self):
        order = self._done_order(hours=0, parts=3, type_id=self.type_quick.id)
        credit_note = self._credit_invoice(self._finalize_order(order))

        credit_note.button_cancel()

        self.assertEqual(order.charge_ids.credited_quantity, 0.0)

    def test_deleted_line_gives_the_ledger_back(self):
        order = self._done_order(hours=0, parts=3, services=1, type_id=self.type_quick.id)
        credit_note = self._credit_invoice(self._finalize_order(order))

        credit_note.invoice_line_ids[0].unlink()

        self.assertEqual(sorted(order.charge_ids.mapped("credited_quantity")), [0.0, 1.0])

    def test_charge_that_took_off_is_credited_in_part(self):
        charge = self.env["service.charge"].create(
            {
                "partner_id": self.customer.id,
                "name": "Two returned",
                "product_id": self.service.id,
                "quantity": -2.0,
                "price_unit": 10.0,
            }
        )
        other = self.env["service.charge"].create(
            {"partner_id": self.customer.id, "name": "Work", "product_id": self.service.id, "price_unit": 90.0}
        )
        invoice = (charge + other).with_user(self.biller)._create_invoices()
        invoice.action_billing_finalize()

        credit_note = self._credit_invoice(invoice)
        credit_note.invoice_line_ids.filtered(lambda line: line.quantity < 0).quantity = -1.0

        self.assertEqual(charge.credited_quantity, -1.0)

    def test_ledger_is_not_written_by_hand(self):
        order = self._done_order(hours=0, parts=3, type_id=self.type_quick.id)
        self._credit_invoice(self._finalize_order(order))
        credit = order.sudo().charge_ids.credit_ids

        for method, arguments in (("write", [{"quantity": 0.0}]), ("unlink", [])):
            with self.subTest(method), self.assertRaises(UserError):
                self._call(self.biller, "service.charge.credit", method, credit.ids, *arguments)
