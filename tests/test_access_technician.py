from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BARCODE, SIGNATURE, ServiceBillingCommon

PRICES = {
    "service.order": ("amount_untaxed", "amount_total"),
    "service.order.line": ("price_unit", "discount", "tax_ids", "price_subtotal", "price_total"),
}


@tagged("post_install", "-at_install")
class TestAccessTechnician(ServiceBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician.group_ids += cls.env.ref("base.group_allow_export")
        cls.own = cls._create_order()
        cls._work_order(cls.own, parts=1)
        cls.foreign = cls._create_order(technician_id=cls.other_technician.id)
        cls._work_order(cls.foreign, parts=1)
        cls.unassigned = cls._create_order(technician_id=False)

    # === OWN ORDERS ONLY === #

    def test_technician_finds_own_orders_only(self):
        finders = (
            ("search", [[]]),
            ("search", [[("technician_id", "!=", False)]]),
            ("search", [[("id", "in", (self.own + self.foreign + self.unassigned).ids)]]),
        )
        for method, arguments in finders:
            with self.subTest(arguments=arguments):
                self.assertEqual(self._call(self.technician, "service.order", method, *arguments), self.own.ids)
        self.assertEqual(self._call(self.technician, "service.order", "search_count", []), 1)
        self.assertEqual(len(self._call(self.technician, "service.order", "search_read", [], ["name"])), 1)
        self.assertEqual(len(self._call(self.technician, "service.order", "name_search", "Alpina")), 1)
        self.assertEqual(
            self._call(self.technician, "service.order", "formatted_read_group", [], ["state"], ["__count"])[0][
                "__count"
            ],
            1,
        )
        self.assertEqual(
            sorted(self._call(self.technician, "service.order.line", "search", [])), sorted(self.own.line_ids.ids)
        )

    def test_technician_cannot_touch_an_order_that_is_not_theirs(self):
        for order in (self.foreign, self.unassigned):
            for method, *arguments in (
                ("read", ["name"]),
                ("web_read", {"name": {}}),
                ("export_data", ["name"]),
                ("write", {"description": "Mine."}),
                ("write", {"technician_id": self.technician.id}),
                ("unlink",),
                ("copy",),
                ("action_start",),
                ("action_stop",),
                ("action_schedule",),
                ("action_done",),
                ("action_cancel",),
                ("action_reopen",),
                ("action_add_barcode", BARCODE),
                ("action_add_product", self.part.id),
                ("message_post",),
            ):
                with self.subTest(order=order.technician_id.login, method=method), self.assertRaises(AccessError):
                    self._call(self.technician, "service.order", method, order.ids, *arguments)

    def test_technician_cannot_touch_the_work_of_others(self):
        line = self.foreign.line_ids[0]
        calls = (
            ("service.order.line", "read", line.ids, ["name"]),
            ("service.order.line", "write", line.ids, {"quantity": 9}),
            ("service.order.line", "unlink", line.ids),
            ("service.order.line", "create", [{"order_id": self.foreign.id, "product_id": self.part.id}]),
            ("service.order.line", "write", self.own.line_ids.ids, {"order_id": self.foreign.id}),
            ("service.order", "write", self.own.ids, {"line_ids": [Command.link(line.id)]}),
            ("service.order", "write", self.own.ids, {"line_ids": [Command.update(line.id, {"quantity": 9})]}),
            ("service.order", "write", self.own.ids, {"line_ids": [Command.delete(line.id)]}),
            ("service.order", "write", self.own.ids, {"line_ids": [Command.set(line.ids)]}),
        )
        for model, method, *arguments in calls:
            with self.subTest(method=method, arguments=arguments), self.assertRaises(AccessError):
                self._call(self.technician, model, method, *arguments)

        self.assertEqual(line.order_id, self.foreign)
        self.assertNotEqual(line.quantity, 9)

    def test_technician_sees_no_messages_and_no_signature_of_others(self):
        self.foreign.message_post(body="The key is under the mat.")
        self.assertTrue(self.foreign.signature)

        messages = self._call(self.technician, "mail.message", "search", [("body", "ilike", "under the mat")])
        files = self._call(
            self.technician,
            "ir.attachment",
            "search",
            [("res_model", "=", "service.order"), ("res_field", "!=", False)],
        )

        self.assertFalse(messages)
        self.assertFalse(
            self.env["ir.attachment"].sudo().browse(files).filtered(lambda file: file.res_id == self.foreign.id)
        )

    def test_technician_does_a_whole_own_order(self):
        order = self._create_order()
        steps = (
            ("action_start",),
            ("action_stop",),
            ("action_add_barcode", BARCODE),
            ("write", {"report": "<p>Done.</p>", "signature": SIGNATURE, "signed_by": "Mr. Alpina"}),
            ("action_done",),
        )

        for method, *arguments in steps:
            self._call(self.technician, "service.order", method, order.ids, *arguments)
        shown = self._call(self.technician, "service.order", "read", order.ids)[0]

        self.assertEqual((shown["state"], shown["invoice_status"]), ("done", "to_invoice"))

    def test_technician_neither_makes_nor_deletes_orders(self):
        with self.assertRaises(AccessError):
            self._call(self.technician, "service.order", "create", [{"partner_id": self.customer.id}])
        with self.assertRaises(AccessError):
            self._call(self.technician, "service.order", "unlink", self.own.ids)

    # === PRICES === #

    def test_prices_are_neither_read_nor_written_nor_searched_without_the_right(self):
        records = {"service.order": self.own, "service.order.line": self.own.line_ids[0]}
        for model, names in PRICES.items():
            ids = records[model].ids
            for name in names:
                calls = [
                    ("read", ids, [name]),
                    ("web_read", ids, {name: {}}),
                    ("search", [(name, "!=", False)]),
                    ("search", [], 0, None, f"{name} desc"),
                    ("write", ids, {name: 1}),
                    ("export_data", ids, [name]),
                    ("web_search_read", [], {name: {}}),
                ]
                if name != "tax_ids":
                    calls.append(("formatted_read_group", [], [], [f"{name}:sum"]))
                for method, *arguments in calls:
                    with self.subTest(model=model, name=name, method=method), self.assertRaises(UserError):
                        self._call(self.technician, model, method, *arguments)
                self.assertNotIn(name, self._call(self.technician, model, "fields_get"))

    def test_price_given_with_a_new_line_is_refused(self):
        with self.assertRaises(AccessError):
            self._call(
                self.technician,
                "service.order.line",
                "create",
                [{"order_id": self.own.id, "product_id": self.part.id, "price_unit": 0}],
            )

    def test_price_is_not_found_through_another_field(self):
        with self.assertRaises(UserError):
            self._call(self.technician, "service.order", "search", [("line_ids.price_unit", ">", 1)])
        with self.assertRaises(UserError):
            self._call(self.technician, "service.order", "export_data", self.own.ids, ["line_ids/price_unit"])

    def test_reading_everything_shows_no_price_and_no_accounts(self):
        shown = {**self._call(self.technician, "service.order", "read", self.own.ids)[0]}
        shown |= self._call(self.technician, "service.order.line", "read", self.own.line_ids[0].ids)[0]

        for name in (
            *PRICES["service.order"],
            *PRICES["service.order.line"],
            "charge_ids",
            "invoice_ids",
            "is_overbilled",
        ):
            self.assertNotIn(name, shown)

    def test_technician_with_the_right_sees_prices(self):
        self.technician.group_ids += self.env.ref("service_billing.group_prices")

        shown = self._call(self.technician, "service.order.line", "read", self.own.line_ids.ids, ["price_unit"])

        self.assertEqual([line["price_unit"] for line in shown], [60, 40])
