from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestOrderStates(ServiceBillingCommon):
    def test_order_goes_from_new_over_scheduled_and_in_progress_to_done(self):
        order = self._create_order(scheduled_start="2026-05-04 08:00:00", scheduled_stop="2026-05-04 10:00:00")
        states = [order.state]

        order.action_schedule()
        states.append(order.state)
        order.with_user(self.technician).action_start()
        states.append(order.state)
        order.with_user(self.technician).action_stop()
        self._work_order(order)
        order.with_user(self.technician).action_done()
        states.append(order.state)

        self.assertEqual(states, ["new", "scheduled", "in_progress", "done"])

    def test_state_history_says_who_and_when(self):
        order = self._create_order().with_context(tracking_disable=False, mail_notrack=False)
        self._work_order(order)
        self.flush_tracking()

        with freeze_time("2026-05-04 09:30:00"):
            order.with_user(self.technician).action_done()
            self.flush_tracking()

        change = order.message_ids.sudo().tracking_value_ids.filtered(lambda value: value.field_id.name == "state")
        self.assertRecordValues(change, [{"old_value_char": "New", "new_value_char": "Done"}])
        self.assertEqual(change.mail_message_id.author_id, self.technician.partner_id)
        self.assertEqual(str(change.mail_message_id.date), "2026-05-04 09:30:00")

    def test_done_order_that_is_done_again_stays_as_it_is(self):
        order = self._done_order(parts=1)
        done_on, charges = order.done_on, order.charge_ids

        order.action_done()

        self.assertEqual((order.done_on, order.charge_ids), (done_on, charges))
        self.assertEqual(len(order.line_ids.sudo().stock_move_ids), 1)

    def test_several_orders_are_done_at_once(self):
        orders = self._create_order(type_id=self.type_quick.id) + self._create_order(type_id=self.type_quick.id)

        orders.action_done()

        self.assertEqual(orders.mapped("state"), ["done", "done"])

    def test_actions_on_no_order_do_nothing(self):
        nothing = self.env["service.order"].with_user(self.biller)

        nothing.action_schedule()
        nothing.action_done()
        nothing.action_cancel()
        nothing.action_reopen()

    def test_new_order_cannot_be_reopened(self):
        with self.assertRaises(UserError):
            self._create_order().action_reopen()

    def test_done_order_cannot_be_cancelled(self):
        order = self._done_order()

        with self.assertRaises(UserError):
            order.action_cancel()

        self.assertEqual(order.state, "done")

    def test_cancelled_order_cannot_be_done_before_it_is_reopened(self):
        order = self._create_order(type_id=self.type_quick.id)
        order.action_cancel()

        with self.assertRaises(UserError):
            order.action_done()
        order.action_reopen()
        order.action_done()

        self.assertEqual(order.state, "done")

    def test_order_whose_work_was_handed_over_once_cannot_be_cancelled(self):
        order = self._done_order(parts=1)
        order.action_reopen()

        with self.assertRaises(UserError):
            order.action_cancel()

    def test_state_changes_by_its_actions_only(self):
        order = self._create_order()

        for user in (self.technician, self.biller, self.manager):
            for values in ({"state": "done"}, {"done_on": "2026-05-04 08:00:00"}, {"name": "SO/2026/9999"}):
                with self.subTest(user=user.login, values=values), self.assertRaises(UserError):
                    self._call(user, "service.order", "write", order.ids, values)
        with self.assertRaises(UserError):
            self._create_order(state="done")

    def test_work_of_done_order_is_changed_only_after_it_is_reopened(self):
        order = self._done_order(parts=1)
        technicians = order.with_user(self.technician)

        for change in (
            lambda: technicians.line_ids[0].write({"quantity": 5}),
            lambda: technicians.line_ids[0].write({"billed_quantity": 5}),
            technicians.line_ids[0].unlink,
            lambda: technicians.write({"line_ids": [Command.create({"product_id": self.part.id})]}),
            technicians.action_start,
            lambda: technicians.action_add_product(self.part.id),
            lambda: technicians.write({"report": "<p>Nothing done.</p>"}),
            lambda: technicians.write({"signed_by": "Somebody else"}),
            lambda: order.write({"partner_id": self.partner_a.id}),
        ):
            with self.assertRaises(UserError):
                change()
        technicians.action_reopen()
        technicians.line_ids[0].quantity = 5

        self.assertEqual(technicians.line_ids[0].quantity, 5)

    def test_new_and_cancelled_orders_can_be_deleted(self):
        cancelled = self._create_order()
        cancelled.with_user(self.technician).action_start()
        cancelled.action_cancel()

        (cancelled + self._create_order()).unlink()

        self.assertFalse(cancelled.exists())

    def test_orders_with_work_cannot_be_deleted(self):
        started = self._create_order()
        started.with_user(self.technician).action_start()

        for order in (started, self._done_order()):
            with self.subTest(state=order.state), self.assertRaises(UserError):
                order.unlink()

    def test_technician_cannot_delete_an_order(self):
        order = self._create_order()

        with self.assertRaises(UserError):
            self._call(self.technician, "service.order", "unlink", order.ids)

    def test_orders_are_numbered_by_company(self):
        self._set_up_second_company()
        orders = self.env["service.order"]

        first = self._create_order()
        second = orders.with_user(self.second_biller).create({"partner_id": self.customer.id})
        third = self._create_order()

        numbers = [int(order.name.rsplit("/", 1)[1]) for order in (first, second, third)]
        self.assertEqual(numbers[2], numbers[0] + 1)
        self.assertEqual(numbers[1], 1)

    def test_number_is_not_typed(self):
        with self.assertRaises(UserError):
            self._create_order(name="My Number")

    def test_copy_is_a_new_order_without_the_work(self):
        order = self._done_order(parts=1)

        copy = order.copy()

        expected = {"state": "new", "partner_id": self.customer.id, "line_ids": [], "done_on": False}
        self.assertRecordValues(copy, [expected])
        self.assertFalse(copy.signature)
        self.assertNotEqual(copy.name, order.name)

    def test_order_without_customer_is_refused(self):
        with self.assertRaises(ValidationError):
            self._create_order(partner_id=False)
        with self.assertRaises(ValidationError):
            self._create_order().partner_id = False

    def test_technician_of_another_company_is_refused(self):
        self._set_up_second_company()

        with self.assertRaises(UserError):
            self._create_order(technician_id=self.second_technician.id)

    def test_type_in_use_is_archived_rather_than_deleted(self):
        self._create_order()

        with self.assertRaises(UserError):
            self.type_repair.with_user(self.manager).unlink()

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()
