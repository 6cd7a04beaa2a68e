from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestChargeEdit(ServiceBillingCommon):
    def test_edited_charge_keeps_its_price_when_the_order_is_reopened(self):
        order = self._done_order(hours=2)
        order.charge_ids.write({"price_unit": 50, "discount": 10, "name": "Night work"})

        self._reopen(order, labor=3)

        self.assertRecordValues(
            order.charge_ids, [{"quantity": 3, "price_unit": 50, "discount": 10, "name": "Night work"}]
        )

    def test_quantity_edited_on_the_charge_is_what_the_order_bills(self):
        order = self._done_order(hours=2)

        order.charge_ids.quantity = 1.5

        self.assertRecordValues(order.line_ids, [{"quantity": 2, "billed_quantity": 1.5}])
        self._finalize_order(order)
        self._reopen(order)
        self.assertEqual(order.charge_ids.mapped("quantity"), [1.5])

    def test_edited_charge_changes_its_draft_line(self):
        order = self._done_order(hours=2)
        draft = self._invoice_order(order)

        order.charge_ids.write({"price_unit": 50, "quantity": 1, "name": "Night work"})

        self.assertRecordValues(
            draft.invoice_line_ids,
            [{"price_unit": 50, "quantity": 1, "name": "Night work", "billing_is_changed": True}],
        )

    def test_description_typed_on_the_draft_outlives_a_correction_of_the_hours(self):
        order = self._done_order(hours=1)
        draft = self._invoice_order(order)
        draft.invoice_line_ids.name = "Repair of the boiler"

        self._reopen(order, labor=2)

        self.assertRecordValues(draft.invoice_line_ids, [{"name": "Repair of the boiler", "quantity": 2}])

    def test_charge_of_an_order_stays_with_its_customer_and_product(self):
        order = self._done_order(hours=2)

        for values in (
            {"partner_id": self.partner_a.id},
            {"product_id": self.part.id},
            {"product_uom_id": self.uom_unit.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                order.charge_ids.write(values)

    def test_waived_charge_is_never_billed(self):
        order = self._done_order(hours=1, parts=1)
        part = order.charge_ids.filtered(lambda charge: charge.kind == "part")

        part.action_waive("Goodwill")
        invoice = self._invoice_order(order)

        self.assertRecordValues(part, [{"state": "waived", "waive_reason": "Goodwill"}])
        self.assertEqual(invoice.invoice_line_ids.product_id, self.labor)
        with self.assertRaises(UserError):
            part.action_create_invoices()

    def test_waived_charge_stays_waived_when_the_order_is_reopened(self):
        order = self._done_order(hours=1)
        order.charge_ids.action_waive("Goodwill")

        self._reopen(order)
        self.assertEqual(order.charge_ids.mapped("state"), ["waived"])

        self._reopen(order, labor=3)
        self.assertRecordValues(
            order.charge_ids.sorted("revision"), [{"state": "waived", "quantity": 1}, {"state": "open", "quantity": 2}]
        )

    def test_unwaived_charge_is_open_again(self):
        order = self._done_order(hours=1)
        order.charge_ids.action_waive("Goodwill")

        order.charge_ids.action_unwaive()

        self.assertRecordValues(order.charge_ids, [{"state": "open", "waive_reason": False, "quantity": 1}])

    def test_unwaived_charge_bills_no_more_than_was_worked(self):
        order = self._done_order(hours=2)
        waived = order.charge_ids
        waived.action_waive("Goodwill")
        self._reopen(order, labor=3)
        self._reopen(order, labor=1)

        waived.action_unwaive()
        self._reopen(order, labor=1)

        self.assertEqual(sum(order.charge_ids.mapped("quantity")), 1)

    def test_unwaiving_beside_a_later_revision_bills_both_once(self):
        order = self._done_order(hours=1)
        waived = order.charge_ids
        waived.action_waive("Goodwill")
        self._reopen(order, labor=3)

        waived.action_unwaive()
        self._reopen(order)

        self.assertEqual(sorted(order.charge_ids.mapped("quantity")), [1, 2])

    def test_unwaived_charge_of_an_open_order_waits(self):
        order = self._done_order(hours=1)
        order.charge_ids.action_waive("Goodwill")
        order.action_reopen()

        order.charge_ids.action_unwaive()

        self.assertEqual(order.charge_ids.state, "pending")

    def test_charge_on_an_invoice_cannot_be_waived(self):
        order = self._done_order(hours=1)
        self._invoice_order(order)

        with self.assertRaises(UserError):
            order.charge_ids.action_waive("Goodwill")

    def test_waiver_needs_a_reason(self):
        order = self._done_order(hours=1)

        for reason in ("", "  ", False):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                order.charge_ids.action_waive(reason)
