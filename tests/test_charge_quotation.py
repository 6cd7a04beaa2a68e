from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import tagged

from .common_quotation import QuotationCommon


@tagged("post_install", "-at_install")
class TestChargeQuotation(QuotationCommon):
    """From the quotation to the order."""

    def test_confirming_makes_one_order_with_the_planned_work(self):
        quotation = self._create_quotation(client_order_ref="PO 7", commitment_date=Datetime.to_datetime("2026-11-23"))

        quotation.action_confirm()

        order = quotation.sudo().service_order_ids
        self.assertRecordValues(
            order,
            [{"partner_id": self.customer.id, "client_order_ref": "PO 7", "state": "new", "is_from_quotation": True}],
        )
        self.assertEqual(order.scheduled_start, quotation.commitment_date)
        self.assertRecordValues(
            order.line_ids,
            [
                {"kind": "labor", "planned_quantity": 3, "quantity": 0, "price_unit": 50, "discount": 0},
                {"kind": "part", "planned_quantity": 2, "quantity": 0, "price_unit": 40, "discount": 10},
                {"kind": "fixed", "planned_quantity": 1, "quantity": 1, "price_unit": 90, "discount": 0},
            ],
        )
        self.assertEqual(order.line_ids.sale_line_id, quotation.order_line)
        self.assertFalse(quotation.sudo().picking_ids)

    def test_quotation_without_such_a_product_makes_no_order(self):
        self.labor.service_tracking = "no"
        quotation = self._create_quotation()

        quotation.action_confirm()

        self.assertFalse(quotation.sudo().service_order_ids)
        self.assertTrue(quotation.sudo().picking_ids)

    def test_confirming_again_reuses_the_order_and_plans_anew(self):
        quotation = self._create_quotation()
        quotation.action_confirm()
        order = quotation.sudo().service_order_ids
        quotation.action_cancel()
        self.assertEqual(order.state, "cancelled")
        quotation.action_draft()
        quotation.order_line[0].product_uom_qty = 5

        quotation.action_confirm()

        self.assertEqual(quotation.sudo().service_order_ids, order)
        self.assertEqual(order.state, "new")
        self.assertEqual(order.line_ids.mapped("planned_quantity"), [5, 2, 1])

    def test_second_order_of_a_quotation_is_refused_by_the_index(self):
        quotation = self._create_quotation()
        quotation.action_confirm()
        values = quotation.sudo()._prepare_service_order_values()

        with self._refused_by_database():
            self.env["service.order"].sudo().create(values)

    def test_line_added_later_joins_the_open_order(self):
        quotation = self._create_quotation()
        quotation.action_confirm()

        quotation.order_line = [Command.create({"product_id": self.part.id, "product_uom_qty": 4})]

        order = quotation.sudo().service_order_ids
        self.assertEqual(order.line_ids[-1].planned_quantity, 4)
        self.assertFalse(quotation.sudo().picking_ids)

    def test_changed_quantity_and_price_reach_the_open_order(self):
        quotation = self._create_quotation()
        quotation.action_confirm()

        quotation.order_line[2].write({"product_uom_qty": 2, "price_unit": 80})

        fixed = quotation.sudo().service_order_ids.line_ids[2]
        self.assertEqual((fixed.planned_quantity, fixed.quantity, fixed.price_unit), (2, 2, 80))

    def test_quantity_set_to_zero_takes_the_work_off_the_open_order(self):
        quotation = self._create_quotation()
        quotation.action_confirm()
        order = quotation.sudo().service_order_ids

        quotation.order_line[0].product_uom_qty = 0
        self.assertEqual(order.line_ids.mapped("planned_quantity"), [2, 1])
        quotation.order_line[0].product_uom_qty = 1

        self.assertEqual(sorted(order.line_ids.mapped("planned_quantity")), [1, 1, 2])

    def test_quotation_with_work_on_its_order_is_not_cancelled(self):
        order = self._confirmed_order()
        self._log(order, parts=1)

        with self._refused():
            order.sale_order_id.with_user(self.salesperson).action_cancel()

        self.assertEqual(order.sale_order_id.state, "sale")

    def test_done_order_is_billed_at_the_agreed_terms_and_the_quotation_knows(self):
        order = self._confirmed_order()
        self._log(order, hours=3, parts=2)
        order.action_done()

        invoice = self._finalize_order(order)

        quotation = order.sale_order_id
        self.assertEqual(invoice.amount_untaxed, 3 * 50 + 2 * 36 + 90)
        self.assertEqual(quotation.order_line.mapped("qty_invoiced"), [3, 2, 1])
        self.assertEqual(quotation.order_line.mapped("qty_delivered"), [3, 2, 1])
        self.assertEqual(quotation.invoice_status, "invoiced")
        with self.assertRaises(UserError):
            quotation.with_user(self.salesperson)._create_invoices()

    def test_down_payment_of_the_quotation_is_billed_on_its_order(self):
        order = self._confirmed_order()
        wizards = self.env["sale.advance.payment.inv"].with_user(self.salesperson)
        wizard = wizards.with_context(active_model="sale.order", active_ids=order.sale_order_id.ids)

        with self._refused():
            wizard.create({"advance_payment_method": "percentage", "amount": 30}).create_invoices()

    def test_timer_runs_on_the_planned_hours_and_a_second_one_at_the_agreed_price(self):
        order = self._confirmed_order()
        own = order.with_user(self.technician)
        own.action_start()
        own.action_stop()
        own.action_start()
        own.action_stop()

        labor = order.line_ids.filtered(lambda line: line.kind == "labor")
        self.assertEqual(labor.mapped("price_unit"), [50, 50])
        self.assertEqual(labor.sale_line_id, order.sale_order_id.order_line[0])
        self.assertEqual(labor.mapped("planned_quantity"), [3, 0])


