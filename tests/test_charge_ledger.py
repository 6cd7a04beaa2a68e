from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestChargeLedger(ServiceBillingCommon):
    # === FROM WORK TO CHARGES === #

    def test_order_that_is_not_done_charges_nothing(self):
        order = self._create_order()
        self._work_order(order, parts=1)

        self.assertFalse(order.charge_ids)
        self.assertEqual(order.invoice_status, "nothing")
        with self.assertRaises(UserError):
            order.action_create_invoice()

    def test_done_makes_one_open_charge_of_each_line(self):
        order = self._done_order(hours=1.1, parts=2, services=1)

        self.assertRecordValues(
            order.charge_ids.sorted("kind"),
            [
                {"kind": "labor", "quantity": 1.25, "price_unit": 60, "price_subtotal": 75, "price_total": 86.25},
                {"kind": "part", "quantity": 2, "price_unit": 40, "price_subtotal": 80, "price_total": 92},
                {"kind": "service", "quantity": 1, "price_unit": 90, "price_subtotal": 90, "price_total": 103.5},
            ],
        )
        self.assertEqual(set(order.charge_ids.mapped("state")), {"open"})
        self.assertEqual(order.charge_ids.partner_id, self.customer)
        self.assertEqual(order.invoice_status, "to_invoice")

    def test_charge_goes_to_the_invoice_address(self):
        office = self._create_customer("Accounts", parent_id=self.customer.id, type="invoice")

        order = self._done_order()

        self.assertEqual(order.charge_ids.partner_id, office)
        self.assertEqual(self._invoice_order(order).partner_id, office)

    def test_warranty_and_goodwill_are_charged_at_nothing(self):
        order = self._create_order()
        self._work_order(order, hours=1, parts=1, services=1)
        for line, decision in zip(order.line_ids, ("warranty", "goodwill", "included"), strict=True):
            line.billing_decision = decision

        order.action_done()
        invoice = self._invoice_order(order)

        self.assertEqual(set(order.charge_ids.mapped("price_total")), {0.0})
        self.assertEqual(sorted(invoice.invoice_line_ids.mapped("price_unit")), [40, 60, 90])
        self.assertEqual(invoice.amount_total, 0)

    # === FROM CHARGES TO A DRAFT === #

    def test_one_click_drafts_one_line_per_charge(self):
        order = self._done_order(hours=1.1, parts=2, services=1)

        invoice = self._invoice_order(order)

        self.assertEqual(invoice.state, "draft")
        self.assertEqual(invoice.invoice_line_ids.billing_charge_ids, order.charge_ids)
        self.assertEqual(len(invoice.invoice_line_ids), 3)
        self.assertEqual(invoice.amount_untaxed, 245)
        self.assertEqual(set(order.charge_ids.mapped("state")), {"drafted"})
        self.assertEqual((order.invoice_status, order.invoice_ids), ("drafted", invoice))
        self.assertEqual(invoice.service_order_ids, order)
        self.assertEqual(invoice.invoice_origin, order.name)

    def test_second_click_opens_the_same_draft(self):
        order = self._done_order()
        draft = self._invoice_order(order)

        again = self._invoice_order(order)

        self.assertEqual(again, draft)
        self.assertEqual(len(draft.invoice_line_ids), 1)

    def test_click_after_finalize_says_that_all_is_invoiced(self):
        order = self._done_order()
        self._finalize_order(order)

        with self.assertRaises(UserError):
            order.action_create_invoice()

        self.assertEqual(order.invoice_status, "invoiced")

    def test_work_added_to_a_drafted_order_joins_its_draft(self):
        order = self._done_order()
        draft = self._invoice_order(order)
        order.with_user(self.technician).action_reopen()
        order.with_user(self.technician).line_ids = [Command.create({"product_id": self.part.id})]
        order.with_user(self.technician).action_done()

        again = self._invoice_order(order)

        self.assertEqual(again, draft)
        self.assertEqual(draft.invoice_line_ids.billing_charge_ids, order.charge_ids)
        self.assertEqual(draft.amount_untaxed, 100)

    def test_type_that_drafts_on_completion_does_so_for_a_technician(self):
        self.type_repair.on_completion = "draft"

        order = self._done_order()

        self.assertEqual(order.invoice_ids.state, "draft")

    def test_order_without_type_is_not_invoiced_by_itself(self):
        order = self._done_order(type_id=False)

        self.assertEqual(order.invoice_status, "to_invoice")
        self.assertFalse(order.invoice_ids)

    # === LISTS === #

    def test_selected_charges_become_exactly_one_draft_after_a_question(self):
        first, second = self._done_order(parts=1), self._done_order(services=1)
        selected = first.charge_ids[0] + second.charge_ids

        action = selected.action_create_invoices()
        wizard = self.env[action["res_model"]].with_user(self.biller).with_context(**action["context"]).create({})
        self.assertRecordValues(wizard, [{"charge_count": 3, "invoice_count": 1}])
        result = wizard.action_confirm()

        invoice = self.env["account.move"].browse(result["res_id"])
        self.assertEqual(invoice.invoice_line_ids.billing_charge_ids, selected)
        self.assertEqual(invoice.service_order_ids, first + second)

    def test_question_counts_only_what_is_open(self):
        order = self._done_order(parts=1)
        order.charge_ids[0].action_waive("Goodwill")

        action = order.charge_ids.action_create_invoices()

        wizard = self.env[action["res_model"]].with_user(self.biller).with_context(**action["context"]).create({})
        self.assertEqual(wizard.charge_count, 1)

    def test_charge_taken_meanwhile_is_named_with_its_draft_and_who_made_it(self):
        order = self._done_order()
        action = order.charge_ids.action_create_invoices()
        wizard = self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"]).create({})
        draft = self._invoice_order(order)

        with self.assertRaises(UserError) as refusal:
            wizard.action_confirm()

        self.assertIn(self.biller.name, str(refusal.exception))
        self.assertIn(draft.display_name, str(refusal.exception))

    def test_no_charges_make_no_draft(self):
        self.assertFalse(self.env["service.charge"].with_user(self.biller)._create_invoices())

    def test_customer_shows_the_charges_that_wait(self):
        self._done_order(hours=1)
        waived = self._done_order(hours=1)
        waived.charge_ids.action_waive("Goodwill")

        customer = self.customer.with_user(self.biller)

        self.assertEqual((customer.billing_open_charge_count, customer.billing_open_charge_total), (1, 69))

    def test_manual_charge_is_billed_like_any_other(self):
        charge = (
            self.env["service.charge"]
            .with_user(self.biller)
            .create({"partner_id": self.customer.id, "product_id": self.service.id, "quantity": 2})
        )

        invoice = charge._create_invoices()

        self.assertRecordValues(charge, [{"kind": "manual", "state": "drafted", "price_subtotal": 180}])
        self.assertEqual(invoice.amount_untaxed, 180)
