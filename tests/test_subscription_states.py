from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common_subscription import SubscriptionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 10:00:00")
class TestSubscriptionStates(SubscriptionCommon):
    def test_biller_agrees_on_a_subscription_in_a_form(self):
        with Form(self.env["service.subscription"].with_user(self.biller)) as form:
            form.partner_id = self.customer
            form.unit = "month"
            form.interval = 3
            with form.line_ids.new() as line:
                line.product_id = self.contract

        subscription = form.record
        self.assertRecordValues(
            subscription,
            [
                {
                    "state": "draft",
                    "start_date": date(2026, 1, 15),
                    "anchor_date": date(2026, 1, 15),
                    "rhythm_text": "Quarter",
                    "amount_untaxed": 100.0,
                    "user_id": self.biller.id,
                    "next_date": date(2026, 1, 15),
                }
            ],
        )
        self.assertRegex(subscription.name, r"^SUB/2026/\d{4}$")

    def test_status_follows_the_day(self):
        subscription = self._active(end_date=date(2026, 3, 31))
        endless = self._active()
        draft = self._subscribe()
        endless.action_pause("2026-02-01", "2026-02-10")
        for today, expected in (
            ("2026-01-15", ["ending", "active", "draft"]),
            ("2026-02-01", ["ending", "paused", "draft"]),
            ("2026-02-11", ["ending", "active", "draft"]),
            ("2026-04-01", ["ended", "active", "draft"]),
        ):
            with self.subTest(today), freeze_time(today):
                subscriptions = subscription | endless | draft
                subscriptions.invalidate_recordset(["state"])
                self.assertEqual(subscriptions.mapped("state"), expected)
                for state in ("draft", "active", "paused", "ending", "ended"):
                    found = subscriptions.search([("state", "=", state), ("id", "in", subscriptions.ids)])
                    there = subscriptions.filtered(lambda record, state=state: record.state == state)
                    self.assertEqual(found, there)
                    others = subscriptions.search([("state", "!=", state), ("id", "in", subscriptions.ids)])
                    self.assertEqual(others, (subscriptions - there).sorted("id", reverse=True))

    def test_day_of_the_company_decides(self):
        subscription = self._active(end_date=date(2026, 1, 31))
        with freeze_time("2026-02-01 02:00:00"):
            self.company.billing_timezone = "America/New_York"
            subscription.invalidate_recordset(["state"])
            self.assertEqual(subscription.state, "ending")
            self.company.billing_timezone = "Europe/Berlin"
            subscription.invalidate_recordset(["state"])
            self.assertEqual(subscription.state, "ended")

    def test_nothing_is_activated_without_lines_or_from_another_age(self):
        with self._refused():
            self._subscribe(prices=()).action_activate()
        with self._refused():
            self._subscribe(date(2016, 1, 1)).action_activate()
        with self._refused(ValidationError):
            self._subscribe(date(26, 1, 1))
        self.env["service.subscription"].action_activate()

    def test_what_is_agreed_rests_once_active(self):
        subscription = self._active()
        for values in (
            {"interval": 2},
            {"start_date": "2026-01-02"},
            {"end_date": "2026-06-30"},
            {"partner_id": self.biller.partner_id.id},
            {"line_ids": [Command.update(subscription.line_ids.id, {"price_unit": 1.0})]},
            {"line_ids": [Command.update(subscription.line_ids.id, {"valid_to": "2026-01-20"})]},
            {"line_ids": [Command.delete(subscription.line_ids.id)]},
            {"activated_at": False},
            {"pause_ids": [Command.create({"date_from": "2026-01-20"})]},
            {"is_cancelled": True},
            {"name": "SUB/1"},
        ):
            with self.subTest(values), self._refused():
                subscription.write(values)
        subscription.write({"note": "Key at the reception", "client_order_ref": "A-1", "term_months": 24})

    def test_second_click_changes_nothing_and_says_so(self):
        subscription = self._active()
        self.assertFalse(subscription.action_pause())
        self.assertEqual(subscription.action_pause()["tag"], "display_notification")
        self.assertFalse(subscription.action_resume())
        self.assertEqual(subscription.action_resume()["tag"], "display_notification")
        self.assertFalse(subscription.action_cancel("2026-01-31"))
        self.assertEqual(subscription.action_cancel("2026-01-31")["tag"], "display_notification")

        self.assertRecordValues(subscription, [{"end_date": date(2026, 1, 31), "pause_ids": []}])

    def test_steps_that_make_no_sense_are_refused(self):
        subscription = self._active()
        subscription.action_pause("2026-03-01", "2026-03-31")
        draft = self._subscribe()
        for step in (
            lambda: subscription.action_cancel("2025-12-31"),
            lambda: subscription.action_pause("2025-12-01"),
            lambda: subscription.action_pause("2026-02-20", "2026-03-05"),
            subscription.action_renew,
            subscription.action_set_draft,
            draft.action_pause,
            lambda: draft.action_cancel("2026-01-31"),
            draft.action_renew,
            lambda: self._change_price(subscription.line_ids, date(2026, 1, 1), price_unit=1.0),
            lambda: self._change_price(draft.line_ids, date(2026, 2, 1), price_unit=1.0),
        ):
            with self._refused():
                step()

    def test_wizard_pauses_resumes_and_cancels(self):
        subscription = self._active()
        for step, values, expected in (
            ("pause", {}, "paused"),
            ("resume", {}, "active"),
            ("cancel", {"reason": "Moved away"}, "ending"),
        ):
            wizard = Form(
                self.env["service.subscription.step"]
                .with_user(self.biller)
                .with_context(active_id=subscription.id, default_step=step)
            )
            for name, value in values.items():
                wizard[name] = value
            wizard.save().action_confirm()
            self.assertEqual(subscription.state, expected)
        self.assertRecordValues(
            subscription, [{"end_date": date(2026, 1, 31), "is_cancelled": True, "cancel_reason": "Moved away"}]
        )

    def test_cancelling_offers_today_and_the_end_of_the_period(self):
        subscription = self._active(unit="year")
        wizard = self.env["service.subscription.step"].new({"subscription_id": subscription.id, "step": "cancel"})

        self.assertEqual(wizard.date, date(2026, 12, 31))
        wizard.moment = "now"
        self.assertEqual(wizard.date, date(2026, 1, 15))

    def test_renewal_goes_on_for_a_term_counted_from_the_start(self):
        for start, end, months, expected in (
            (date(2026, 1, 31), date(2026, 2, 27), 1, date(2026, 3, 30)),
            (date(2026, 1, 1), date(2026, 12, 31), 12, date(2027, 12, 31)),
            (date(2026, 1, 1), date(2026, 6, 14), 12, date(2027, 6, 14)),
        ):
            with self.subTest(start=start, end=end):
                subscription = self._active(start, end_date=end, term_months=months)
                subscription.action_renew()
                self.assertEqual(subscription.end_date, expected)

    def test_several_are_renewed_together_or_none_is(self):
        subscriptions = self._active(end_date=date(2026, 6, 30)) | self._active(end_date=date(2026, 12, 31))
        with self._refused():
            (subscriptions | self._active()).action_renew()

        subscriptions.action_renew()

        self.assertEqual(subscriptions.mapped("end_date"), [date(2027, 6, 30), date(2027, 12, 31)])

    def test_renewal_takes_a_cancellation_back(self):
        subscription = self._active(end_date=date(2026, 12, 31))
        subscription.action_cancel("2026-12-31", "Too dear")

        subscription.action_renew()

        self.assertRecordValues(subscription, [{"is_cancelled": False, "end_date": date(2027, 12, 31)}])

    def test_next_three_charges_are_shown_and_nothing_is_written(self):
        subscription = self._active(date(2026, 1, 31))
        shown = subscription.next_html

        self.assertFalse(subscription.charge_ids)
        for day in ("01/31/2026", "02/28/2026", "03/31/2026"):
            self.assertIn(day, shown)
        self.assertEqual(subscription.next_date, date(2026, 1, 31))

    def test_copy_begins_anew_with_what_is_billed_now(self):
        subscription = self._active()
        self._change_price(subscription.line_ids, date(2026, 1, 10), price_unit=120.0)
        subscription.action_cancel("2026-01-31")

        copy = subscription.copy()

        self.assertRecordValues(
            copy, [{"state": "draft", "start_date": date(2026, 1, 15), "end_date": False, "is_cancelled": False}]
        )
        self.assertRecordValues(copy.line_ids, [{"price_unit": 120.0, "valid_from": False, "origin_line_id": False}])

    def test_responsible_has_to_be_somebody_of_the_office(self):
        with self._refused(ValidationError):
            self._subscribe(user_id=self.technician.id)
