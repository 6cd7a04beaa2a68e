from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestOrderStock(ServiceBillingCommon):
    def setUp(self):
        super().setUp()
        self.order = self._create_order().with_user(self.technician)

    def quantity_in(self, location, product=None):
        return self.env["stock.quant"]._get_available_quantity(product or self.part, location, allow_negative=True)

    def use_parts(self, quantity, product=None):
        self.order.line_ids = [Command.create({"product_id": (product or self.part).id, "quantity": quantity})]
        self._work_order(self.order)
        return self.order.line_ids[0]

    def test_done_takes_the_parts_out_of_the_van(self):
        line = self.use_parts(3)

        self.order.action_done()

        self.assertEqual(self.quantity_in(self.van), 7)
        self.assertRecordValues(
            line.sudo().stock_move_ids,
            [
                {
                    "state": "done",
                    "quantity": 3,
                    "location_id": self.van.id,
                    "location_dest_id": self.customer.property_stock_customer.id,
                    "origin": self.order.name,
                    "partner_id": self.customer.id,
                }
            ],
        )

    def test_services_and_time_move_no_stock(self):
        self._work_order(self.order, services=1)

        self.order.action_done()

        self.assertFalse(self.order.line_ids.sudo().stock_move_ids)

    def test_technician_without_van_takes_from_the_warehouse(self):
        self.technician.service_van_location_id = False
        stock = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1).lot_stock_id

        line = self.use_parts(1)
        self.order.action_done()

        self.assertEqual(line.sudo().stock_move_ids.location_id, stock)

    def test_other_unit_than_the_products_is_converted(self):
        line = self.use_parts(0.5)
        line.product_uom_id = self.uom_dozen

        self.order.action_done()

        self.assertEqual(self.quantity_in(self.van), 4)

    def test_van_below_zero_is_allowed_and_flagged(self):
        self.use_parts(12)

        self.order.action_done()

        self.assertEqual(self.quantity_in(self.van), -2)
        self.assertTrue(self.order.has_negative_stock)
        self.assertIn("Valve", self.order.message_ids[0].body)

    def test_flag_stays_while_the_van_is_below_zero_and_goes_with_it(self):
        line = self.use_parts(12)
        self.order.action_done()

        self.order.action_reopen()
        self.order.action_done()
        self.assertTrue(self.order.has_negative_stock)

        self.order.action_reopen()
        line.quantity = 9
        self.order.action_done()
        self.assertFalse(self.order.has_negative_stock)

    def test_reopened_order_brings_surplus_parts_back(self):
        line = self.use_parts(3)
        self.order.action_done()
        self.order.action_reopen()
        self.assertEqual(self.quantity_in(self.van), 7)

        line.quantity = 1
        self.order.action_done()

        self.assertEqual(self.quantity_in(self.van), 9)
        self.assertEqual(sorted(line.sudo().stock_move_ids.mapped("quantity")), [2, 3])

    def test_reopened_order_takes_only_the_additional_parts(self):
        line = self.use_parts(3)
        self.order.action_done()
        self.order.action_reopen()

        line.quantity = 5
        self.order.action_done()

        self.assertEqual(self.quantity_in(self.van), 5)

    def test_surplus_returns_to_the_van_it_came_from(self):
        line = self.use_parts(3)
        self.order.action_done()
        self.order.with_user(self.biller).action_reopen()
        self.order.with_user(self.biller).technician_id = self.other_technician

        line.with_user(self.biller).quantity = 1
        self.order.with_user(self.biller).action_done()

        self.assertEqual(self.quantity_in(self.van), 9)
        self.assertEqual(self.quantity_in(self.other_van), 0)

    def test_line_that_moved_stock_is_set_to_zero_not_deleted(self):
        line = self.use_parts(3)
        self.order.action_done()
        self.order.action_reopen()

        with self.assertRaises(UserError):
            line.unlink()
        with self.assertRaises(UserError):
            line.product_id = self._create_product(name="Pump")
        line.quantity = 0
        self.order.action_done()

        self.assertEqual(self.quantity_in(self.van), 10)

    def test_used_product_is_archived_rather_than_deleted(self):
        self.use_parts(1)

        for product in (self.part, self.part.product_tmpl_id):
            with self.subTest(model=product._name), self.assertRaises(UserError) as refusal:
                product.unlink()
            self.assertNotIn("\n", str(refusal.exception))

    # === SERIAL NUMBERS === #

    def test_tracked_part_needs_its_serial_number(self):
        boiler = self._create_product(name="Boiler", is_storable=True, tracking="serial")
        serial = self.env["stock.lot"].create({"name": "B-1", "product_id": boiler.id})
        self.env["stock.quant"]._update_available_quantity(boiler, self.van, 1, lot_id=serial)
        line = self.use_parts(1, boiler)
        self.assertIn("Boiler", self.order.missing_text)

        with self.assertRaises(UserError):
            self.order.action_done()
        line.lot_id = serial
        self.order.action_done()

        self.assertEqual(line.sudo().stock_move_ids.lot_ids, serial)
        self.assertEqual(self.quantity_in(self.van, boiler), 0)

    def test_each_serial_number_has_a_line_of_its_own(self):
        boiler = self._create_product(name="Boiler", is_storable=True, tracking="serial", barcode="0002")

        self.order.action_add_barcode("0002")
        self.order.action_add_barcode("0002")

        self.assertEqual(self.order.line_ids.mapped("quantity"), [1, 1])
        self.assertEqual(self.order.line_ids.product_id, boiler)

    def test_two_pieces_under_one_serial_number_are_named_as_missing(self):
        boiler = self._create_product(name="Boiler", is_storable=True, tracking="serial")
        line = self.use_parts(2, boiler)
        line.lot_id = self.env["stock.lot"].create({"name": "B-1", "product_id": boiler.id})

        with self.assertRaises(UserError) as refusal:
            self.order.action_done()

        self.assertIn("Boiler", str(refusal.exception))