@tagged("post_install", "-at_install")
class TestChargePlan(QuotationCommon):
    """Planned against actual."""

    def test_plan_and_actual_are_compared_line_by_line_and_in_total(self):
        order = self._confirmed_order()
        self._log(order, hours=4, parts=2)

        self.assertRecordValues(
            order,
            [
                {
                    "planned_untaxed": 312.0,
                    "amount_untaxed": 362.0,
                    "plan_difference": 50.0,
                    "plan_difference_percent": 100 * 50 / 312,
                }
            ],
        )
        self.assertEqual(order.plan_line_ids.mapped("plan_difference"), [50.0, 0.0, 0.0])

    def test_difference_beyond_the_tolerance_needs_a_reason_before_the_draft(self):
        order = self._confirmed_order()
        self._log(order, hours=4, parts=2)
        order.action_done()
        with self._refused():
            order.action_create_invoice()

        order.plan_reason = "The pipe was rusted through."

        self.assertEqual(order.plan_reason_user_id, self.biller)
        self.assertTrue(order.plan_reason_on)
        self._finalize_order(order)

    def test_difference_within_the_tolerance_needs_none(self):
        self.company.service_plan_tolerance = 20
        order = self._confirmed_order()
        self._log(order, hours=4, parts=2)
        order.action_done()

        self._finalize_order(order)

    def test_hours_corrected_on_the_draft_need_the_reason_before_finalize(self):
        order = self._confirmed_order()
        self._log(order, hours=3, parts=2)
        order.action_done()
        draft = self._invoice_order(order)
        order.charge_ids[0].quantity = 6

        with self._refused():
            draft.action_billing_finalize()

    def test_technician_is_done_even_where_the_draft_waits_for_a_reason(self):
        self.type_repair.on_completion = "draft"
        order = self._confirmed_order(type_id=self.type_repair.id)
        self._log(order, hours=9)

        order.with_user(self.technician).action_done()

        self.assertEqual((order.state, order.invoice_status), ("done", "to_invoice"))
        self.assertIn("reason", order.message_ids[0].body)

    def test_technician_sees_no_amounts_and_changes_no_plan(self):
        order = self._confirmed_order()

        for name in ("planned_untaxed", "plan_difference", "plan_reason"):
            with self.assertRaises(AccessError):
                self._call(self.technician, "service.order", "read", order.ids, [name])
        with self.assertRaises(AccessError):
            self._call(self.technician, "service.order.line", "read", order.line_ids.ids, ["planned_subtotal"])
        with self.assertRaises(UserError):
            self._call(self.technician, "service.order", "write", order.ids, {"is_from_quotation": False})
