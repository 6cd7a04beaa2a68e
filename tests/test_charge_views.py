from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestChargeViews(ServiceBillingCommon):
    def test_charge_says_what_is_invoiced_credited_and_open(self):
        order = self._done_order(hours=2.0)
        charge = order.charge_ids
        self.assertRecordValues(charge, [{"invoiced_quantity": 0.0, "credited_quantity": 0.0, "open_quantity": 2.0}])

        invoice = self._finalize_order(order)
        credit_note = self._credit_invoice(invoice)
        credit_note.invoice_line_ids.quantity = 0.5
        credit_note.action_billing_finalize()

        self.assertRecordValues(charge, [{"invoiced_quantity": 2.0, "credited_quantity": 0.5, "open_quantity": 0.0}])
        self.assertEqual(charge.credit_ids.credit_note_id, credit_note)

    def test_waived_charge_has_nothing_open(self):
        charge = self._done_order().charge_ids

        charge.action_waive("Agreed on the phone")

        self.assertRecordValues(charge, [{"invoiced_quantity": 0.0, "open_quantity": 0.0}])

    def test_charge_is_added_by_hand(self):
        with Form(self.env["service.charge"].with_user(self.biller)) as form:
            form.partner_id = self.customer
            form.product_id = self.service
            form.quantity = 2

        charge = form.record
        self.assertRecordValues(
            charge, [{"kind": "manual", "state": "open", "name": "Check-up", "price_subtotal": 180.0}]
        )

    def test_charge_on_a_draft_can_be_edited_and_the_line_is_marked(self):
        order = self._done_order(hours=1.0)
        line = self._invoice_order(order).invoice_line_ids
        self.assertFalse(line.billing_is_changed)

        with Form(order.charge_ids) as form:
            form.quantity = 3

        self.assertRecordValues(line, [{"quantity": 3.0, "billing_is_charged": True, "billing_is_changed": True}])

    def test_mark_of_a_changed_line_ends_with_its_draft(self):
        order = self._done_order(hours=1.0)
        invoice = self._invoice_order(order)
        order.charge_ids.quantity = 3
        invoice.unlink()

        line = self._invoice_order(order).invoice_line_ids

        self.assertFalse(line.billing_is_changed)

    def test_description_alone_does_not_mark_the_line(self):
        order = self._done_order(hours=1.0)
        line = self._invoice_order(order).invoice_line_ids

        order.charge_ids.name = "Work on the boiler"

        self.assertRecordValues(line, [{"name": "Work on the boiler", "billing_is_changed": False}])

    def test_invoiced_charge_is_read_only_on_the_form(self):
        order = self._done_order(hours=1.0)
        self._finalize_order(order)

        form = Form(order.charge_ids)

        with self.assertRaises(AssertionError):
            form.quantity = 3

    def test_line_shows_how_it_is_billed_and_leads_to_its_charge(self):
        order = self._create_order()
        self._work_order(order, hours=1.0, parts=1)
        order.line_ids.filtered(lambda line: line.kind == "part").billing_decision = "warranty"
        order.with_user(self.technician).action_done()

        line = self._invoice_order(order).invoice_line_ids.filtered(lambda line: line.product_id == self.part)

        self.assertEqual(line.billing_decision, "warranty")
        self.assertEqual(line.action_view_charge()["res_id"], line.billing_charge_ids.id)

    def test_line_written_by_hand_comes_from_no_charge(self):
        invoice = (
            self.env["account.move"]
            .with_user(self.biller)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [Command.create({"name": "Check-up", "price_unit": 90.0})],
                }
            )
        )

        self.assertFalse(invoice.billing_has_charges)
        self.assertRecordValues(invoice.invoice_line_ids, [{"billing_is_charged": False, "billing_decision": False}])

    def test_all_open_charges_of_a_customer_are_offered(self):
        branch = self._create_customer("Hotel Alpina, Annex", parent_id=self.customer.id, type="other")
        orders = self._done_order() + self._done_order(partner_invoice_id=branch.id)
        self._done_order(partner_id=self._create_customer("Bakery").id)
        customer = self.customer.with_user(self.biller)

        action = customer.action_invoice_open_charges()

        wizard = self.env["service.charge.invoice"].with_user(self.biller).with_context(**action["context"]).create({})
        self.assertEqual(wizard.charge_ids, orders.charge_ids)
        self.assertRecordValues(wizard, [{"charge_count": 2, "invoice_count": 2}])
        self.assertEqual(customer.billing_open_charge_count, 2)

    def test_customer_without_open_charges_has_nothing_to_draft(self):
        with self.assertRaisesRegex(UserError, r"^None of these charges is open for billing\.$"):
            self.customer.with_user(self.biller).action_invoice_open_charges()
