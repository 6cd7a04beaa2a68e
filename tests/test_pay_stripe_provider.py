from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.pay.stripe_gateway import StripeKeyError
from .common_money import MoneyCommon

SECRETS = ("billing_stripe_key", "billing_stripe_webhook_secret", "billing_stripe_webhook_ref")


@tagged("post_install", "-at_install")
class TestStripeProvider(MoneyCommon):
    """Whether a company may take money online."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.company.currency_id
        cls.provider = cls.env["payment.provider"].search(
            [("code", "=", "stripe_checkout"), ("company_id", "=", cls.company.id)]
        ) or cls.env.ref("service_billing.payment_provider_stripe").copy({"company_id": cls.company.id})
        cls.provider.write({"state": "test", "billing_stripe_key": "sk_test_1"})
        cls.provider.billing_stripe_webhook_secret = "whsec_1"

    def _assert_offered(self, is_offered, company=None):
        found = (company or self.company)._get_online_provider(self.currency)
        self.assertEqual(found, self.provider if is_offered else self.provider.browse())

    def test_connected_account_takes_money(self):
        self._assert_offered(True)

    def test_without_webhook_secret_nothing_is_offered(self):
        self.provider.billing_stripe_webhook_secret = False

        self._assert_offered(False)

    def test_disabled_account_takes_nothing(self):
        self.provider.state = "disabled"

        self._assert_offered(False)

    def test_key_of_the_other_mode_takes_nothing(self):
        self.provider.state = "enabled"
        self._assert_offered(False)

        self.provider.write({"billing_stripe_key": "sk_live_1"})
        self.provider.billing_stripe_webhook_secret = "whsec_1"
        self._assert_offered(True)

        self.provider.state = "test"
        self._assert_offered(False)

    def test_refused_key_takes_nothing_until_another_is_entered(self):
        with self.enter_registry_test_mode():
            self.provider._note_key_refused(StripeKeyError("Invalid API Key provided."))
        self.provider.invalidate_recordset()
        self._assert_offered(False)

        self.provider.billing_stripe_key = "sk_test_2"
        self._assert_offered(True)

    def test_key_of_another_mode_forgets_the_webhook(self):
        self.provider.billing_stripe_key = "sk_live_1"

        self.assertFalse(self.provider.billing_stripe_webhook_secret)

    def test_core_forms_do_not_offer_an_account_without_webhook(self):
        providers = self.env["payment.provider"]
        found = providers._get_compatible_providers(self.company.id, self.customer.id, 10.0)
        self.assertIn(self.provider, found)

        self.provider.billing_stripe_webhook_secret = False
        found = providers._get_compatible_providers(self.company.id, self.customer.id, 10.0)
        self.assertNotIn(self.provider, found)

    def test_other_company_does_not_take_money_for_us(self):
        self._set_up_second_company()

        self._assert_offered(False, self.second_company)

    def test_branch_uses_the_account_of_its_parent(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})

        self._assert_offered(True, branch)

    def test_currency_that_is_switched_off_is_not_offered(self):
        self.provider.available_currency_ids = self.setup_other_currency("GBP")

        self._assert_offered(False)

    def test_nobody_of_the_office_reads_the_secrets(self):
        for user in (self.biller, self.bookkeeper, self.manager, self.technician):
            for name in SECRETS:
                with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                    self._call(user, "payment.provider", "read", [self.provider.id], [name])
                with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                    self._call(user, "payment.provider", "search_count", [(name, "=like", "sk%")])

    def test_copy_has_no_secrets(self):
        self.assertFalse(any(self.provider.copy()[name] for name in SECRETS))
