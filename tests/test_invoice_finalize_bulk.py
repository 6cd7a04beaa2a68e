from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import Form, tagged

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.tests.common import trap_jobs

from .common_jobs import performing_jobs
from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestInvoiceFinalizeBulk(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drafts = cls._draft_invoice() | cls._draft_invoice() | cls._draft_invoice()
        cls.broken = cls._draft_invoice(partner_id=False)

    def _finalize(self, moves):
        with performing_jobs():
            return moves._finalize_in_background()

    # === RESULTS === #

    def test_one_that_fails_stops_no_other(self):
        batch = self._finalize(self.drafts | self.broken)

        self.assertRecordValues(
            batch, [{"status": "failed", "done_count": 3, "failed_count": 1, "waiting_count": 0, "progress": 100.0}]
        )
        self.assertEqual(set(self.drafts.mapped("state")), {"posted"})
        self.assertEqual(self.broken.state, "draft")
        failed = batch.line_ids.filtered(lambda line: line.state == "failed")
        self.assertRecordValues(failed, [{"move_id": self.broken.id, "reason": "Choose the customer first."}])

    def test_many_drafts_open_in_the_list_that_finalizes_them(self):
        action = self.drafts._get_records_action(name="Drafts")

        view = self.env["account.move"].get_view(*action["views"][0])
        self.assertIn("action_billing_finalize_many", view["arch"])

    def test_retry_tries_only_what_failed(self):
        batch = self._finalize(self.drafts | self.broken)
        self.broken.partner_id = self.customer

        with performing_jobs() as jobs:
            batch.action_retry()
            jobs.perform_enqueued_jobs()
            jobs.assert_jobs_count(1)

        self.assertEqual(self.broken.state, "posted")
        self.assertRecordValues(batch, [{"status": "done", "done_count": 4, "failed_count": 0}])

    def test_draft_finalized_meanwhile_is_done_with_a_notice(self):
        draft = self.drafts[0]
        with performing_jobs():
            batch = draft._finalize_in_background()
            draft.action_billing_finalize()

        self.assertEqual(batch.line_ids.state, "done")
        self.assertIn(draft.name, batch.line_ids.reason)

    def test_draft_cancelled_meanwhile_fails(self):
        draft = self.drafts[0]
        with performing_jobs():
            batch = draft._finalize_in_background()
            draft.button_cancel()

        self.assertRecordValues(batch.line_ids, [{"state": "failed", "reason": "The draft was cancelled."}])

    def test_job_of_a_deleted_draft_ends(self):
        draft = self.drafts[0]
        with performing_jobs():
            batch = draft._finalize_in_background()
            line = batch.line_ids
            draft.unlink()

        self.assertFalse(line.exists())
        self.assertEqual(line._job_run(), "Deleted meanwhile.")

    def test_locked_draft_is_tried_later(self):
        with trap_jobs():
            line = self.drafts[0]._finalize_in_background().line_ids

        with (
            patch.object(type(self.drafts), "lock_for_update", side_effect=LockError("locked")),
            self.assertRaises(RetryableJobError),
        ):
            line._job_run()

        self.assertEqual(line.state, "waiting")

    # === TWICE === #

    def test_waiting_drafts_are_not_queued_again(self):
        with trap_jobs():
            first = self.drafts[:2]._finalize_in_background()
            second = self.drafts._finalize_in_background()

        self.assertEqual(first.line_ids.move_id, self.drafts[:2])
        self.assertEqual(second.line_ids.move_id, self.drafts[2])
        with self._refused():
            self.drafts.action_billing_finalize_many()

    def test_finalized_ones_are_left_out(self):
        self.drafts.action_billing_finalize()

        self.assertFalse(self._finalize(self.drafts))
        self.assertFalse(self._finalize(self.drafts.browse()))

    def test_job_that_runs_again_changes_nothing(self):
        batch = self._finalize(self.drafts[0])
        number = self.drafts[0].name

        batch.line_ids._job_run()

        self.assertEqual(self.drafts[0].name, number)
        self.assertRecordValues(batch.line_ids, [{"state": "done", "reason": False}])

    def test_failed_one_may_go_into_another_batch(self):
        self._finalize(self.broken)
        self.broken.partner_id = self.customer

        second = self._finalize(self.broken)

        self.assertEqual(second.line_ids.state, "done")

    # === SCREEN === #

    def test_confirmation_shows_count_total_and_what_is_left_out(self):
        self.drafts[0].action_billing_finalize()
        with trap_jobs():
            self.drafts[1]._finalize_in_background()

        action = (self.drafts | self.broken).action_billing_finalize_many()
        wizard = Form(self.env[action["res_model"]].with_user(self.biller).with_context(**action["context"])).save()

        self.assertEqual(wizard.draft_count, 2)
        self.assertIn("200.00", wizard.total_text)
        self.assertEqual(wizard.left_out_text, "1 finalized already, 1 waiting in another batch")
        with performing_jobs():
            opened = wizard.action_confirm()
        self.assertEqual(opened["res_model"], "service.finalize.batch")
        with self._refused():
            wizard.move_ids.filtered("partner_id").action_billing_finalize_many()

    def test_page_opens_what_failed(self):
        batch = self._finalize(self.drafts | self.broken)

        found = self.env["account.move"].search(batch.action_view_drafts()["domain"])

        self.assertEqual(found, self.broken)

    # === RIGHTS === #

    def test_technician_finalizes_nothing(self):
        batch = self._finalize(self.broken)
        for model, method, ids in (
            ("account.move", "action_billing_finalize_many", self.drafts.ids),
            ("service.finalize.batch", "action_retry", batch.ids),
            ("service.finalize.batch", "read", batch.ids),
            ("service.finalize.line", "read", batch.line_ids.ids),
        ):
            with self.subTest(model, method=method), self.assertRaises(AccessError):
                self._call(self.technician, model, method, ids)

    def test_results_are_not_written_by_hand(self):
        batch = self._finalize(self.broken)
        line = batch.line_ids
        for record, values in (
            (batch, {"started_at": False}),
            (batch, {"user_id": self.technician.id}),
            (line, {"state": "done"}),
            (line, {"move_id": self.drafts[0].id}),
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._call(self.biller, record._name, "write", record.ids, values)
        for model, values in (
            ("service.finalize.batch", {}),
            ("service.finalize.line", {"batch_id": batch.id, "move_id": self.drafts[0].id}),
        ):
            with self.subTest(model), self.assertRaises(UserError):
                self._call(self.biller, model, "create", values)

    def test_other_company_sees_and_retries_nothing(self):
        self._set_up_second_company()
        batch = self._finalize(self.broken)

        for method, arguments in (("read", [["status"]]), ("action_retry", []), ("action_view_drafts", [])):
            with self.subTest(method), self.assertRaises(AccessError):
                self._call(self.second_biller, "service.finalize.batch", method, batch.ids, *arguments)

    def test_each_company_has_its_own_batch(self):
        self._set_up_second_company()
        both = self._create_user("both", "service_billing.group_biller")
        both.company_ids += self.second_company
        there = self._draft_invoice(user=self.second_biller)

        moves = (self.drafts[0] | there).with_user(both).with_context(allowed_company_ids=both.company_ids.ids)
        batches = self._finalize(moves)

        self.assertEqual(batches.company_id, self.company | self.second_company)
        self.assertEqual((self.drafts[0] | there).mapped("state"), ["posted", "posted"])
