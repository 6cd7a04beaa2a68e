from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestChargeSale(ServiceBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls._create_user(
            "salesperson", "sales_team.group_sale_salesman,account.group_account_invoice"
        )
        cls.quotation = (
            cls.env["sale.order"]
            .with_user(cls.salesperson)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "order_line": [
                        Command.create({"product_id": cls.part.id, "product_uom_qty": 2}),
                        Command.create({"product_id": cls.labor.id, "product_uom_qty": 3}),
                        Command.create({"product_id": cls.service.id, "product_uom_qty": 1}),
                    ],
                }
            )
        )
        cls.part_line, cls.labor_line, cls.other_line = cls.quotation.order_line
        cls.order = cls._create_order(sale_order_id=cls.quotation.id)
        cls._work_order(cls.order, hours=2, parts=2)
        cls.order.line_ids.filtered(lambda line: line.kind == "part").sale_line_id = cls.part_line
        cls.order.line_ids.filtered(lambda line: line.kind == "labor").sale_line_id = cls.labor_line

    def _confirm(self):
        (self.service + self.part).invoice_policy = "order"
        self.quotation.action_confirm()

    def test_quotation_invoices_only_what_no_service_order_does(self):
        self._confirm()

        invoice = self.quotation._create_invoices()

        self.assertEqual(invoice.invoice_line_ids.product_id, self.service)

    def test_core_invoice_button_cannot_bill_the_orders_work_before_or_after_its_charges(self):
        self._confirm()
        self.quotation._create_invoices()
        self.order.action_done()
        self._finalize_order(self.order)

        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=self.quotation.ids
        )
        with self.assertRaises(UserError):
            wizard.create({"advance_payment_method": "delivered"}).create_invoices()

        billed = self.env["account.move.line"].search([("product_id", "in", (self.part + self.labor).ids)])
        self.assertEqual(len(billed.filtered(lambda line: line.display_type == "product")), 2)

    def test_quotation_knows_what_the_charges_invoiced(self):
        self._confirm()
        self.order.action_done()

        self._finalize_order(self.order)

        self.assertEqual((self.part_line.qty_invoiced, self.labor_line.qty_invoiced), (2, 2))

    def test_parts_of_a_service_order_leave_the_van_and_no_delivery(self):
        self._confirm()

        self.assertFalse(self.quotation.sudo().picking_ids)
        self.order.action_done()

        moves = self.env["stock.move"].search([("product_id", "=", self.part.id)])
        self.assertEqual(moves.location_id, self.van)
        self.assertEqual(sum(moves.mapped("quantity")), 2)
