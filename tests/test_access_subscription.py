from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common_subscription import SubscriptionCommon

# model -> what the office may do: read, write, create, unlink; others may do nothing
MATRIX = {
    "service.subscription": "rwcu",
    "service.subscription.line": "rwcu",
    "service.subscription.pause": "r",
    "service.subscription.reminder": "r",
    "service.subscription.price": "rwc",
    "service.subscription.step": "rwc",
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
ACTIONS = (
    ("action_activate",),
    ("action_set_draft",),
    ("action_pause",),
    ("action_resume",),
    ("action_cancel", "2026-12-31"),
    ("action_renew",),
    ("action_view_charges",),
    ("action_view_invoices",),
    ("action_credit_excess",),
)


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 10:00:00")
class TestAccessSubscription(SubscriptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_second_company()
        with freeze_time("2026-01-15 10:00:00"):
            cls.subscription = cls._active(end_date=date(2026, 12, 31))
            cls.subscription.action_pause("2026-03-01", "2026-03-31")

    def test_office_works_with_subscriptions_and_a_technician_does_not(self):
        office = self.biller | self.bookkeeper | self.manager
        others = self.technician | self._create_user("internal", "base.group_user") | self._create_new_portal_user()
        for model, rights in MATRIX.items():
            for code, operation in OPERATIONS.items():
                for user in office | others:
                    with self.subTest(model, operation=operation, user=user.login):
                        allowed = self.env[model].with_user(user).has_access(operation)
                        self.assertEqual(allowed, user in office and code in rights)

    def test_technician_and_other_companies_reach_nothing(self):
        subscription = self.subscription
        for user in (self.technician, self.second_technician, self.second_biller):
            for records in (subscription, subscription.line_ids, subscription.pause_ids, subscription.charge_ids):
                with self.subTest(records._name, user=user.login), self.assertRaises(AccessError):
                    self._call(user, records._name, "read", records.ids, ["display_name"])
            for method, *arguments in ACTIONS:
                with self.subTest(method, user=user.login), self.assertRaises(AccessError):
                    self._call(user, subscription._name, method, subscription.ids, *arguments)
            with self.subTest("write", user=user.login), self.assertRaises(AccessError):
                self._call(user, subscription._name, "write", subscription.ids, {"note": "Mine"})

    def test_other_company_finds_nothing(self):
        for model in ("service.subscription", "service.subscription.line", "service.subscription.pause"):
            with self.subTest(model):
                self.assertFalse(self._call(self.second_biller, model, "search", []))
        state = [("state", "in", ["active", "paused", "ending"])]
        self.assertFalse(self._call(self.second_biller, "service.subscription", "search", state))

    def test_wizards_change_nothing_of_another_company(self):
        step = {"subscription_id": self.subscription.id, "step": "pause", "date": "2026-06-01"}
        price = {"line_id": self.subscription.line_ids.id, "date": "2026-06-01", "price_unit": 1.0, "quantity": 1.0}
        for model, values in (("service.subscription.step", step), ("service.subscription.price", price)):
            for user in (self.technician, self.second_biller):
                with self.subTest(model, user=user.login), self.assertRaises(AccessError):
                    wizard_id = self._call(user, model, "create", values)
                    self._call(user, model, "action_confirm", [wizard_id])

    def test_biller_sets_no_ledger_field_from_outside(self):
        for model, values in (
            ("service.subscription", {"partner_id": self.customer.id, "activated_at": "2026-01-01 00:00:00"}),
            ("service.subscription.pause", {"subscription_id": self.subscription.id, "date_from": "2026-05-01"}),
            ("service.subscription.reminder", {"subscription_id": self.subscription.id, "days": 7}),
            (
                "service.charge",
                {
                    "partner_id": self.customer.id,
                    "name": "Mine",
                    "subscription_line_id": self.subscription.line_ids.id,
                    "period_start": "2026-05-01",
                    "period_stop": "2026-05-31",
                },
            ),
        ):
            with self.subTest(model), self.assertRaises(UserError):
                self._call(self.biller, model, "create", values)

    def test_rules_are_not_callable_from_outside(self):
        for method in ("_create_charges", "_apply_plan", "_cron_remind", "_job_remind", "_begin_change"):
            with self.subTest(method), self.assertRaises(AccessError):
                self._call(self.biller, "service.subscription", method, self.subscription.ids)

    def test_subscription_holds_nothing_of_another_company(self):
        product = self._create_product(name="Theirs alone", company_id=self.second_company.id)
        partner = self._create_customer("Theirs alone", company_id=self.second_company.id)
        draft = self._subscribe()
        for values in (
            {"partner_id": partner.id},
            {"company_id": self.second_company.id},
            {"line_ids": [(0, 0, {"product_id": product.id})]},
        ):
            with self.subTest(values), self.assertRaises(UserError), self.env.cr.savepoint():
                draft.write(values)
