from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_subscription import SubscriptionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 10:00:00")
class TestChargeSubscription(SubscriptionCommon):
    """Which charges a subscription makes when, and that it makes each once."""

    def test_activation_charges_what_is_due_and_once(self):
        subscription = self._active()
        subscription.action_activate()

        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 31), 100.0))
        self.assertRecordValues(
            subscription.charge_ids,
            [
                {
                    "kind": "recurring",
                    "state": "open",
                    "source": subscription.name,
                    "date": date(2026, 1, 1),
                    "name": "Maintenance\n01/01/2026 to 01/31/2026",
                    "partner_id": self.customer.id,
                    "quantity": 1.0,
                }
            ],
        )

    def test_running_again_charges_nothing(self):
        subscription = self._active()

        self.assertEqual(len(self._collect(date(2026, 2, 1), subscription)), 1)
        self.assertFalse(self._collect(date(2026, 2, 1), subscription))
        self.assertFalse(self._collect(date(2026, 1, 15), subscription))

    def test_missed_periods_are_charged_once_each_with_their_own_dates(self):
        subscription = self._active(date(2026, 1, 31))
        self.assertFalse(subscription.charge_ids)

        charges = self._collect(date(2026, 4, 3), subscription)

        self._assert_charges(
            subscription,
            ((2026, 1, 31), (2026, 2, 27), 100.0),
            ((2026, 2, 28), (2026, 3, 30), 100.0),
            ((2026, 3, 31), (2026, 4, 29), 100.0),
        )
        self.assertEqual(sorted(charges.mapped("date")), [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)])
        self.assertEqual(subscription.next_date, date(2026, 4, 30))

    def test_period_in_arrears_is_charged_when_it_has_ended(self):
        subscription = self._active(billing_time="arrears")
        self.assertFalse(self._collect(date(2026, 1, 30), subscription))

        self._collect(date(2026, 1, 31), subscription)

        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 31), 100.0))
        self.assertEqual(subscription.charge_ids.date, date(2026, 1, 31))

    def test_parts_that_are_known_before_their_period_are_due_with_it(self):
        subscription = self._active()
        subscription.action_pause("2026-02-05", "2026-02-14")

        self._collect(date(2026, 2, 1), subscription)

        february = subscription.charge_ids.filtered(lambda charge: charge.period_start.month == 2)
        self.assertEqual(february.mapped("date"), [date(2026, 2, 1)] * 2)

    def test_yearly_period_from_a_leap_day_comes_back_to_it(self):
        with freeze_time("2028-02-29 10:00:00"):
            subscription = self._active(date(2028, 2, 29), unit="year")

        self._collect(date(2032, 3, 1), subscription)

        starts = subscription.charge_ids.sorted("period_start").mapped("period_start")
        self.assertEqual(
            starts,
            [date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28), date(2032, 2, 29)],
        )

    def test_start_within_a_period_is_charged_by_days(self):
        subscription = self._active(date(2026, 1, 12), anchor_date=date(2026, 1, 1))
        self._collect(date(2026, 2, 1), subscription)

        self._assert_charges(subscription, ((2026, 1, 12), (2026, 1, 31), 64.52), ((2026, 2, 1), (2026, 2, 28), 100.0))
        self.assertIn("20 of 31 days", subscription.charge_ids.sorted("period_start")[0].name)

    def test_end_within_a_period_is_charged_by_days(self):
        subscription = self._active(end_date=date(2026, 2, 14))
        self._collect(date(2026, 12, 31), subscription)

        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 31), 100.0), ((2026, 2, 1), (2026, 2, 14), 50.0))
        self.assertFalse(subscription.next_date)

    def test_parts_keep_quantity_and_discount_where_the_cents_allow(self):
        lines = [
            Command.create({"product_id": self.contract.id, "quantity": quantity, "price_unit": 10.0, "discount": 25.0})
            for quantity in (2, 3)
        ]
        subscription = self._active(date(2026, 1, 12), anchor_date=date(2026, 1, 1), line_ids=lines)

        even, odd = subscription.charge_ids.sorted("subscription_line_id")
        self.assertRecordValues(
            even | odd,
            [{"price_subtotal": 9.68, "discount": 25.0}, {"price_subtotal": 14.52, "discount": 25.0}],
        )
        self.assertEqual(odd.quantity, 1.0)
        self.assertTrue(odd.name.startswith("3 \N{MULTIPLICATION SIGN} Maintenance"), odd.name)

    def test_free_subscription_is_charged_with_its_list_price(self):
        subscription = self._subscribe(date(2026, 1, 12), anchor_date=date(2026, 1, 1))
        subscription.line_ids.billing_decision = "goodwill"
        subscription.action_activate()

        self.assertRecordValues(subscription.charge_ids, [{"price_unit": 64.52, "price_subtotal": 0.0}])

    def test_charge_reads_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"

        subscription = self._active()

        self.assertIn("31.01.2026", subscription.charge_ids.name)

    def test_customers_are_charged_for_theirs_only(self):
        subscription = self._active()
        other = self._active(partner_id=self._create_customer("Bakery").id)

        charges = self._collect(date(2026, 2, 1), subscription)

        self.assertEqual(charges.subscription_id, subscription)
        self.assertFalse(self._collect(date(2026, 2, 1), other.browse().with_user(self.biller) or subscription))

    def test_each_company_charges_its_own_and_in_the_currency_of_the_customer(self):
        self._set_up_second_company()
        franc = self.setup_other_currency("CHF", rates=[("2020-01-01", 2.0)])
        pricelist = self._create_pricelist(currency_id=franc.id)
        self.customer.with_company(self.company).property_product_pricelist = pricelist
        subscription = self._active()
        other = self._active(user=self.second_biller)

        self.assertRecordValues(
            subscription.charge_ids | other.charge_ids,
            [
                {"company_id": self.company.id, "currency_id": franc.id},
                {"company_id": self.second_company.id, "currency_id": self.second_company.currency_id.id},
            ],
        )
        self.assertEqual(self._collect(date(2026, 2, 1), subscription).subscription_id, subscription)

    def test_invoice_names_the_subscription_and_locks_its_charge(self):
        subscription = self._active(client_order_ref="HW-1")

        invoice = self._bill(subscription.charge_ids)

        self.assertRecordValues(invoice, [{"invoice_origin": subscription.name, "ref": "HW-1", "amount_total": 100.0}])
        self.assertEqual(subscription.invoice_count, 1)
        with self._refused():
            subscription.charge_ids.price_unit = 1.0

    # === LEDGER === #

    def test_charge_of_a_subscription_is_not_changed_by_hand(self):
        charge = self._active().charge_ids
        for values in (
            {"period_start": "2026-01-02"},
            {"period_stop": "2026-02-02"},
            {"subscription_line_id": False},
            {"partner_id": self._create_customer("Somebody else").id},
            {"product_id": self.service.id},
        ):
            with self.subTest(values), self._refused():
                charge.write(values)
        with self._refused():
            charge.unlink()

    def test_subscription_with_charges_is_not_deleted(self):
        subscription = self._active()

        with self._refused():
            subscription.unlink()
        with self._refused():
            subscription.line_ids.unlink()

    def test_waived_period_stays_waived(self):
        subscription = self._active()
        subscription.charge_ids.action_waive("First month is free")

        self.assertFalse(self._collect(date(2026, 1, 31), subscription))

    def test_charge_on_a_deleted_draft_is_not_charged_again(self):
        subscription = self._active()
        subscription.charge_ids._create_invoices().unlink()

        self.assertFalse(self._collect(date(2026, 1, 31), subscription))
        self.assertEqual(subscription.charge_ids.state, "open")

    def test_same_period_twice_is_refused_by_the_database(self):
        charge = self._active().charge_ids.sudo()
        values = charge.subscription_line_id._prepare_charge_values(
            charge.subscription_line_id._get_open_parts(charge.period_stop, [])[0], charge.period_stop
        )

        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            charge.create(values)
        self.assertIn("service_charge_subscription_uniq", str(caught.exception))

    # === DRAFT === #

    def test_setting_back_removes_open_charges_and_nothing_else(self):
        subscription = self._active()
        subscription.action_set_draft()
        self.assertFalse(subscription.charge_ids)
        subscription.line_ids.price_unit = 120.0
        subscription.action_activate()
        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 31), 120.0))

        subscription.charge_ids._create_invoices()

        with self._refused():
            subscription.action_set_draft()
        self.assertTrue(subscription.activated_at)
