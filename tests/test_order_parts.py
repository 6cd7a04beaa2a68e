from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BARCODE, ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestOrderParts(ServiceBillingCommon):
    def setUp(self):
        super().setUp()
        self.order = self._create_order().with_user(self.technician)

    def test_scanned_part_is_added_and_counted_up(self):
        names = [self.order.action_add_barcode(BARCODE) for _scan in range(3)]

        self.assertEqual(set(names), {self.part.display_name})
        self.assertRecordValues(
            self.order.line_ids, [{"kind": "part", "product_id": self.part.id, "quantity": 3, "billed_quantity": 3}]
        )

    def test_barcode_of_a_packaging_finds_its_part(self):
        dozen = self.uom_dozen
        self.env["product.uom"].create({"product_id": self.part.id, "uom_id": dozen.id, "barcode": "0001"})

        self.order.action_add_barcode("0001")

        self.assertEqual(self.order.line_ids.product_id, self.part)

    def test_unknown_barcode_is_named_and_adds_nothing(self):
        for barcode in ("999", "", None):
            with self.subTest(barcode=barcode), self.assertRaises(UserError):
                self.order.action_add_barcode(barcode)

        self.assertFalse(self.order.line_ids)

    def test_scanner_in_the_open_form_adds_the_part(self):
        fields = {"_barcode_scanned": {}, "part_line_ids": {"fields": {"product_id": {}, "quantity": {}}}}

        result = self._call(
            self.technician,
            "service.order",
            "onchange",
            self.order.ids,
            {"_barcode_scanned": BARCODE},
            ["_barcode_scanned"],
            fields,
        )

        added = result["value"]["part_line_ids"][0][2]
        self.assertEqual((added["product_id"], added["quantity"]), (self.part.id, 1))

    def test_scanner_in_the_open_form_warns_of_an_unknown_code(self):
        warning = self.order.on_barcode_scanned("999")

        self.assertIn("999", warning["warning"]["message"])

    def test_barcode_of_another_companys_part_is_unknown(self):
        self._set_up_second_company()
        self.env["product.product"].sudo().create(
            {"name": "Theirs", "barcode": "0003", "company_id": self.second_company.id}
        )

        with self.assertRaises(UserError):
            self.order.action_add_barcode("0003")

    def test_service_is_added_at_a_fixed_price(self):
        self.order.action_add_product(self.service.id)

        self.assertRecordValues(self.order.line_ids, [{"kind": "fixed", "quantity": 1}])

    def test_deleted_product_cannot_be_added(self):
        product = self._create_product(name="Gone")
        product_id = product.id
        product.unlink()

        with self.assertRaises(UserError) as refusal:
            self.order.action_add_product(product_id)

        self.assertNotIn("\n", str(refusal.exception))

    def test_catalogue_sets_the_quantity_and_removes_at_zero(self):
        self.order._update_order_line_info(self.part.id, 4)
        self.assertEqual(self.order.line_ids.quantity, 4)

        self.order._update_order_line_info(self.part.id, 2)
        self.assertEqual(self.order.line_ids.quantity, 2)

        self.order._update_order_line_info(self.part.id, 0)
        self.assertFalse(self.order.line_ids)

    def test_catalogue_keeps_at_zero_what_was_handed_over(self):
        self._work_order(self.order, parts=2)
        line = self.order.line_ids.filtered(lambda line: line.kind == "part")
        self.order.action_done()
        self.order.action_reopen()

        self.order._update_order_line_info(self.part.id, 0)

        self.assertEqual(line.quantity, 0)

    def test_catalogue_shows_no_price_to_a_technician(self):
        data = self.order._get_product_catalog_order_data(self.part)
        office = self.order.with_user(self.biller)._get_product_catalog_order_data(self.part)

        self.assertEqual(data[self.part.id]["price"], 0.0)
        self.assertEqual(office[self.part.id]["price"], 40.0)

    def test_parts_last_used_here_are_offered_newest_first(self):
        other = self._create_product(name="Pump", is_storable=True)
        self._done_order(parts=1)
        latest = self._create_order()
        latest.line_ids = [Command.create({"product_id": other.id})]
        self._work_order(latest)
        latest.action_done()

        self.assertEqual(self.order.recent_product_ids, other + self.part)
        self.assertFalse(self._create_order(partner_id=self.partner_a.id).recent_product_ids)

    def test_parts_of_another_technicians_visit_are_offered_too(self):
        self._done_order(parts=1, technician_id=self.other_technician.id)

        self.assertEqual(self.order.recent_product_ids, self.part)
