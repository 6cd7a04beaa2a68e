from odoo.exceptions import AccessError, UserError
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

        notice = self.provider.action_billing_stripe_test()

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
