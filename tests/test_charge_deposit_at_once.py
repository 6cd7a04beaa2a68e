from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_concurrent import CLEAN_UP, ConcurrentCase

CLEAN_UP_ORDERS = """
    DELETE FROM service_deposit_use WHERE deposit_charge_id IN (
        SELECT id FROM service_charge WHERE partner_id = %(customer)s
    );
    DELETE FROM service_charge WHERE partner_id = %(customer)s;
    DELETE FROM service_order_milestone WHERE order_id IN (
        SELECT id FROM service_order WHERE partner_id = %(customer)s
    );
    DELETE FROM service_order WHERE partner_id = %(customer)s;
"""


@tagged("post_install", "-at_install")
class TestChargeDepositAtOnce(ConcurrentCase):
    """A deposit that two orders share, and people who bill at the same second."""

    def setUp(self):
        super().setUp()
        with self._committing() as env:
            order_type = env["service.order.type"].create(
                {"name": "At Once", "require_time": False, "require_report": False, "require_signature": False}
            )
            product = env["product.product"].create({"name": "Check-up at Once", "type": "service"})
            self.type_id, self.product_id = order_type.id, product.id
            line = {"kind": "fixed", "product_id": product.id, "quantity": 1, "price_unit": 80, "tax_ids": False}
            values = {"partner_id": self.customer_id, "type_id": order_type.id, "line_ids": [Command.create(line)]}
            orders = env["service.order"].create([{**values, "agreed_amount": 100}, values])
            self.order_ids = orders.ids
            milestone = env["service.order.milestone"].create(
                {"order_id": orders[0].id, "percentage": 100, "shared_order_ids": [Command.set(orders[1].ids)]}
            )
            self.milestone_id = milestone.id
        self.addCleanup(self._delete_orders)

    def _delete_orders(self):
        with self._committing() as env:
            env.cr.execute(CLEAN_UP + CLEAN_UP_ORDERS, {"customer": self.customer_id})
            env["service.order.type"].browse(self.type_id).unlink()
            env["product.product"].browse(self.product_id).unlink()

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_orders_deduct_a_shared_deposit_at_once_and_never_more_than_it(self):
        with self._committing(self.biller_id) as env:
            milestone = env["service.order.milestone"].browse(self.milestone_id)
            milestone.action_bill()
            milestone.charge_ids._create_invoices().action_billing_finalize()
            env["service.order"].browse(self.order_ids).action_done()

        def draft(order_id):
            return lambda env: env["service.order"].browse(order_id).action_create_invoice()["res_id"]

        drafts = self._at_once(*map(draft, self.order_ids))

        with self._committing() as env:
            totals = env["account.move"].browse(drafts).mapped("amount_total")
            uses = env["service.order.milestone"].browse(self.milestone_id).charge_ids.deposit_use_ids
            self.assertEqual(sorted(uses.mapped("amount")), [20, 80])
            self.assertEqual(sorted(totals), [0, 60])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_milestone_billed_twice_at_once_is_billed_once(self):
        def bill(env):
            env["service.order.milestone"].browse(self.milestone_id).action_bill()

        results = self._at_once(bill, bill)

        self.assertEqual(len([result for result in results if isinstance(result, UserError)]), 1)
        with self._committing() as env:
            self.assertEqual(len(env["service.order.milestone"].browse(self.milestone_id).charge_ids), 1)
