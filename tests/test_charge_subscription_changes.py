from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_subscription import SubscriptionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 10:00:00")
class TestChargeSubscriptionChanges(SubscriptionCommon):
    """Pauses, price changes and the end: each day is charged once, and what was invoiced stays."""

    # === PAUSE === #

    def test_pause_and_resume_within_a_period_charge_the_days_around(self):
        subscription = self._active()
        subscription.action_pause("2026-01-11")
        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 10), 32.26))

        subscription.action_resume("2026-01-15")

        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 10), 32.26), ((2026, 1, 15), (2026, 1, 31), 54.84))

    def test_parts_around_a_pause_of_no_days_make_the_whole_price(self):
        subscription = self._active()
        subscription.action_pause("2026-01-11")
        subscription.action_resume("2026-01-11")

        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 10), 32.26), ((2026, 1, 11), (2026, 1, 31), 67.74))
        self.assertFalse(subscription.pause_ids)

    def test_pause_over_the_end_of_a_period_charges_neither_part(self):
        subscription = self._active()
        subscription.action_pause("2026-01-21", "2026-02-14")

        self._collect(date(2026, 3, 1), subscription)

        self._assert_charges(
            subscription,
            ((2026, 1, 1), (2026, 1, 20), 64.52),
            ((2026, 2, 15), (2026, 2, 28), 50.0),
            ((2026, 3, 1), (2026, 3, 31), 100.0),
        )

    def test_open_pause_charges_nothing_however_long_it_lasts(self):
        subscription = self._active()
        subscription.action_pause("2026-02-01")

        self.assertFalse(self._collect(date(2026, 12, 31), subscription))
        self.assertFalse(subscription.next_date)

    def test_pause_from_before_takes_an_open_charge_away(self):
        subscription = self._active()

        subscription.action_pause("2026-01-01")

        self.assertFalse(subscription.charge_ids)

    def test_pause_takes_its_charge_off_the_draft(self):
        subscription = self._active(prices=(100.0, 50.0))
        draft = subscription.charge_ids._create_invoices()

        subscription.action_pause("2026-01-17")
        self.assertEqual(draft.amount_total, 77.42)
        subscription.action_resume("2026-01-17")
        subscription.action_pause("2026-01-01")

        self.assertFalse(draft.invoice_line_ids)

    def test_pause_of_invoiced_days_offers_a_credit_note_and_charges_no_day_twice(self):
        subscription = self._active()
        invoice = self._bill(subscription.charge_ids)
        subscription.action_pause("2026-01-11")
        self.assertIn(invoice.name, subscription.excess_text)

        subscription.action_resume("2026-01-21")
        self._collect(date(2026, 2, 1), subscription)

        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 31), 100.0), ((2026, 2, 1), (2026, 2, 28), 100.0))
        self.assertIn("10 days", subscription.excess_text)
        self.assertEqual(subscription.action_credit_excess()["context"]["active_ids"], invoice.ids)
        self._credit_invoice(invoice)
        self.assertFalse(subscription.excess_text)

    # === END === #

    def test_cancelling_at_once_cuts_what_is_not_invoiced(self):
        subscription = self._active()
        draft = subscription.charge_ids._create_invoices()

        subscription.action_cancel("2026-01-15", "Sold the house")

        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 15), 48.39))
        self.assertEqual(draft.amount_total, 48.39)
        self.assertFalse(subscription.excess_text)

    def test_cancelling_at_once_keeps_an_invoice_and_offers_a_credit_note(self):
        subscription = self._active()
        invoice = self._bill(subscription.charge_ids)

        subscription.action_cancel("2026-01-15")

        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 31), 100.0))
        self.assertEqual(invoice.amount_total, 100.0)
        self.assertIn("16 days", subscription.excess_text)
        self.assertIn("51.61", subscription.excess_text)

    def test_cancelling_in_arrears_charges_the_last_days(self):
        subscription = self._active(billing_time="arrears")
        subscription.action_cancel("2026-01-15")

        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 15), 48.39))

    def test_what_somebody_corrected_on_a_charge_stays_as_long_as_its_days_do(self):
        subscription = self._active()
        subscription.charge_ids.price_unit = 90.0

        subscription.action_pause("2026-02-01")
        self.assertEqual(subscription.charge_ids.price_subtotal, 90.0)

    def test_renewal_charges_on_without_a_gap(self):
        subscription = self._active(end_date=date(2026, 1, 31), term_months=1)
        self._collect(date(2026, 2, 1), subscription)
        self.assertEqual(len(subscription.charge_ids), 1)

        subscription.action_renew()
        self._collect(date(2026, 2, 1), subscription)

        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 31), 100.0), ((2026, 2, 1), (2026, 2, 28), 100.0))

    # === PRICE === #

    def test_new_price_within_a_period_splits_it_by_days(self):
        subscription = self._active()

        self._change_price(subscription.line_ids, date(2026, 1, 11), price_unit=131.0)
        self._collect(date(2026, 2, 1), subscription)

        self._assert_charges(
            subscription,
            ((2026, 1, 1), (2026, 1, 10), 32.26),
            ((2026, 1, 11), (2026, 1, 31), 88.74),
            ((2026, 2, 1), (2026, 2, 28), 131.0),
        )

    def test_same_price_from_a_day_on_makes_the_whole_price(self):
        subscription = self._active()
        line = subscription.line_ids
        for day in (8, 15, 22):
            self._change_price(line, date(2026, 1, day), price_unit=100.0)
            line = subscription.line_ids - line.origin_line_id - line

        self.assertEqual(len(subscription.charge_ids), 4)
        self.assertAlmostEqual(sum(subscription.charge_ids.mapped("price_subtotal")), 100.0, places=2)

    def test_new_price_changes_nothing_that_is_invoiced(self):
        subscription = self._active()
        invoice = self._bill(subscription.charge_ids)
        with self._refused():
            self._change_price(subscription.line_ids, date(2026, 1, 20), price_unit=131.0)

        self._change_price(subscription.line_ids, date(2026, 2, 1), price_unit=131.0)
        self._collect(date(2026, 2, 1), subscription)

        self.assertEqual(invoice.amount_total, 100.0)
        self._assert_charges(subscription, ((2026, 1, 1), (2026, 1, 31), 100.0), ((2026, 2, 1), (2026, 2, 28), 131.0))

    def test_line_without_quantity_ends(self):
        subscription = self._active(prices=(100.0, 50.0))

        self._change_price(subscription.line_ids[1], date(2026, 2, 1), quantity=0)

        self.assertEqual(len(subscription.line_ids), 2)
        self.assertEqual(self._collect(date(2026, 2, 1), subscription).mapped("price_subtotal"), [100.0])

    def test_line_added_later_is_charged_from_today_on(self):
        subscription = self._active()

        subscription.line_ids = [Command.create({"product_id": self.contract.id, "price_unit": 31.0})]

        added = subscription.line_ids[-1]
        self.assertEqual(added.valid_from, date(2026, 1, 15))
        self.assertRecordValues(added.charge_ids, [{"period_start": date(2026, 1, 15), "price_subtotal": 17.0}])

    # === STORY === #

    def test_year_of_a_contract_charges_each_day_once(self):
        subscription = self._active(date(2026, 1, 31), prices=(30.0,))
        for until, step in (
            (date(2026, 2, 10), lambda: subscription.action_pause("2026-02-20")),
            (date(2026, 4, 2), lambda: subscription.action_resume("2026-04-02")),
            (date(2026, 6, 1), lambda: self._change_price(subscription.line_ids, date(2026, 7, 15), price_unit=33.0)),
            (date(2026, 10, 1), lambda: subscription.action_cancel("2026-12-31")),
        ):
            with freeze_time(until):
                self._collect(until, subscription)
                step()
        self._collect(date(2027, 3, 1), subscription)

        charges = subscription.charge_ids.sorted("period_start")
        days = [day for charge in charges for day in self._get_days(charge)]
        self.assertEqual(len(days), len(set(days)))
        self.assertEqual(len(days), (date(2026, 12, 31) - date(2026, 1, 31)).days + 1 - 41)
        self.assertEqual((min(days), max(days)), (date(2026, 1, 31).toordinal(), date(2026, 12, 31).toordinal()))

    def _get_days(self, charge):
        return range(charge.period_start.toordinal(), charge.period_stop.toordinal() + 1)
