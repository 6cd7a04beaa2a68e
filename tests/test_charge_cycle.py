from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common_billing_run import BillingRunCommon
from .common_jobs import performing_jobs


@tagged("post_install", "-at_install")
class TestCycle(BillingRunCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-11-21 10:00:00"):
            cls.profile = cls._give_cycle(cycle="monthly", anchor="2026-12-01")

    def test_month_becomes_one_draft_on_the_billing_day(self):
        self._charge(date="2026-11-03"), self._charge(date="2026-11-30"), self._charge(date="2026-12-01")

        with freeze_time("2026-12-01 05:59:00"):
            self._bill_cycles()
        self.assertFalse(self._get_drafts())
        with freeze_time("2026-12-01 06:01:00"):
            self._bill_cycles()

        [draft] = self._get_drafts()
        self.assertEqual(draft.billing_charge_ids.mapped("date"), [date(2026, 11, 30), date(2026, 11, 3)])
        self.assertEqual(self.profile.next_date, date(2027, 1, 1))
        self.assertRecordValues(
            draft.billing_run_line_id, [{"period_start": date(2026, 11, 1), "period_stop": date(2026, 11, 30)}]
        )

    def test_cycle_that_runs_twice_makes_one_draft(self):
        self._charge(date="2026-11-03")

        with freeze_time("2026-12-01 07:00:00"):
            self._bill_cycles()
            self._bill_cycles()

        self.assertEqual(len(self._get_drafts()), 1)

    def test_server_that_was_down_bills_each_period_once_with_its_own_dates(self):
        self._charge(date="2026-11-03"), self._charge(date="2026-12-20"), self._charge(date="2027-01-02")

        with freeze_time("2027-02-04 09:00:00"):
            self._bill_cycles()
            self._bill_cycles()

        lines = self._get_drafts().billing_run_line_id.sorted("period_start")
        self.assertEqual(
            [(str(line.period_start), str(line.period_stop), line.total) for line in lines],
            [
                ("2026-11-01", "2026-11-30", 100),
                ("2026-12-01", "2026-12-31", 100),
                ("2027-01-01", "2027-01-31", 100),
            ],
        )
        self.assertEqual(self.profile.next_date, date(2027, 3, 1))

    def test_missed_period_is_dated_as_the_company_wants(self):
        self.company.billing_cycle_date = "period"
        self._charge(date="2026-11-03")

        with freeze_time("2026-12-04 09:00:00"):
            self._bill_cycles()

        self.assertEqual(self._get_drafts().invoice_date, date(2026, 12, 1))

    def test_billing_day_in_a_locked_period_is_no_invoice_date(self):
        self.company.billing_cycle_date = "period"
        self._charge(date="2026-11-03")
        self.company.sale_lock_date = "2026-12-02"

        with freeze_time("2026-12-04 09:00:00"):
            self._bill_cycles()

        self.assertFalse(self._get_drafts().invoice_date)

    def test_nothing_to_bill_makes_no_invoice_and_says_so(self):
        with freeze_time("2026-12-01 07:00:00"):
            self._bill_cycles()

        line = self.env["service.billing.run.line"].search([("profile_id", "=", self.profile.id)])
        self.assertRecordValues(line, [{"state": "done", "reason": "Nothing to bill.", "invoice_count": 0}])
        self.assertFalse(self._get_drafts())

    def test_deleted_draft_is_billed_again_once(self):
        charge = self._charge(date="2026-11-03")
        with freeze_time("2026-12-01 06:30:00"):
            self._bill_cycles()
            self._get_drafts().with_user(self.biller).unlink()
            self.assertEqual(charge.state, "open")
        with freeze_time("2026-12-02 09:00:00"):
            self._bill_cycles()
            self._bill_cycles()

        self.assertEqual(self._get_drafts().billing_charge_ids, charge)
        self.assertEqual(self.profile.next_date, date(2027, 1, 1))

    def test_what_failed_is_tried_again_once_a_billing_day_whenever_the_server_is_up(self):
        self._charge(date="2026-11-03")
        journal = self.env["account.journal"].search([("type", "=", "sale")])
        journal.action_archive()
        with freeze_time("2026-12-01 06:30:00"):
            self._bill_cycles()
        line = self.env["service.billing.run.line"].search([("profile_id", "=", self.profile.id)])
        self.assertEqual(line.state, "failed")

        journal.action_unarchive()
        with freeze_time("2026-12-02 05:30:00"):
            self._bill_cycles()
        self.assertEqual(line.state, "failed")
        with freeze_time("2026-12-02 13:30:00"):
            self._bill_cycles()

        self.assertEqual(line.state, "done")
        self.assertEqual(len(self._get_drafts()), 1)

    def test_late_charge_joins_the_draft_until_the_review_ends(self):
        self.profile.grace_days = 3
        self._charge(date="2026-11-03")
        with freeze_time("2026-12-01 07:00:00"):
            self._bill_cycles()
            self.assertEqual(self._get_drafts().with_user(self.biller).billing_review_days, 3)

        self._charge(date="2026-11-28")
        with freeze_time("2026-12-03 07:00:00"):
            self._bill_cycles()
        self.assertEqual(self._get_drafts().amount_total, 200)

        too_late = self._charge(date="2026-11-29")
        with freeze_time("2026-12-04 07:00:00"):
            self._bill_cycles()
        self.assertEqual((self._get_drafts().amount_total, too_late.state), (200, "open"))

    def test_draft_is_finalized_after_the_review_where_the_customer_wants_it(self):
        self.profile.write({"grace_days": 2, "finish": "finalize"})
        self._charge(date="2026-11-03")

        with freeze_time("2026-12-01 07:00:00"):
            self._bill_cycles()
            self.assertEqual(self._get_drafts().state, "draft")
        with freeze_time("2026-12-03 07:00:00"):
            self._bill_cycles()

        self.assertEqual(self._get_drafts().state, "posted")

    def test_period_billed_by_a_run_is_not_billed_by_the_cycle(self):
        self._charge(date="2026-11-03")
        with freeze_time("2026-12-01 05:00:00"):
            run = self._preview(until="2026-11-30")
            self._run(run)
        self._charge(date="2026-11-04")

        with freeze_time("2026-12-01 07:00:00"):
            self._bill_cycles()

        self.assertEqual(len(self._get_drafts()), 1)
        self.assertEqual(self.profile.next_date, date(2027, 1, 1))

    def test_company_that_bills_by_hand_has_no_cycles(self):
        self.company.billing_cycle_auto = False
        self._charge(date="2026-11-03")

        with freeze_time("2026-12-01 07:00:00"):
            self._bill_cycles()

        self.assertFalse(self._get_drafts())

    def test_cycle_of_one_company_bills_nothing_of_another(self):
        self._set_up_second_company()
        charge = (
            self.env["service.charge"]
            .with_company(self.second_company)
            .create({"partner_id": self.customer.id, "name": "Elsewhere", "price_unit": 5, "date": "2026-11-03"})
        )
        self._charge(date="2026-11-03")

        with freeze_time("2026-12-01 07:00:00"):
            self._bill_cycles()

        self.assertEqual(charge.state, "open")
        self.assertEqual(self._get_drafts().company_id, self.company)

    def test_scheduled_action_only_enqueues(self):
        self._charge(date="2026-11-03")

        with freeze_time("2026-12-01 07:00:00"), performing_jobs() as jobs:
            self._get_runs_of_the_system()._cron_bill_cycles()
            self.assertFalse(self._get_drafts())
            self.assertFalse(self.env["service.billing.run"].search([("is_cycle", "=", True)]))
            jobs.assert_jobs_count(len(self.env["res.company"].search([])))
