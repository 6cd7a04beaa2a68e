from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_concurrent import ConcurrentCase


@tagged("post_install", "-at_install")
class TestChargeQuotationAtOnce(ConcurrentCase):
    """Two people confirm the same quotation at the same second."""

    def setUp(self):
        super().setUp()
        with self._committing() as env:
            env["res.users"].browse(self.biller_id).group_ids += env.ref("sales_team.group_sale_salesman_all_leads")
            product = env["product.product"].create(
                {"name": "Call-out at Once", "type": "service", "service_tracking": "service_order"}
            )
            quotation = env["sale.order"].create(
                {
                    "partner_id": self.customer_id,
                    "user_id": self.biller_id,
                    "order_line": [Command.create({"product_id": product.id, "price_unit": 100.0})],
                }
            )
            self.product_id, self.quotation_id = product.id, quotation.id
        self.addCleanup(self._delete_quotation)

    def _delete_quotation(self):
        with self._committing() as env:
            quotation = env["sale.order"].browse(self.quotation_id)
            quotation._action_cancel()
            quotation.service_order_ids.unlink()
            quotation.unlink()
            env["product.product"].browse(self.product_id).unlink()

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_quotation_confirmed_twice_at_once_makes_one_order(self):
        def confirm(env):
            return env["sale.order"].browse(self.quotation_id).action_confirm()

        results = self._at_once(confirm, confirm)

        self.assertEqual(len([result for result in results if isinstance(result, UserError)]), 1)
        with self._committing() as env:
            order = env["sale.order"].browse(self.quotation_id).service_order_ids
            self.assertEqual(len(order), 1)
            self.assertEqual(len(order.line_ids), 1)
