from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_billing_run import BillingRunCommon
from .common_jobs import performing_jobs


@tagged("post_install", "-at_install")
@freeze_time("2026-11-21 10:00:00")
class TestBillingRun(BillingRunCommon):
    def test_preview_shows_each_customer_and_writes_nothing(self):
        other = self._create_customer("Pension Edelweiss")
        charges = self._charge(price=100) | self._charge(price=20) | self._charge(other, price=7)

        run = self._preview(partner_ids=(self.customer | other).ids)

        self.assertRecordValues(
            run.line_ids,
            [{"partner_id": self.customer.id, "planned_total": 120}, {"partner_id": other.id, "planned_total": 7}],
        )
        self.assertEqual((run.planned_total, run.status), (127, "draft"))
        self.assertEqual(set(charges.mapped("state")), {"open"})
        self.assertFalse(self._get_drafts())

    def test_run_bills_exactly_what_the_preview_showed(self):
        charges = self._charge(price=100) | self._charge(price=20)
        run = self._preview(partner_ids=self.customer.ids)

        self._run(run)

        self.assertRecordValues(run, [{"status": "done", "total": 120, "invoice_count": 1, "progress": 100}])
        self.assertEqual(self._get_drafts().billing_charge_ids, charges)
        self.assertFalse(run.line_ids.reason)

    def test_charge_that_came_after_the_preview_stays_open_and_is_explained(self):
        self._charge(price=100)
        run = self._preview(partner_ids=self.customer.ids)
        late = self._charge(price=9, name="Late part")

        self._run(run)

        self.assertEqual(self._get_drafts().amount_total, 100)
        self.assertEqual(late.state, "open")
        self.assertIn("Late part", run.line_ids.reason)

    def test_charge_changed_or_gone_since_the_preview_is_explained(self):
        changed, gone = self._charge(name="Changed work"), self._charge(name="Waived work")
        run = self._preview(partner_ids=self.customer.ids)
        changed.price_unit = 80
        gone.action_waive("Goodwill")

        self._run(run)

        self.assertEqual(self._get_drafts().amount_total, 80)
        self.assertIn("Changed work", run.line_ids.reason)
        self.assertIn("No longer open: “Waived work”", run.line_ids.reason)

    def test_second_run_of_the_same_day_bills_nothing(self):
        self._charge()
        first, second = (self._preview(partner_ids=self.customer.ids) for _count in range(2))

        self._run(first)
        self._run(second)

        self.assertEqual(len(self._get_drafts()), 1)
        self.assertEqual(second.line_ids.state, "done")
        self.assertIn("No longer open", second.line_ids.reason)
        self.assertFalse(self._preview(partner_ids=self.customer.ids).line_ids)

    def test_whoever_starts_second_is_told_who_was_first(self):
        self._charge()
        run = self._preview(partner_ids=self.customer.ids)
        self._run(run)

        with performing_jobs() as jobs:
            notice = run.with_user(self.manager).action_run()
            jobs.assert_jobs_count(0)

        self.assertIn("Biller", notice["params"]["message"])

    def test_one_customer_with_a_broken_record_stops_no_other(self):
        customers = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(50)])
        self.env["service.charge"].create(
            [{"partner_id": customer.id, "name": "Visit", "price_unit": 10, "tax_ids": []} for customer in customers]
        )
        run = self._preview(partner_ids=customers.ids)
        customers[7].active = False

        self._run(run)

        self.assertRecordValues(run, [{"status": "failed", "done_count": 49, "failed_count": 1, "invoice_count": 49}])
        failed = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual((failed.partner_id, failed.reason[-1]), (customers[7], "."))

        customers[7].active = True
        with performing_jobs():
            run.action_retry()
        self.env.invalidate_all()
        self.assertRecordValues(run, [{"status": "done", "done_count": 50, "invoice_count": 50}])
        self.assertEqual(len(run.line_ids.invoice_ids), 50)

    def test_bug_in_one_customer_is_a_failure_of_that_line_only(self):
        other = self._create_customer("Pension Edelweiss")
        self._charge(), self._charge(other)
        run = self._preview(partner_ids=(self.customer | other).ids)
        broken = run.line_ids.filtered(lambda line: line.partner_id == other)
        broken.sudo().planned = ["not a plan"]

        with self.assertLogs("odoo.addons.service_billing.models.settings.service_batch", "ERROR"):
            self._run(run)

        self.assertEqual(broken.state, "failed")
        self.assertEqual(self._get_drafts().billing_charge_ids.partner_id, self.customer)

    def test_customer_who_is_billed_much_more_than_last_time_is_marked(self):
        self._charge(price=100)
        self._run(self._preview(partner_ids=self.customer.ids))
        self._charge(price=126)

        line = self._preview(partner_ids=self.customer.ids).line_ids

        self.assertRecordValues(line, [{"previous_total": 100, "change_percent": 26, "is_flagged": True}])

    def test_started_run_is_history(self):
        self._charge()
        run = self._preview(partner_ids=self.customer.ids)
        self._run(run)

        for work in (
            lambda: run.write({"until": "2026-12-31"}),
            run.action_preview,
            run.unlink,
        ):
            with self._refused():
                work()

    def test_run_without_preview_is_refused(self):
        run = self.env["service.billing.run"].with_user(self.biller).create({})

        with self._refused(UserError):
            run.action_run()

    def test_run_of_all_customers_leaves_out_whose_billing_day_has_not_come(self):
        self._give_cycle(cycle="monthly", anchor="2026-12-01")
        self._charge(date="2026-11-10")

        self.assertNotIn(self.customer, self._preview().line_ids.partner_id)
        self.assertIn(self.customer, self._preview(until="2026-11-30").line_ids.partner_id)

    def test_drafts_of_two_currencies_are_added_up_in_company_currency(self):
        currency = self.setup_other_currency("CHF", rates=[("2020-01-01", 2.0)])
        self._charge(price=100)
        self._charge(price=50, currency_id=currency.id)

        run = self._preview(partner_ids=self.customer.ids)
        self._run(run)

        self.assertEqual((run.planned_total, run.total, run.invoice_count), (125, 125, 2))

    def test_what_recurs_is_previewed_without_being_written(self):
        subscription = self.env["service.subscription"].create(
            {
                "partner_id": self.customer.id,
                "start_date": "2026-12-01",
                "line_ids": [Command.create({"product_id": self.service.id, "price_unit": 30, "tax_ids": []})],
            }
        )
        subscription.action_activate()

        run = self._preview(partner_ids=self.customer.ids, until="2026-12-05")

        self.assertEqual(run.planned_total, 30)
        self.assertFalse(self.env["service.charge"].search([("subscription_id", "=", subscription.id)]))
        self._run(run)
        self.assertRecordValues(run, [{"total": 30, "status": "done"}])
        self.assertFalse(run.line_ids.reason)

    @freeze_time("2026-11-21 23:30:00")
    def test_charge_of_today_is_in_the_run_of_today_wherever_its_user_is(self):
        charge = self.env["service.charge"].with_context(tz="Europe/Brussels").new({})
        run = self.env["service.billing.run"].with_context(tz="Europe/Brussels").new({})

        self.assertEqual(charge.date, run.until)
