from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_billing_run import BillingRunCommon


@tagged("post_install", "-at_install")
class TestRadar(BillingRunCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.radar = cls.env["service.billing.radar"].with_user(cls.biller).create({})

    def charge_of(self, days, **values):
        return self._charge(date=fields.Date.subtract(self.company._get_billing_today(), days=days), **values)

    def get_records(self, action):
        if action.get("res_id"):
            return self.env[action["res_model"]].browse(action["res_id"])
        return self.env[action["res_model"]].search(action["domain"])

    def test_open_charges_are_counted_by_age_in_company_currency(self):
        currency = self.setup_other_currency("CHF", rates=[("2020-01-01", 2.0)])
        before = self.radar.open_total
        for days in (0, 1, 2, 7, 8, 30, 31, 400):
            self.charge_of(days)
        self.charge_of(0, currency_id=currency.id)

        radar = self.env["service.billing.radar"].with_user(self.biller).create({})

        self.assertEqual(radar.open_total - before, 850)
        counts = [radar[f"{age}_count"] - self.radar[f"{age}_count"] for age in ("day", "week", "month", "older")]
        self.assertEqual(counts, [3, 2, 2, 2])

    def test_tile_opens_the_charges_that_it_counts(self):
        young, old = self.charge_of(0), self.charge_of(40)

        charges = self.get_records(self.radar.with_context(age="older").action_view_charges())

        self.assertIn(old, charges)
        self.assertNotIn(young, charges)

    def test_work_that_reached_no_charge_is_found(self):
        timer = self._create_order()
        timer.with_user(self.technician).action_start()
        timer.line_ids.started_at = fields.Datetime.subtract(fields.Datetime.now(), hours=13)
        empty = self._create_order(type_id=self.type_quick.id)
        empty.with_user(self.technician).action_done()

        self.assertIn(timer, self.get_records(self.radar.action_view_timers()))
        self.assertIn(empty, self.get_records(self.radar.action_view_uncharged_orders()))
        self.assertNotIn(empty, self.get_records(self.radar.action_view_timers()))

    def test_tile_that_counts_nothing_opens_an_empty_list(self):
        action = self.radar.action_view_timers()

        self.assertFalse(self.get_records(action))
        self.assertEqual(action["views"][0][1], "list")

    def test_one_click_previews_the_drafts(self):
        self.charge_of(3)

        run = self.get_records(self.radar.action_bill())

        self.assertIn(self.customer, run.line_ids.partner_id)
        self.assertFalse(run.started_at)

    def test_technician_has_no_radar(self):
        with self.assertRaises(AccessError):
            self._call(self.technician, "service.billing.radar", "create", {})


@tagged("post_install", "-at_install")
class TestCustomerForm(BillingRunCommon):
    def test_customer_form_shows_what_is_open_drafted_and_due(self):
        self._charge(price=70)
        self._charge(price=20)._create_invoices()
        self._open_invoice(100.0)
        self._set_up_second_company()
        customer = self.customer.with_user(self.biller).with_company(self.company)

        self.assertRecordValues(
            customer, [{"billing_open_charge_total": 70, "billing_draft_count": 1, "billing_balance": 100}]
        )
        drafts = self.env["account.move"].search(customer.action_view_billing_drafts()["domain"])
        self.assertEqual(drafts.amount_total, 20)
