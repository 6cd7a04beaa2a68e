from datetime import date
from functools import partial

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_concurrent import ConcurrentCase

CLEAN_UP = """
    CREATE TEMPORARY TABLE ours ON COMMIT DROP AS SELECT id FROM service_subscription WHERE partner_id = %(customer)s;
    DELETE FROM service_charge WHERE subscription_id IN (SELECT id FROM ours);
    DELETE FROM mail_message WHERE model = 'service.subscription' AND res_id IN (SELECT id FROM ours);
    DELETE FROM service_subscription_line WHERE subscription_id IN (SELECT id FROM ours);
    DELETE FROM service_subscription WHERE id IN (SELECT id FROM ours);
"""
UNTIL = date(2026, 3, 15)


@tagged("post_install", "-at_install")
class TestChargeSubscriptionAtOnce(ConcurrentCase):
    """Several people and jobs that charge or change the same subscription in the same second."""

    def setUp(self):
        super().setUp()
        with self._committing(self.biller_id) as env, freeze_time("2026-01-15"):
            line = {"product_id": env.ref("service_billing.product_labor").id, "price_unit": 100.0}
            subscription = env["service.subscription"].create(
                {"partner_id": self.customer_id, "start_date": "2026-01-01", "line_ids": [Command.create(line)]}
            )
            subscription.action_activate()
            self.subscription_id = subscription.id

    def _delete_committed(self):
        with self._committing() as env:
            env.cr.execute(CLEAN_UP, {"customer": self.customer_id})
        super()._delete_committed()

    def test_charging_at_once_charges_each_period_once(self):
        results = self._at_once(self._collect, self._collect, self._collect)

        self.assertEqual(sorted(results), [0, 0, 2])
        self._assert_periods([31, 28, 31])

    def test_pause_while_others_charge_leaves_no_paused_day_charged(self):
        results = self._at_once(self._collect, partial(self._pause, day="2026-02-15"))

        self.assertFalse([result for result in results if isinstance(result, Exception)])
        self._assert_periods([31, 14])

    def _assert_periods(self, expected):
        with self._committing() as env:
            charges = env["service.subscription"].browse(self.subscription_id).charge_ids.sorted("period_start")
            days = [(charge.period_stop - charge.period_start).days + 1 for charge in charges]
            self.assertEqual(days, expected)

    # === WHAT THEY DO === #

    def _collect(self, env):
        partner = env["res.partner"].browse(self.customer_id)
        return len(env["service.charge"]._collect(partner, env.company, UNTIL))

    def _pause(self, env, *, day):
        env["service.subscription"].browse(self.subscription_id).action_pause(day)
