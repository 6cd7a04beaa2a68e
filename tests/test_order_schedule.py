from datetime import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-04 06:00:00")
class TestOrderSchedule(ServiceBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner"].create({"name": "Ms. Follower"})

    def setUp(self):
        super().setUp()
        self.order = self._create_order(
            scheduled_start="2026-05-05 08:00:00", scheduled_stop="2026-05-05 10:00:00"
        ).with_context(tracking_disable=False)

    def test_scheduled_visit_stands_in_the_technicians_calendar(self):
        self.order.action_schedule()

        event = self.order.calendar_event_id
        self.assertRecordValues(
            event,
            [
                {
                    "start": datetime(2026, 5, 5, 8),
                    "stop": datetime(2026, 5, 5, 10),
                    "user_id": self.technician.id,
                    "partner_ids": self.technician.partner_id.ids,
                }
            ],
        )
        self.assertIn(self.order.name, event.name)
        self.assertIn("Hotel Alpina", event.name)

    def test_scheduling_twice_makes_one_event(self):
        self.order.action_schedule()
        event = self.order.calendar_event_id

        self.order.action_schedule()

        self.assertEqual(self.order.calendar_event_id, event)
        self.assertEqual(len(self.technician.partner_id.with_user(self.technician).meeting_ids), 1)

    def test_visit_that_moves_takes_its_event_along(self):
        self.order.action_schedule()

        self.order.write({"scheduled_start": "2026-05-06 13:00:00", "scheduled_stop": "2026-05-06 15:00:00"})

        self.assertRecordValues(
            self.order.calendar_event_id, [{"start": datetime(2026, 5, 6, 13), "stop": datetime(2026, 5, 6, 15)}]
        )

    def test_event_that_moves_takes_its_visit_along(self):
        self.order.action_schedule()
        event = self.order.calendar_event_id.with_user(self.technician)

        event.write({"start": "2026-05-07 09:00:00", "stop": "2026-05-07 09:30:00"})

        self.assertRecordValues(
            self.order, [{"scheduled_start": datetime(2026, 5, 7, 9), "scheduled_stop": datetime(2026, 5, 7, 9, 30)}]
        )

    def test_event_of_done_order_moves_alone(self):
        self.order.action_schedule()
        self._work_order(self.order)
        self.order.action_done()

        self.order.calendar_event_id.sudo().write({"start": "2026-05-07 09:00:00", "stop": "2026-05-07 09:30:00"})

        self.assertEqual(self.order.scheduled_start, datetime(2026, 5, 5, 8))

    def test_other_technician_takes_over_the_event(self):
        self.order.action_schedule()

        self.order.technician_id = self.other_technician

        self.assertRecordValues(
            self.order.calendar_event_id,
            [{"user_id": self.other_technician.id, "partner_ids": self.other_technician.partner_id.ids}],
        )

    def test_visit_without_time_or_technician_has_no_event(self):
        for missing in ("scheduled_start", "scheduled_stop", "technician_id"):
            with self.subTest(missing=missing):
                order = self.order.copy(
                    {"scheduled_start": "2026-05-05 08:00:00", "scheduled_stop": "2026-05-05 10:00:00"}
                )
                order.action_schedule()
                event = order.calendar_event_id

                order[missing] = False

                self.assertFalse(event.exists())
                self.assertFalse(order.calendar_event_id)

    def test_cancelled_visit_leaves_the_calendar(self):
        self.order.action_schedule()
        event = self.order.calendar_event_id

        self.order.action_cancel()

        self.assertFalse(event.exists())

    def test_nobody_gets_a_mail(self):
        sent = self.env["mail.mail"].sudo()
        before = sent.search([])

        self.order.action_schedule()
        self.order.write({"scheduled_start": "2026-05-06 13:00:00", "scheduled_stop": "2026-05-06 15:00:00"})
        self.order.technician_id = self.other_technician
        self.order.calendar_event_id.sudo().write({"start": "2026-05-07 09:00:00", "stop": "2026-05-07 10:00:00"})
        self.order.action_cancel()
        self.env.flush_all()
        self.cr.flush()

        self.assertFalse(sent.search([]) - before)

    def test_what_is_missing_is_asked_for(self):
        for missing in ("scheduled_start", "scheduled_stop", "technician_id"):
            with self.subTest(missing=missing):
                order = self.order.copy({missing: False})

                with self.assertRaises(UserError):
                    order.action_schedule()

    def test_visit_ends_after_it_starts(self):
        with self.assertRaises(ValidationError):
            self.order.scheduled_stop = "2026-05-05 08:00:00"
