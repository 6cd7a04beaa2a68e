from functools import partial

from psycopg2 import OperationalError

from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.tests.common import trap_jobs

from .common_concurrent import ConcurrentCase

WORKERS = 8
# Raise it to 400 to see eight workers at it for a while.
DRAFTS = 40


@tagged("post_install", "-at_install")
class TestInvoiceFinalizeAtOnce(ConcurrentCase):
    """Workers that finalize the drafts of one batch at the same time, as the job runner lets them."""

    def test_workers_leave_no_gap_and_show_no_error(self):
        draft_ids = self._commit_drafts(DRAFTS)
        line_ids = self._commit_batch(draft_ids)
        shares = [line_ids[start::WORKERS] for start in range(WORKERS)]

        results = self._at_once(*[partial(self._perform, line_ids=share) for share in shares])

        self.assertEqual(results, [None] * WORKERS)
        with self._committing() as env:
            lines = env["service.finalize.line"].browse(line_ids)
            self.assertEqual(set(lines.mapped("state")), {"done"}, set(lines.mapped("reason")))
            numbers = sorted(lines.move_id.mapped("sequence_number"))
            self.assertEqual(numbers, list(range(numbers[0], numbers[0] + DRAFTS)))
            self.assertEqual(len(set(lines.move_id.mapped("name"))), DRAFTS)
            self.assertFalse(any(lines.move_id.mapped("made_sequence_gap")))

    def test_workers_on_the_same_lines_finalize_each_once(self):
        line_ids = self._commit_batch(self._commit_drafts(4))

        results = self._at_once(*[partial(self._perform, line_ids=line_ids)] * 3)

        self.assertEqual(results, [None] * 3)
        with self._committing() as env:
            lines = env["service.finalize.line"].browse(line_ids)
            self.assertEqual(lines.mapped("state"), ["done"] * 4)
            self.assertEqual(len(set(lines.move_id.mapped("name"))), 4)

    def test_two_who_queue_the_same_drafts_make_one_batch(self):
        draft_ids = self._commit_drafts(3)

        results = self._at_once(*[partial(self._queue, draft_ids=draft_ids)] * 2)

        self.assertEqual(sorted(results), [0, 3])

    # === STEPS === #

    def _commit_drafts(self, count):
        """Return the ids of drafts for one customer who had no invoice before: the worst case for whoever counts."""
        line = {"name": "Work", "price_unit": 100.0, "tax_ids": [Command.clear()]}
        values = {
            "move_type": "out_invoice", "partner_id": self.customer_id, "invoice_line_ids": [Command.create(line)]
        }  # fmt: skip
        with self._committing(self.biller_id) as env:
            return env["account.move"].create([values] * count).ids

    def _commit_batch(self, draft_ids):
        with self._committing(self.biller_id) as env, trap_jobs():
            batch = env["account.move"].browse(draft_ids)._finalize_in_background()
            self.addCleanup(self._delete_batches)
            return batch.line_ids.ids

    def _delete_batches(self):
        with self._committing() as env:
            env["service.finalize.batch"].search([("user_id", "=", self.biller_id)]).unlink()

    def _queue(self, env, draft_ids):
        self.addCleanup(self._delete_batches)
        with trap_jobs():
            return len(env["account.move"].browse(draft_ids)._finalize_in_background().line_ids)

    def _perform(self, env, line_ids):
        """Run the jobs of the lines one after the other, each in a transaction of its own."""
        for line_id in line_ids:
            while not self._is_performed(line_id):
                pass

    def _is_performed(self, line_id):
        """Run the job of a line; false where the job runner would run it again."""
        try:
            with self._committing(self.biller_id) as env:
                env["service.finalize.line"].browse(line_id)._job_run()
        except RetryableJobError:
            return False
        except OperationalError as error:
            self.assertIn(error.pgcode, PG_CONCURRENCY_ERRORS_TO_RETRY)
            return False
        return True
