from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-21 10:00:00")
class TestBillingProfile(ServiceBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_timezone = "UTC"

    def make_profile(self, **values):
        return (
            self.env["service.billing.profile"]
            .with_user(self.biller)
            .create({"partner_id": self.customer.id, **values})
        )

    def get_due_stops(self, profile, now):
        return [period.stop for period in profile._get_due_periods(datetime.fromisoformat(now))]

    def test_three_fields_of_the_customer_form_set_a_monthly_cycle(self):
        with Form(self.customer.with_user(self.biller)) as form:
            form.billing_cycle = "monthly"
            form.billing_cycle_day = "15"

        profile = self.customer.with_user(self.biller).billing_profile_id
        self.assertRecordValues(profile, [{"cycle": "monthly", "day": "15", "next_date": date(2026, 12, 15)}])

    def test_saved_form_shows_the_day_that_follows_from_the_cycle(self):
        customer = self.customer.with_user(self.biller)

        [saved] = customer.web_save({"billing_cycle": "monthly"}, {"billing_cycle_day": {}, "billing_cycle": {}})

        self.assertEqual((saved["billing_cycle"], saved["billing_cycle_day"]), ("monthly", "1"))

    def test_cycle_without_a_day_begins_with_the_next_month_quarter_year_or_monday(self):
        dates = {"weekly": "2026-11-23", "monthly": "2026-12-01", "quarterly": "2027-01-01", "yearly": "2027-01-01"}
        for cycle, day in dates.items():
            with self.subTest(cycle=cycle), self.env.cr.savepoint() as savepoint:
                self.assertEqual(str(self.make_profile(cycle=cycle).next_date), day)
                savepoint.rollback()

    def test_month_end_never_drifts(self):
        profile = self.make_profile(cycle="monthly", day="31")

        stops = self.get_due_stops(profile, "2027-05-01 10:00")

        self.assertEqual(
            [str(stop) for stop in stops],
            ["2026-11-29", "2026-12-30", "2027-01-30", "2027-02-27", "2027-03-30", "2027-04-29"],
        )

    def test_billing_day_begins_at_the_billing_hour_of_the_company(self):
        profile = self.make_profile(cycle="monthly", anchor="2026-12-01")

        self.assertFalse(self.get_due_stops(profile, "2026-12-01 05:59"))
        self.assertEqual(self.get_due_stops(profile, "2026-12-01 06:00"), [date(2026, 11, 30)])

    def test_company_is_ahead_of_the_server_on_the_night_of_the_clock_change(self):
        self.company.billing_timezone = "Europe/Brussels"

        with freeze_time("2026-10-25 04:59:00"):
            self.assertEqual(self.company._get_billing_now().hour, 5)
        with freeze_time("2026-10-25 05:00:00"):
            self.assertEqual(self.company._get_billing_now().hour, 6)

    def test_changed_cycle_leaves_no_gap_and_no_overlap(self):
        profile = self.make_profile(cycle="monthly", anchor="2026-11-01")
        self.assertEqual(profile.next_start, date(2026, 11, 1))

        profile.write({"cycle": "weekly", "anchor": "2026-11-30"})

        self.assertEqual((profile.next_start, profile.next_stop), (date(2026, 11, 1), date(2026, 11, 29)))
        profile._close_period(profile.next_stop)
        self.assertEqual((profile.next_start, profile.next_stop), (date(2026, 11, 30), date(2026, 12, 6)))

    def test_cycle_chosen_today_does_not_bill_the_months_before(self):
        profile = self.make_profile(cycle="monthly", anchor="2026-01-01")

        self.assertEqual((profile.next_start, profile.next_date), (date(2026, 11, 1), date(2026, 12, 1)))

    def test_paused_cycle_is_never_due(self):
        profile = self.make_profile(cycle="weekly", is_paused=True)

        self.assertFalse(profile.next_date)
        self.assertFalse(self.get_due_stops(profile, "2027-05-01 10:00"))

    def test_contact_has_the_cycle_of_the_company(self):
        contact = self.env["res.partner"].create({"name": "Reception", "parent_id": self.customer.id})
        contact.with_user(self.biller).billing_cycle = "quarterly"

        self.assertEqual(self.customer.with_user(self.biller).billing_cycle, "quarterly")
        with self.assertRaises(ValidationError):
            self.env["service.billing.profile"].create({"partner_id": contact.id})

    def test_each_company_has_its_own_cycle_of_a_customer(self):
        self._set_up_second_company()
        self.customer.with_user(self.biller).billing_cycle = "monthly"
        second = self.customer.with_user(self.second_biller).with_company(self.second_company)

        self.assertEqual(second.billing_cycle, "none")
        second.billing_cycle = "weekly"
        self.assertEqual(self.customer.with_user(self.biller).billing_cycle, "monthly")

    def test_nobody_writes_until_when_a_customer_is_billed(self):
        profile = self.make_profile(cycle="monthly")

        with self.assertRaises(UserError):
            self._call(self.biller, "service.billing.profile", "write", profile.ids, {"billed_until": "2030-01-01"})

    def test_archived_customer_pauses_the_cycle_and_leaves_a_to_do(self):
        self.customer.with_user(self.biller).billing_cycle = "monthly"
        self.env["service.charge"].create({"partner_id": self.customer.id, "name": "Call-out", "price_unit": 35})

        self.customer.with_user(self.biller).action_archive()

        self.assertTrue(self.env["service.billing.profile"].search([("partner_id", "=", self.customer.id)]).is_paused)
        self.assertIn("1 charges", self.customer.activity_ids.note)
        self.assertEqual(self.customer.with_user(self.biller).billing_open_charge_count, 1)
