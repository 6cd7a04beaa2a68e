from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestChargeReopen(ServiceBillingCommon):
    def test_charges_of_a_reopened_order_wait(self):
        order = self._done_order(parts=1)

        order.action_reopen()

        self.assertEqual(set(order.charge_ids.mapped("state")), {"pending"})
        self.assertEqual(order.invoice_status, "nothing")
        with self.assertRaises(UserError):
            order.charge_ids.action_create_invoices()

    def test_reopened_order_that_is_done_unchanged_keeps_its_charges(self):
        order = self._done_order(parts=1)
        before = order.charge_ids.read()

        self._reopen(order)

        self.assertEqual(len(order.charge_ids), 2)
        after = order.charge_ids.read()
        for old, new in zip(before, after, strict=True):
            old.pop("write_date"), new.pop("write_date"), old.pop("write_uid"), new.pop("write_uid")
            self.assertEqual(old, new)

    def test_hours_edited_before_finalize_change_the_draft_line(self):
        order = self._done_order(hours=1, parts=1)
        draft = self._invoice_order(order)
        labor = draft.invoice_line_ids.filtered(lambda line: line.product_id == self.labor)

        self._reopen(order, labor=2)

        self.assertRecordValues(labor, [{"quantity": 2, "price_subtotal": 120, "billing_is_changed": True}])
        self.assertEqual((draft.invoice_line_ids - labor).mapped("billing_is_changed"), [False])
        self.assertEqual(draft.amount_untaxed, 160)
        self.assertEqual(len(order.charge_ids), 2)

    def test_hours_edited_after_finalize_become_a_charge_of_the_difference(self):
        order = self._done_order(hours=1)
        self._finalize_order(order)
        original = order.charge_ids

        self._reopen(order, labor=1.5)

        self.assertRecordValues(
            order.charge_ids - original,
            [{"quantity": 0.5, "revision": 1, "origin_charge_id": original.id, "state": "open"}],
        )
        self.assertEqual(original.quantity, 1)
        self.assertEqual(order.invoice_status, "to_invoice")
        self.assertFalse(order.is_overbilled)

    def test_third_revision_counts_on(self):
        order = self._done_order(hours=1)
        self._finalize_order(order)
        self._reopen(order, labor=2)
        self._finalize_order(order)

        self._reopen(order, labor=4)

        self.assertEqual(order.charge_ids.sorted("revision").mapped("quantity"), [1, 1, 2])
        self.assertEqual(order.charge_ids.sorted("revision").mapped("revision"), [0, 1, 2])

    def test_unbilled_difference_follows_the_hours(self):
        order = self._done_order(hours=1)
        self._finalize_order(order)
        self._reopen(order, labor=2)

        self._reopen(order, labor=3)
        self.assertEqual(sorted(order.charge_ids.mapped("quantity")), [1, 2])

        self._reopen(order, labor=1)
        self.assertEqual(order.charge_ids.mapped("quantity"), [1])

    def test_fewer_hours_than_invoiced_are_flagged_and_charge_nothing(self):
        order = self._done_order(hours=2)
        invoice = self._finalize_order(order)

        self._reopen(order, labor=1)

        self.assertTrue(order.is_overbilled)
        self.assertEqual(order.charge_ids.mapped("quantity"), [2])
        self.assertEqual(invoice.amount_untaxed, 120)

    def test_credited_difference_is_no_longer_overbilled(self):
        order = self._done_order(hours=2)
        invoice = self._finalize_order(order)
        self._reopen(order, labor=1)

        credit_note = self._credit_invoice(invoice)
        credit_note.invoice_line_ids.quantity = 1
        credit_note.action_billing_finalize()

        self.assertFalse(order.is_overbilled)

    def test_line_set_to_nothing_before_it_is_billed_leaves_no_charge(self):
        order = self._done_order(parts=2)
        draft = self._invoice_order(order)

        self._reopen(order, part=0)

        self.assertEqual(order.charge_ids.kind, "labor")
        self.assertEqual(draft.invoice_line_ids.product_id, self.labor)

    def test_part_added_after_finalize_is_an_original_charge(self):
        order = self._done_order(hours=1)
        self._finalize_order(order)
        order.with_user(self.technician).action_reopen()
        order.with_user(self.technician).line_ids = [Command.create({"product_id": self.part.id})]

        order.with_user(self.technician).action_done()

        added = order.charge_ids.filtered(lambda charge: charge.kind == "part")
        self.assertRecordValues(added, [{"revision": 0, "origin_charge_id": False, "state": "open"}])

    def test_draft_finalized_while_the_order_is_open_counts_as_invoiced(self):
        order = self._done_order(hours=1)
        draft = self._invoice_order(order)
        order.with_user(self.technician).action_reopen()
        draft.action_billing_finalize()

        self._correct(order, labor=3)
        order.with_user(self.technician).action_done()

        self.assertEqual(sorted(order.charge_ids.mapped("quantity")), [1, 2])
        self.assertEqual(draft.amount_untaxed, 60)

    def test_customer_corrected_on_a_reopened_order_takes_its_charges_along(self):
        order = self._done_order(hours=1)
        draft = self._invoice_order(order)
        order.action_reopen()
        order.partner_id = self.partner_a
        order.action_done()

        again = self._invoice_order(order)

        self.assertFalse(draft.invoice_line_ids)
        self.assertEqual(again.partner_id, self.partner_a)
        self.assertEqual(order.charge_ids.invoice_id, again)
