from odoo.fields import Datetime
from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests.test_js import unit_test_error_checker

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestOrderTours(ServiceBillingCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_technician_closes_a_visit_on_a_phone(self):
        order = self._create_order(scheduled_start=Datetime.now(), scheduled_stop=Datetime.add(Datetime.now(), hours=1))

        self.start_tour("/odoo/my-service-orders", "service_order_closed_on_a_phone", login="technician")

        self.assertRecordValues(order, [{"state": "done", "signed_by": "Mr. Alpina"}])
        self.assertIn("Replaced the valve", order.report)
        self.assertTrue(order.signature)
        self.assertRecordValues(
            order.line_ids.sorted("kind"),
            [{"kind": "labor", "is_running": False}, {"kind": "part", "is_running": False}],
        )
        self.assertEqual(order.part_line_ids.stock_move_ids.quantity, 2)

    def test_technician_begins_with_the_orders_of_the_day(self):
        action = self.env.ref("service_billing.service_order_action_my")
        for login, home in (("technician", action.id), ("biller", False)):
            with self.subTest(login=login):
                self.authenticate(login, login)

                info = self.make_jsonrpc_request("/web/session/get_session_info")

                self.assertEqual(info["home_action_id"], home)


@tagged("post_install", "-at_install")
class TestOrderComponents(HttpCase):
    def test_components_of_orders(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&filter=@service_billing/order",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )
