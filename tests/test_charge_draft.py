from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon

BILLED = [
    "name", "partner_id", "company_id", "currency_id", "date", "kind", "product_id", "quantity", "product_uom_id",
    "price_unit", "discount", "tax_ids", "billing_decision", "price_subtotal", "price_total", "order_line_id",
    "revision",
]  # fmt: skip
PRINTED = ["name", "product_id", "quantity", "product_uom_id", "price_unit", "discount", "tax_ids", "price_total"]


@tagged("post_install", "-at_install")
class TestChargeDraft(ServiceBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls._work_order(cls.order, hours=1.1, parts=2, services=1)
        cls.order.line_ids[1].billing_decision = "warranty"
        cls.order.line_ids[2].discount = 10
        cls.order.action_done()

    def setUp(self):
        super().setUp()
        self.before = self.order.charge_ids.read(BILLED)
        self.draft = self._invoice_order(self.order)

    def _assert_all_given_back(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.order.charge_ids.read(BILLED), self.before)
        self.assertEqual(self.order.charge_ids.mapped("state"), ["open"] * 3)
        self.assertFalse(self.order.charge_ids.invoice_line_id)
        self.assertEqual(self.order.invoice_status, "to_invoice")

    def _read_invoice(self, invoice):
        return [
            {**line, "id": 0}
            for line in invoice.invoice_line_ids.read(PRINTED)
        ], invoice.amount_total, invoice.ref, invoice.invoice_origin, invoice.invoice_payment_term_id  # fmt: skip

    # === GIVING BACK === #

    def test_deleting_the_draft_gives_every_charge_back_unchanged(self):
        self.draft.unlink()

        self._assert_all_given_back()

    def test_cancelling_the_draft_gives_every_charge_back_unchanged(self):
        self.draft.button_cancel()

        self._assert_all_given_back()
        self.assertEqual(self.draft.billing_status, "cancelled")

    def test_emptying_the_draft_gives_every_charge_back_unchanged(self):
        self.draft.invoice_line_ids = [Command.clear()]

        self._assert_all_given_back()

    def test_deleting_one_line_gives_its_charge_back_alone(self):
        line = self.draft.invoice_line_ids[0]
        charge = line.billing_charge_ids

        line.unlink()
        self.env.flush_all()
        self.env.invalidate_all()

        self.assertEqual(charge.state, "open")
        self.assertEqual((self.order.charge_ids - charge).mapped("state"), ["drafted", "drafted"])
        self.assertEqual(self.order.invoice_status, "to_invoice")

    def test_drafting_again_makes_an_identical_invoice(self):
        first = self._read_invoice(self.draft)
        self.draft.unlink()

        again = self._invoice_order(self.order)

        self.assertEqual(self._read_invoice(again), first)

    def test_deleted_draft_uses_no_number(self):
        order = self._done_order()
        first = self._finalize_order(order)
        self.draft.unlink()

        second = self._finalize_order(self._done_order())

        self.assertEqual(second.sequence_number, first.sequence_number + 1)

    # === CANCELLED DRAFTS === #

    def test_cancelled_draft_cannot_be_revived(self):
        self.draft.button_cancel()

        with self.assertRaises(UserError):
            self.draft.button_draft()
        for state in ("draft", "posted"):
            with self.subTest(state=state), self.assertRaises(UserError):
                self._call(self.biller, "account.move", "write", self.draft.ids, {"state": state})

        self.assertEqual(self.draft.state, "cancel")

    def test_cancelled_draft_without_charges_can_be_revived(self):
        manual = self._create_manual_invoice()
        manual.button_cancel()

        manual.button_draft()

        self.assertEqual(manual.state, "draft")

    def test_charges_of_a_cancelled_draft_are_billed_once(self):
        self.draft.button_cancel()
        self._finalize_order(self.order)

        with self.assertRaises(UserError):
            self.draft.button_draft()

    # === DUPLICATES === #

    def test_duplicate_bills_no_charge_a_second_time(self):
        self.draft.invoice_line_ids = [Command.create({"name": "Parking", "quantity": 1, "price_unit": 10})]

        for duplicate in (self.draft.copy(), self._finalized(self.draft).copy()):
            self.assertRecordValues(
                duplicate.invoice_line_ids, [{"name": "Parking", "price_unit": 10, "billing_charge_ids": []}]
            )
            self.assertEqual(duplicate.amount_untaxed, 10)
            self.assertEqual(sum(duplicate.line_ids.mapped("balance")), 0)
            self.assertFalse(duplicate.service_order_ids)

    def test_duplicate_of_a_cancelled_draft_bills_no_charge_either(self):
        self.draft.button_cancel()

        duplicate = self.draft.copy()

        self.assertFalse(duplicate.invoice_line_ids)
        self.assertEqual(duplicate.amount_total, 0)

    def test_duplicate_of_a_manual_invoice_is_whole(self):
        duplicate = self._create_manual_invoice().copy()

        self.assertEqual(duplicate.amount_untaxed, 90)

    def _finalized(self, invoice):
        invoice.action_billing_finalize()
        return invoice

    def _create_manual_invoice(self):
        return (
            self.env["account.move"]
            .with_user(self.biller)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [Command.create({"product_id": self.service.id})],
                }
            )
        )
