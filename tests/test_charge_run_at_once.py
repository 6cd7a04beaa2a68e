from functools import partial

from psycopg2 import OperationalError

from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.tests.common import trap_jobs

from .common_concurrent import ConcurrentCase


@tagged("post_install", "-at_install")
class TestRunAtOnce(ConcurrentCase):
    """Billing runs over the same charges in the same second. Jobs that lose try again, as the queue does it."""

    def setUp(self):
        super().setUp()
        with self._committing(self.biller_id) as env:
            env["service.charge"].create(
                [{"partner_id": self.customer_id, "name": f"Visit {number}", "price_unit": 10} for number in range(3)]
            )

    def _delete_committed(self):
        with self._committing() as env:
            env["service.billing.run"].search([("create_uid", "=", self.biller_id)]).sudo().line_ids.unlink()
            env.cr.execute("DELETE FROM service_billing_run WHERE create_uid = %s", [self.biller_id])
            env.cr.execute("DELETE FROM service_charge WHERE partner_id = %s", [self.customer_id])
        super()._delete_committed()

    def _commit_run(self):
        """Return the id of a previewed run over the customer's charges."""
        with self._committing(self.biller_id) as env:
            run = env["service.billing.run"].create({"partner_ids": [self.customer_id]})
            run.action_preview()
            return run.id

    def _start(self, env, run_id):
        return env["service.billing.run"].browse(run_id).action_run()

    def _perform(self, env, run_id):
        """Do the job of a run's only line until it need not be tried again."""
        while True:
            try:
                env["service.billing.run"].browse(run_id).line_ids._job_run()
                return
            except (OperationalError, RetryableJobError):
                env.cr.rollback()

    def _get_drafts(self, env):
        return env["account.move"].search([("partner_id", "=", self.customer_id)])

    def test_two_users_who_start_one_run_start_it_once(self):
        run_id = self._commit_run()

        with trap_jobs() as jobs:
            results = self._at_once(*[partial(self._start, run_id=run_id)] * 2)

        self.assertEqual(sorted(map(bool, results)), [False, True])
        self.assertEqual(len({call.properties["identity_key"] for call in jobs.calls}), 1)

    def test_two_runs_over_the_same_charges_bill_them_once(self):
        runs = [self._commit_run(), self._commit_run()]
        with trap_jobs():
            self._at_once(*[partial(self._start, run_id=run_id) for run_id in runs])

        results = self._at_once(*[partial(self._perform, run_id=run_id) for run_id in runs])

        self.assertEqual(results, [None, None])
        with self._committing() as env:
            self.assertEqual(len(self._get_drafts(env)), 1)
            self.assertEqual(len(self._get_drafts(env).billing_charge_ids), 3)
            lines = env["service.billing.run"].browse(runs).line_ids
            self.assertEqual(lines.mapped("state"), ["done", "done"])
            self.assertEqual(sorted(lines.mapped("invoice_count")), [0, 1])

    def test_job_that_runs_twice_at_once_bills_once(self):
        run_id = self._commit_run()
        with trap_jobs():
            self._at_once(partial(self._start, run_id=run_id))

        results = self._at_once(*[partial(self._perform, run_id=run_id)] * 2)

        self.assertEqual(results, [None, None])
        with self._committing() as env:
            self.assertEqual(len(self._get_drafts(env)), 1)
