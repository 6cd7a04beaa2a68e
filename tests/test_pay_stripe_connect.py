import os
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import tagged
from odoo.tools import file_open

from .common_jobs import performing_jobs
from .common_stripe import StripeCommon


@tagged("post_install", "-at_install")
class TestStripeConnect(StripeCommon):
    """Connecting an account in the settings: the badge turns green with the first signed event, and not before."""

    def setUp(self):
        super().setUp()
        self.provider.write(self.provider._prepare_no_webhook_values())

    def _set_up_settings(self, **values):
        return self.env["res.config.settings"].create({"company_id": self.company.id, **values})

    def test_badge_tells_each_step_of_the_connection(self):
        self.provider.billing_stripe_key = False
        self.assertEqual(self.provider.billing_stripe_status, "no_key")

        self._set_up_settings(billing_stripe_key=" sk_test_double ")
        self.assertEqual(self.provider.billing_stripe_status, "no_webhook")

        with performing_jobs():
            self.provider.action_billing_stripe_webhook()
        self.assertEqual(self.provider.billing_stripe_status, "waiting")

        self.receive(self._get_events("checkout.session.expired")[0])
        self.provider.invalidate_recordset()
        self.assertEqual(self.provider.billing_stripe_status, "test")

    def test_event_that_the_sweep_found_does_not_turn_the_badge_green(self):
        with performing_jobs():
            self.provider.action_billing_stripe_webhook()
        event = self._get_events("checkout.session.expired")[0]

        self.env["service.stripe.event"]._receive(self.provider, event, origin="sweep")

        self.assertEqual(self.provider.billing_stripe_status, "waiting")

    def test_badge_is_red_where_key_and_mode_do_not_fit(self):
        self.provider.state = "enabled"
        self.assertEqual(self.provider.billing_stripe_status, "mode")

        self.provider.state = "disabled"
        self.assertEqual(self.provider.billing_stripe_status, "off")

    def test_refused_key_is_shown_in_stripes_words(self):
        self.double.fail_next("key")

        with self.enter_registry_test_mode():
            notice = self.provider.action_billing_stripe_test()
        self.provider.invalidate_recordset()

        self.assertEqual(notice["params"]["type"], "danger")
        self.assertEqual(self.provider.billing_stripe_status, "refused")
        self.assertEqual(self.provider.billing_stripe_error, notice["params"]["message"])

    def test_test_of_the_connection_names_the_account(self):
        notice = self.provider.action_billing_stripe_test()

        self.assertEqual(notice["params"]["type"], "success")
        self.assertTrue(self.provider.billing_stripe_account_name)
        self.assertTrue(self.provider.billing_stripe_account_currency)

    def test_webhook_asks_for_exactly_what_is_applied(self):
        self.provider.action_billing_stripe_webhook()

        [endpoint] = self.double.find("webhook_endpoint")
        self.assertEqual(set(endpoint["enabled_events"]), self.env["service.stripe.event"]._get_event_types())
        self.assertTrue(endpoint["url"].endswith(f"/payment/stripe_checkout/webhook/{self.provider.id}"))
        self.assertTrue(self.provider.billing_stripe_webhook_secret)

    def test_second_webhook_replaces_the_first_one(self):
        self.provider.action_billing_stripe_webhook()
        first = self.provider.billing_stripe_webhook_ref

        self.provider.action_billing_stripe_webhook()

        self.assertEqual(
            [endpoint["id"] for endpoint in self.double.find("webhook_endpoint")],
            [self.provider.billing_stripe_webhook_ref],
        )
        self.assertNotEqual(self.provider.billing_stripe_webhook_ref, first)

    def _create_webhook(self):
        """Return the endpoint at Stripe."""
        self.provider.action_billing_stripe_webhook()
        return self.double.find("webhook_endpoint")[0]

    def _change_webhook(self, verb, params=None):
        self.provider._get_gateway().act("webhook_endpoints", verb, self.provider.billing_stripe_webhook_ref, params)

    def test_upgrade_that_needs_more_kinds_of_events_asks_for_them(self):
        wanted = set(self._create_webhook()["enabled_events"])
        self._change_webhook("update", {"enabled_events": ["refund.created"], "disabled": True})

        for _time in range(2):
            self.provider._job_sweep()

        [endpoint] = self.double.find("webhook_endpoint")
        self.assertEqual((set(endpoint["enabled_events"]), endpoint["status"]), (wanted, "enabled"))
        updates = [
            asked
            for asked in self.double.requests()
            if asked["method"] == "POST" and asked["path"].endswith(endpoint["id"])
        ]
        self.assertEqual(len(updates), 2)
        self.assertFalse(self.provider.billing_stripe_webhook_error)

    def test_webhook_that_was_deleted_at_stripe_offers_nothing_and_somebody_is_told_once(self):
        self._create_webhook()
        self._change_webhook("delete")
        before = len(self.company.partner_id.activity_ids)

        for _time in range(2):
            self.provider._job_sweep()

        self.assertEqual(self.provider.billing_stripe_status, "no_webhook")
        self.assertFalse(self.provider._is_online())
        self.assertIn("create it again", self._set_up_settings().billing_stripe_warnings)
        self.assertEqual(len(self.company.partner_id.activity_ids) - before, 1)
        self.env.flush_all()
        self.env.cr.execute("UPDATE payment_provider SET write_date = now() + interval '1 minute'")
        self.env.invalidate_all()
        self._create_webhook()
        self.assertFalse(self.provider.billing_stripe_webhook_error)

    def test_webhook_that_leads_elsewhere_is_told_and_left_there(self):
        self._create_webhook()
        self._change_webhook("update", {"url": "https://other.example/hook"})

        self.provider._job_sweep()

        self.assertIn("https://other.example/hook", self._set_up_settings().billing_stripe_warnings)
        self.assertEqual(self.double.find("webhook_endpoint")[0]["url"], "https://other.example/hook")

    def test_stripe_that_is_down_changes_nothing_of_the_webhook(self):
        self._create_webhook()
        self.double.fail_next("server", times=3)

        self.provider._refresh_webhook()

        self.assertFalse(self.provider.billing_stripe_webhook_error)
        self.assertTrue(self.provider.billing_stripe_webhook_secret)

    def test_address_that_stripe_cannot_reach_is_refused_before_it_is_asked(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for address in ("http://firm.example", "https://localhost:8069", "https://192.168.1.5", "https://odoo.lan"):
            parameters.set_param("web.base.url", address)
            with (
                self.subTest(address),
                patch.dict(os.environ, {"STRIPE_API_BASE": ""}),
                self.assertRaisesRegex(UserError, "public address"),
            ):
                self.provider._check_webhook_address()
        parameters.set_param("web.base.url", "https://billing.firm.example")
        with patch.dict(os.environ, {"STRIPE_API_BASE": ""}):
            self.provider._check_webhook_address()

    def test_what_is_no_secret_key_is_refused_in_one_sentence(self):
        for key in ("pk_test_1", "whsec_1", "sk_test_1 sk_test_2", "sk_tést", "sk_test_1…", "acct_1"):
            with self.subTest(key), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._set_up_settings(billing_stripe_key=key)
        self.assertEqual(self.provider.billing_stripe_key, "sk_test_double")

    def test_second_account_of_a_company_is_not_switched_on(self):
        second = self.provider.copy({"billing_stripe_key": "sk_test_2"})

        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            second.state = "test"
        self.provider.state = "disabled"
        second.state = "test"

    def test_account_that_cannot_be_booked_is_told(self):
        self.assertFalse(self._set_up_settings().billing_stripe_warnings)
        lines = self.provider.journal_id.inbound_payment_method_line_ids
        line = lines.filtered(lambda line: line.payment_provider_id == self.provider)

        line.payment_account_id = False
        self.assertIn("outstanding account", self._set_up_settings().billing_stripe_warnings)

        other = self.env["res.company"].create({"name": "Without Journals"})
        warnings = self._create_stripe_provider(other)._get_stripe_warnings()
        self.assertIn("no bank journal", warnings[0])

    def test_events_that_were_refused_lately_are_told(self):
        for _time in range(2):
            self.provider._count_refused()
        self.assertIn("2 events were refused", self._set_up_settings().billing_stripe_warnings)

        self.provider.billing_stripe_refused_on = Date.subtract(Date.today(), days=30)
        self.assertFalse(self._set_up_settings().billing_stripe_warnings)

    def test_stripe_that_is_down_makes_no_webhook(self):
        self.double.fail_next("server", times=3)

        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.provider.action_billing_stripe_webhook()
        self.assertFalse(self.provider.billing_stripe_webhook_secret)

    def test_secret_key_goes_in_and_never_comes_out(self):
        settings = self._set_up_settings(billing_stripe_key="sk_test_double")
        settings.invalidate_recordset()

        self.assertFalse(settings.billing_stripe_key)
        self.assertEqual(settings.billing_stripe_key_hint, "sk_test_…uble")
        self.assertNotIn("sk_test_double", str(self.env["res.config.settings"].default_get(list(settings._fields))))

    def test_settings_without_a_new_key_keep_the_old_one(self):
        self._set_up_settings()

        self.assertEqual(self.provider.billing_stripe_key, "sk_test_double")

    def test_manager_of_the_firm_does_not_connect_accounts(self):
        for method in ("action_billing_stripe_test", "action_billing_stripe_webhook"):
            with self.subTest(method), self.assertRaises(AccessError):
                self._call(self.manager, "payment.provider", method, self.provider.ids)

    def test_copy_of_the_database_takes_no_money(self):
        self.provider.action_billing_stripe_webhook()
        self.env.flush_all()

        with file_open("service_billing/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()

        self.assertFalse(self.provider._is_online())
        self.assertFalse(self.provider.billing_stripe_key)
