from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import tagged

from .common_billing_run import BillingRunCommon

JANUARY, FEBRUARY = Date.to_date("2026-01-31"), Date.to_date("2026-02-28")


@tagged("post_install", "-at_install")
@freeze_time("2026-02-10 10:00:00")
class TestOpenOrders(BillingRunCommon):
    """An agency works for months on an order of one hour a visit, at 60.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type_retainer = cls.type_quick.copy({"name": "Retainer", "bill_on": "cycle"})
        cls.order = cls._open_order()

    @classmethod
    def _open_order(cls, **values):
        order = cls._create_order(type_id=cls.type_retainer.id, **values)
        order.with_user(cls.technician)._set_state("in_progress", allowed=("new",))
        return order

    @classmethod
    def _log(cls, day, hours=1, order=None):
        """Return the time that the technician's timer logged on a day."""
        order = (order or cls.order).with_user(cls.technician)
        times = {"started_at": f"{day} 08:00:00", "stopped_at": f"{day} {8 + hours:02}:00:00"}
        order.line_ids = [Command.create({"kind": "labor", "product_id": cls.labor.id, **times})]
        return order.line_ids[-1:].with_user(cls.biller)

    def _collect(self, until=FEBRUARY, partner=None):
        return self.env["service.charge"].with_user(self.biller)._collect(partner or self.customer, self.company, until)

    def test_time_is_charged_up_to_the_day_and_no_further(self):
        self._log("2026-01-30", 2)
        self._log("2026-02-02", 3)

        self.assertRecordValues(
            self._collect(JANUARY),
            [{"quantity": 2, "state": "open", "kind": "labor", "date": Date.to_date("2026-01-30")}],
        )
        self.assertEqual(self._collect(FEBRUARY).quantity, 3)
        self.assertEqual(str(self.order.charged_until), "2026-02-02")

    def test_collecting_again_charges_nothing_again(self):
        self._log("2026-01-30")

        first = self._collect()

        self.assertFalse(self._collect())
        self.assertEqual(self.order.charge_ids, first)

    def test_company_clock_decides_which_day_it_was(self):
        self.company.billing_timezone = "Pacific/Auckland"
        line = self._log("2026-01-31", 6)

        self.assertFalse(self._collect(JANUARY))
        self.assertEqual(line.stopped_at.day, 31)
        self.assertEqual(str(self._collect(FEBRUARY).date), "2026-02-01")

    def test_typed_hours_belong_to_the_day_they_were_typed(self):
        line = Command.create({"kind": "labor", "product_id": self.labor.id, "quantity": 2})
        self.order.with_user(self.technician).line_ids = [line]

        typed_on = self.order.line_ids.create_date.date()
        self.assertFalse(self._collect(typed_on - timedelta(days=1)))
        self.assertEqual(self._collect(typed_on).date, typed_on)

    def test_running_timer_waits(self):
        self.order.with_user(self.technician).action_start()

        self.assertFalse(self._collect())

    def test_parts_and_fixed_prices_wait_until_the_order_is_done(self):
        self._log("2026-02-02")
        self._work_order(self.order, hours=0, parts=1, services=1)

        self.assertEqual(self._collect().mapped("kind"), ["labor"])
        self.order.with_user(self.technician).action_done()

        self.assertEqual(sorted(self.order.charge_ids.mapped("kind")), ["labor", "part", "service"])

    def test_orders_billed_when_done_and_other_customers_are_left_alone(self):
        other = self._create_customer("Pension Edelweiss")
        ordinary = self._create_order(type_id=self.type_quick.id)
        ordinary.with_user(self.technician)._set_state("in_progress", allowed=("new",))
        self._log("2026-02-02", order=ordinary)
        foreign = self._log("2026-02-03", order=self._open_order(partner_id=other.id))

        self.assertFalse(self._collect())
        self.assertEqual(
            self.env["service.charge"]._get_collect_partners(self.company, FEBRUARY) & (self.customer | other), other
        )
        self.assertEqual(self._collect(partner=other).order_line_id, foreign)

    def test_finishing_the_order_charges_only_what_is_left(self):
        self._log("2026-02-02")
        first = self._collect()
        self._log("2026-02-03", 2)

        self.order.with_user(self.technician).action_done()

        self.assertEqual((self.order.charge_ids - first).mapped("quantity"), [2])
        self.assertEqual(first.state, "open")

    def test_correction_of_drafted_time_changes_the_draft_and_is_highlighted(self):
        line = self._log("2026-02-02")
        draft = self._collect()._create_invoices()

        line.with_user(self.technician).quantity = 2

        self.assertRecordValues(
            draft.invoice_line_ids, [{"quantity": 2, "price_subtotal": 120, "billing_is_changed": True}]
        )

    def test_correction_after_finalize_is_a_charge_of_the_difference(self):
        line = self._log("2026-02-02")
        charge = self._collect()
        charge._create_invoices().action_billing_finalize()

        line.with_user(self.technician).quantity = 1.5

        self.assertRecordValues(self.order.charge_ids - charge, [{"quantity": 0.5, "revision": 1, "state": "open"}])
        self.assertFalse(self._collect())

    def test_fewer_hours_than_invoiced_are_flagged_while_the_order_is_open(self):
        line = self._log("2026-02-02", 2)
        self._collect()._create_invoices().action_billing_finalize()

        line.with_user(self.technician).quantity = 1

        self.assertTrue(self.order.is_overbilled)

    def test_order_that_is_opened_again_holds_no_time_back(self):
        self._log("2026-02-02")
        self._work_order(self.order, hours=0, parts=1)
        self.order.with_user(self.technician).action_done()

        self.order.with_user(self.technician).action_reopen()

        states = {charge.kind: charge.state for charge in self.order.charge_ids}
        self.assertEqual(states, {"labor": "open", "part": "pending"})

    def test_order_with_charged_time_cannot_be_cancelled(self):
        self._log("2026-02-02")
        self._collect()

        with self.assertRaises(UserError):
            self.order.action_cancel()

    def test_part_of_the_plan_that_is_not_done_yet_keeps_nothing_from_being_billed(self):
        line = {"kind": "labor", "product_id": self.labor.id, "planned_quantity": 100}
        self.order.with_user(self.biller).line_ids = [Command.create(line)]
        self._log("2026-02-02")

        self.assertTrue(self._collect()._create_invoices())

    def test_run_previews_and_bills_the_time_of_open_orders(self):
        self._log("2026-02-02", 2)

        run = self._preview(partner_ids=self.customer.ids, until="2026-02-10")
        self.assertFalse(self.order.charge_ids)
        planned = run.planned_total
        self._run(run)

        self.assertEqual(self._get_drafts().invoice_line_ids.mapped("quantity"), [2])
        self.assertEqual(self._get_drafts().amount_total, planned)

    def test_monthly_cycle_bills_each_month_once(self):
        self._give_cycle(cycle="monthly", anchor="2026-02-01")
        self._log("2026-02-02")
        with freeze_time("2026-03-01 12:00:00"):
            self._bill_cycles()
            self._bill_cycles()

        self.assertEqual(self._get_drafts().invoice_line_ids.mapped("quantity"), [1])
        self.assertEqual(self.order.state, "in_progress")
