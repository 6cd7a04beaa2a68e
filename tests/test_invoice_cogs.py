from odoo.fields import Command
from odoo.tests import tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestInvoiceCogs(MoneyCommon):
    """Parts leave the van when the order is done; the invoice books what they cost, and moves nothing."""

    def _receive(self, quantity, cost):
        """Put pumps of that cost into the van, and take them for parts from now on."""
        move = self.env["stock.move"].create(
            {
                "product_id": self.pump.id,
                "product_uom_qty": quantity,
                "quantity": quantity,
                "price_unit": cost,
                "value_manual": cost * quantity,
                "picked": True,
                "location_id": self.quick_ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.van.id,
            }
        )
        move._action_done()

    def _value_pumps(self, valuation):
        category = self.env["product.category"].create(
            {"name": "Pumps", "property_valuation": valuation, "property_cost_method": "fifo"}
        )
        self.pump = self._create_product(name="Pump", is_storable=True, list_price=300.0, categ_id=category.id)
        self._receive(10, 120.0)

    def _done_pumps(self, quantity):
        order = self._create_order(type_id=self.type_quick.id)
        line = {"kind": "part", "product_id": self.pump.id, "quantity": quantity}
        order.with_user(self.technician).write({"line_ids": [Command.create(line)]})
        order.with_user(self.technician).action_done()
        return order

    def _get_costs(self, move):
        """Return what each account of the cost entries is charged with."""
        costs = move.line_ids.filtered(lambda line: line.display_type == "cogs")
        return sorted((line.account_id.account_type, line.balance) for line in costs)

    def test_finalize_books_what_the_parts_cost(self):
        self._value_pumps("real_time")

        invoice = self._finalize_order(self._done_pumps(3))

        self.assertEqual(self._get_costs(invoice), [("asset_current", -360.0), ("expense", 360.0)])

    def test_cost_is_that_of_the_parts_that_left_the_van(self):
        self._value_pumps("real_time")
        order = self._done_pumps(3)
        self._receive(10, 500.0)

        invoice = self._finalize_order(order)

        self.assertEqual(self._get_costs(invoice), [("asset_current", -360.0), ("expense", 360.0)])

    def test_credit_note_mirrors_the_cost(self):
        self._value_pumps("real_time")
        invoice = self._finalize_order(self._done_pumps(3))

        credit_note = self._credit_invoice(invoice)
        credit_note.invoice_line_ids.quantity = 1.0
        credit_note.action_billing_finalize()

        self.assertEqual(self._get_costs(credit_note), [("asset_current", 120.0), ("expense", -120.0)])

    def test_no_cost_without_valuation(self):
        self._value_pumps("periodic")

        self.assertEqual(self._get_costs(self._finalize_order(self._done_pumps(3))), [])

    def test_parts_leave_the_stock_once(self):
        self._value_pumps("real_time")
        order = self._done_pumps(3)
        self.assertEqual(self.pump.with_context(location=self.van.id).qty_available, 7.0)
        moves = self.env["stock.move"].search_count([])

        invoice = self._finalize_order(order)
        self._credit_invoice(invoice).action_billing_finalize()

        self.assertEqual(self.pump.with_context(location=self.van.id).qty_available, 7.0)
        self.assertEqual(self.env["stock.move"].search_count([]), moves)

    def test_part_sold_without_an_order_costs_what_it_is_valued_at(self):
        self._value_pumps("real_time")
        invoice = self._draft_invoice(
            invoice_line_ids=[Command.create({"product_id": self.pump.id, "quantity": 2.0, "price_unit": 300.0})]
        )

        invoice.action_billing_finalize()

        self.assertEqual(self._get_costs(invoice), [("asset_current", -240.0), ("expense", 240.0)])
