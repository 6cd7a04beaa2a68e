from datetime import datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestOrderTime(ServiceBillingCommon):
    def setUp(self):
        super().setUp()
        self.order = self._create_order().with_user(self.technician)

    def run_timer(self, order, start, stop):
        with freeze_time(start):
            order.action_start()
        with freeze_time(stop):
            order.action_stop()
        return order.line_ids[-1]

    # === TIMER === #

    def test_timer_logs_the_minutes_between_start_and_stop(self):
        line = self.run_timer(self.order, "2026-05-04 08:00:00", "2026-05-04 09:07:00")

        self.assertRecordValues(
            line,
            [
                {
                    "kind": "labor",
                    "product_id": self.labor.id,
                    "technician_id": self.technician.id,
                    "started_at": datetime(2026, 5, 4, 8),
                    "stopped_at": datetime(2026, 5, 4, 9, 7),
                    "quantity": 1.12,
                    "is_running": False,
                }
            ],
        )

    def test_started_timer_runs_and_the_order_is_in_progress(self):
        self.order.action_start()

        self.assertEqual(self.order.state, "in_progress")
        self.assertTrue(self.order.running_line_id.is_running)
        self.assertEqual(self.order.running_line_id.quantity, 0)

    def test_second_start_on_the_same_order_changes_nothing(self):
        self.order.action_start()
        running = self.order.running_line_id

        action = self.order.action_start()

        self.assertIsNone(action)
        self.assertEqual(self.order.line_ids, running)

    def test_stop_without_running_timer_changes_nothing(self):
        self.order.action_stop()

        self.assertFalse(self.order.line_ids)

    def test_start_elsewhere_asks_to_stop_the_first_timer(self):
        self.order.action_start()
        other = self._create_order().with_user(self.technician)

        action = other.action_start()

        self.assertEqual(action["res_model"], "service.timer.switch")
        self.assertFalse(other.line_ids)
        self.assertTrue(self.order.running_line_id)

    def test_switch_stops_the_first_timer_and_starts_the_second(self):
        self.order.action_start()
        first = self.order.running_line_id
        other = self._create_order().with_user(self.technician)
        action = other.action_start()

        wizard = Form(self.env[action["res_model"]].with_user(self.technician).with_context(**action["context"])).save()
        wizard.action_switch()

        self.assertFalse(first.is_running)
        self.assertTrue(other.running_line_id)

    def test_timer_of_another_technician_is_never_switched_off(self):
        theirs = self._create_order(technician_id=self.other_technician.id).with_user(self.other_technician)
        theirs.action_start()

        self.env["service.timer.switch"].with_user(self.technician).create(
            {"order_id": self.order.id, "running_line_id": theirs.running_line_id.id}
        ).action_switch()

        self.assertTrue(theirs.running_line_id.is_running)

    def test_technician_has_one_timer_across_companies(self):
        self._set_up_second_company()
        self.technician.write({"company_ids": [Command.link(self.second_company.id)]})
        abroad = (
            self.env["service.order"]
            .with_user(self.second_biller)
            .create({"partner_id": self.customer.id, "technician_id": self.technician.id})
        )
        abroad.with_user(self.technician).with_company(self.second_company).action_start()
        here = {"allowed_company_ids": self.company.ids}
        at_home = self.order.with_context(**here)

        action = at_home.action_start()
        wizard = self.env["service.timer.switch"].with_user(self.technician).with_context(**here, **action["context"])
        switch = Form(wizard).save()
        self.assertEqual(switch.running_order_name, abroad.name)
        switch.action_switch()

        self.assertFalse(abroad.line_ids.is_running)
        self.assertTrue(at_home.running_line_id)

    def test_two_technicians_time_themselves_on_one_order(self):
        self.order.action_start()

        self.order.with_user(self.biller).action_start()

        self.assertEqual(self.order.line_ids.technician_id, self.technician + self.biller)

    @mute_logger("odoo.sql_db")
    def test_second_running_timer_is_refused_by_the_database(self):
        self.order.action_start()
        values = {"kind": "labor", "started_at": "2026-05-04 08:00:00", "technician_id": self.technician.id}

        with self.assertRaises(IntegrityError):
            self._create_order().write({"line_ids": [Command.create(values)]})

    @mute_logger("odoo.sql_db")
    def test_work_never_stops_before_it_starts(self):
        with self.assertRaises(IntegrityError):
            self.order.line_ids = [
                Command.create(
                    {"kind": "labor", "started_at": "2026-05-04 08:00:00", "stopped_at": "2026-05-04 07:59:00"}
                )
            ]

    def test_cancelled_order_stops_its_timers(self):
        self.order.action_start()
        line = self.order.running_line_id

        self.order.with_user(self.biller).action_cancel()

        self.assertFalse(line.is_running)

    def test_technician_cannot_start_on_the_order_of_another(self):
        theirs = self._create_order(technician_id=self.other_technician.id)

        with self.assertRaises(AccessError):
            theirs.with_user(self.technician).action_start()

    # === ROUNDING === #

    def test_billed_time_is_shown_beside_the_logged(self):
        self.run_timer(self.order, "2026-05-04 08:00:00", "2026-05-04 09:07:00")

        self.assertEqual((self.order.logged_hours, self.order.billed_hours), (1.12, 1.25))

    def test_companys_rule_rounds_the_time(self):
        for minutes, method, billed in ((15, "nearest", 1.0), (30, "up", 1.5), (0, "up", 1.12), (15, "none", 1.12)):
            with self.subTest(minutes=minutes, method=method):
                self.company.write({"service_rounding_minutes": minutes, "service_rounding_method": method})
                order = self._create_order().with_user(self.technician)

                line = self.run_timer(order, "2026-05-04 08:00:00", "2026-05-04 09:07:00")

                self.assertEqual(line.billed_quantity, billed)

    def test_changed_rule_leaves_the_time_already_logged_alone(self):
        line = self.run_timer(self.order, "2026-05-04 08:00:00", "2026-05-04 09:07:00")
        self.env.flush_all()

        self.company.service_rounding_minutes = 60
        self.env.invalidate_all()

        self.assertEqual(line.billed_quantity, 1.25)

    def test_rounded_time_can_be_changed_by_hand(self):
        line = self.run_timer(self.order, "2026-05-04 08:00:00", "2026-05-04 09:07:00")

        line.billed_quantity = 1.0

        self.assertEqual((line.quantity, line.billed_quantity, line.sudo().price_subtotal), (1.12, 1.0, 60.0))

    def test_corrected_time_is_rounded_anew(self):
        line = self.run_timer(self.order, "2026-05-04 08:00:00", "2026-05-04 09:07:00")

        line.stopped_at = "2026-05-04 08:20:00"

        self.assertEqual((line.quantity, line.billed_quantity), (0.33, 0.5))

    def test_time_is_entered_by_hand(self):
        self.order.line_ids = [Command.create({"kind": "labor", "quantity": 2.1})]

        self.assertRecordValues(
            self.order.line_ids,
            [
                {
                    "product_id": self.labor.id,
                    "product_uom_id": self.env.ref("uom.product_uom_hour").id,
                    "technician_id": self.technician.id,
                    "quantity": 2.1,
                    "billed_quantity": 2.25,
                    "is_running": False,
                }
            ],
        )

    def test_labor_of_the_type_goes_before_the_companys(self):
        emergency = self._create_product(
            name="Night Shift", type="service", list_price=120.0, uom_id=self.env.ref("uom.product_uom_hour").id
        )
        self.type_repair.labor_product_id = emergency

        self.order.line_ids = [Command.create({"kind": "labor", "quantity": 1})]

        self.assertEqual(self.order.line_ids.product_id, emergency)
        self.assertEqual(self.order.line_ids.sudo().price_subtotal, 120.0)

    def test_time_without_labor_product_asks_for_one(self):
        self.company.service_labor_product_id = False

        with self.assertRaises(UserError):
            self.order.action_start()

    def test_new_company_bills_time_from_the_first_day(self):
        company = self.env["res.company"].create({"name": "New Firm"})

        self.assertEqual(company.service_labor_product_id, self.env.ref("service_billing.product_labor"))
