from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestOrderInput(ServiceBillingCommon):
    def setUp(self):
        super().setUp()
        self.order = self._create_order().with_user(self.technician)

    def use_parts(self, quantity, product=None):
        self.order.line_ids = [Command.create({"product_id": (product or self.part).id, "quantity": quantity})]
        self._work_order(self.order)
        return self.order.line_ids[0]

    def test_text_where_a_number_belongs_is_refused_in_one_sentence(self):
        line = self.use_parts(1)

        for name, value in (
            ("quantity", "abc"),
            ("planned_quantity", "1,5"),
            ("billed_quantity", "nan"),
            ("quantity", float("inf")),
            ("quantity", [1]),
        ):
            with self.subTest(name=name, value=value):
                with self.assertRaises(UserError) as refusal:
                    self._call(self.technician, "service.order.line", "write", line.ids, {name: value})
                self.assertNotIn("\n", str(refusal.exception))
        for user, values in (
            (self.biller, {"price_unit": "abc"}),
            (self.biller, {"discount": "-"}),
            (self.technician, {"quantity": "abc"}),
        ):
            line_values = {"order_id": self.order.id, "product_id": self.part.id, **values}
            with self.subTest(values=values), self.assertRaises(UserError):
                self._call(user, "service.order.line", "create", [line_values])
        with self.assertRaises(UserError):
            self._call(
                self.technician,
                "service.order",
                "write",
                self.order.ids,
                {"report": "<p>New.</p>", "line_ids": [Command.update(line.id, {"quantity": "abc"})]},
            )

        self.assertEqual(line.quantity, 1)

    def test_zero_is_no_quantity(self):
        with self.assertRaises(UserError):
            self.use_parts(0)

    @mute_logger("odoo.sql_db")
    def test_negative_quantities_are_refused_in_one_sentence(self):
        line = self.use_parts(1)

        for name in ("quantity", "planned_quantity", "billed_quantity"):
            with self.subTest(name=name):
                with self.assertRaises(IntegrityError) as refusal, self.cr.savepoint():
                    line.write({name: -1})
                    line.flush_recordset()
                message = line._sql_error_to_message(refusal.exception)
                self.assertEqual(message, "A quantity is never negative.")

    def test_product_of_another_company_is_refused_in_one_sentence_without_its_name(self):
        self._set_up_second_company()
        secret = self.env["product.product"].sudo().create({"name": "Secret", "company_id": self.second_company.id})

        with self.assertRaises(UserError) as refusal:
            self._call(
                self.biller, "service.order.line", "create", [{"order_id": self.order.id, "product_id": secret.id}]
            )

        self.assertNotIn("\n", str(refusal.exception))
        self.assertNotIn("Secret", str(refusal.exception))
