import contextlib
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.base.models.ir_cron import IrCron

CHANNEL = "root.service_billing"


class JobsCase(TransactionCase):
    """A manager who is responsible, and jobs of two kinds that belong to no stage."""

    def setUp(self):
        super().setUp()
        self.manager = new_test_user(self.env, "job_manager", groups="service_billing.group_manager")
        self.env.company.billing_job_user_id = self.manager
        self.watch = self.env.ref("service_billing.ir_cron_watch_jobs")

    def _create_job(self, state="done", *, channel=CHANNEL, method="_test_job", **values):
        """Return a job in a state, whoever runs it."""
        delayed = self.env["queue.job"].with_delay(channel=channel, description="Print")
        job = getattr(delayed, method)().db_record()
        if state == "failed":
            values = {"exc_message": "No paper.", "date_started": fields.Datetime.now(), **values}
        job.write({"state": state, **values})
        return job

    def _get_kind(self, *, method="_test_job", user=None):
        kinds = self.env["service.job.kind"]._create_missing()
        return kinds.filtered(lambda kind: kind.method_name == method).with_user(user or self.manager)

    def _get_cron_kind(self):
        kinds = self.env["service.job.kind"]._create_missing()
        return kinds.filtered(lambda kind: kind.cron_id == self.watch).with_user(self.manager)

    def _watch(self):
        self.env["service.job.kind"].with_user(self.watch.user_id)._cron_watch()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestJobsPage(JobsCase):
    def test_each_kind_shows_how_its_jobs_go(self):
        self._create_job(date_started="2026-03-01 08:00:00", exec_time=2.5)
        self._create_job("pending", eta="2026-03-02 08:00:00")
        self._create_job("started", date_started="2026-03-01 09:00:00")
        self._create_job("failed", date_started="2026-03-01 08:30:00")

        self.assertRecordValues(
            self._get_kind(),
            [
                {
                    "name": "Queue Job: test job",
                    "work": "job",
                    "status": "failed",
                    "last_run": fields.Datetime.to_datetime("2026-03-01 09:00:00"),
                    "next_run": fields.Datetime.to_datetime("2026-03-02 08:00:00"),
                    "error": "No paper.",
                    "waiting_count": 1,
                    "running_count": 1,
                    "failed_count": 1,
                }
            ],
        )

    def test_duration_is_that_of_the_last_run(self):
        self._create_job(date_started="2026-03-01 08:00:00", exec_time=1)
        self._create_job(date_started="2026-03-01 08:00:00", exec_time=2.5)

        self.assertEqual(self._get_kind().duration, 2.5)

    def test_each_scheduled_action_shows_its_runs(self):
        self.watch.write({"lastcall": "2026-03-01 08:00:00", "nextcall": "2026-03-01 09:00:00"})

        kind = self._get_cron_kind()

        self.assertEqual((kind.work, kind.status, kind.error), ("cron", "idle", False))
        self.assertEqual(str(kind.last_run), "2026-03-01 08:00:00")
        self.assertEqual(str(kind.next_run), "2026-03-01 09:00:00")

    def test_switched_off_action_has_no_next_run_and_cannot_be_started(self):
        self.watch.active = False

        kind = self._get_cron_kind()

        self.assertEqual((kind.status, kind.next_run), ("off", False))
        with self.assertRaises(UserError):
            kind.action_run_now()

    def test_jobs_of_others_are_not_listed(self):
        self._create_job(channel="root")

        self.assertFalse(self._get_kind())
        self.assertFalse(self.env["service.job"].with_user(self.manager).search([("name", "=", "Print")]))

    def test_kinds_are_made_once(self):
        self._create_job()

        before = self.env["service.job.kind"]._create_missing()

        self.assertEqual(self.env["service.job.kind"]._create_missing(), before)

    def test_opening_the_page_lists_a_kind_that_ran_for_the_first_time(self):
        self._create_job()

        call_kw(self.env(user=self.manager)["service.job.kind"], "action_open", [], {})

        self.assertTrue(self.env["service.job.kind"].search([("method_name", "=", "_test_job")]))

    def test_run_now_has_the_scheduler_start_it(self):
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.watch.id)])

        self._get_cron_kind().action_run_now()

        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.watch.id)]), before + 1)

    def test_retry_puts_back_what_failed_and_nothing_else(self):
        failed, done = self._create_job("failed"), self._create_job()
        other = self._create_job("failed", method="_test_on_fail")

        kind = self._get_kind()
        kind.action_retry()

        self.assertEqual([job.state for job in (failed, done, other)], ["pending", "done", "failed"])
        with self.assertRaises(UserError):
            kind.action_retry()


@tagged("post_install", "-at_install")
class TestJobsToDo(JobsCase):
    def test_failure_makes_one_to_do_for_the_responsible_manager(self):
        self._create_job("failed")
        self._create_job("failed")

        self._watch()
        self._create_job("failed")
        self._watch()

        self.assertRecordValues(
            self._get_kind().activity_ids,
            [{"user_id": self.manager.id, "summary": "Failed: Queue Job: test job", "note": "<p>No paper.</p>"}],
        )

    def test_to_do_that_was_ticked_off_comes_back_with_a_new_failure_only(self):
        job = self._create_job("failed")
        self._watch()
        self._get_kind().activity_ids.action_done()

        self._watch()
        self.assertFalse(self._get_kind().activity_ids)
        job.write({"state": "pending"})
        job.write({"state": "failed"})
        self._watch()

        self.assertEqual(len(self._get_kind().activity_ids), 1)

    def test_to_do_is_closed_when_the_work_succeeds(self):
        job = self._create_job("failed")
        self._watch()
        job.write({"state": "done"})

        self._watch()

        self.assertFalse(self._get_kind().activity_ids)

    def test_failure_of_ours_wakes_the_watch_and_success_does_not(self):
        domain = [("cron_id", "=", self.watch.id)]
        before = self.env["ir.cron.trigger"].search_count(domain)

        self._create_job()
        self._create_job("failed", channel="root")
        self.assertEqual(self.env["ir.cron.trigger"].search_count(domain), before)
        self._create_job("failed")

        self.assertEqual(self.env["ir.cron.trigger"].search_count(domain), before + 1)

    def test_failed_scheduled_action_makes_one_to_do_and_keeps_its_reason(self):
        with patch.object(IrCron, "_callback", side_effect=UserError("No paper.")), contextlib.suppress(UserError):
            self.watch._callback("watch", self.watch.ir_actions_server_id.id)
        self.watch.write({"failure_count": 1, "first_failure_date": "2026-03-01 08:00:00"})

        self._watch()
        self._watch()

        kind = self._get_cron_kind()
        self.assertEqual((kind.status, kind.error), ("failed", "No paper."))
        self.assertEqual(len(kind.activity_ids), 1)

    def test_to_do_says_nothing_of_a_company_that_the_manager_may_not_enter(self):
        other = self.env["res.company"].create({"name": "Other Firm"})
        self._create_job("failed", company_id=self.env.company.id)
        self._create_job("failed", company_id=other.id, exc_message="No ink at Other Firm.")

        self._watch()

        activities = self._get_kind(user=self.env.user).activity_ids
        own = activities.filtered(lambda activity: activity.user_id == self.manager)
        self.assertEqual(own.note, "<p>No paper.</p>")

    def test_first_manager_is_told_where_nobody_was_chosen(self):
        self.env.company.billing_job_user_id = False
        self._create_job("failed")

        self._watch()

        user = self._get_kind(user=self.env.user).activity_ids.user_id
        self.assertTrue(user.has_group("service_billing.group_manager"))


@tagged("post_install", "-at_install")
class TestJobsAccess(JobsCase):
    def test_only_managers_see_background_work(self):
        self._create_job("failed")
        kind = self._get_kind()

        for group in ("technician", "biller", "bookkeeper"):
            user = new_test_user(self.env, f"job_{group}", groups=f"service_billing.group_{group}")
            kinds = self.env(user=user)["service.job.kind"]
            for method in ("action_run_now", "action_retry", "action_view_jobs", "read"):
                with self.subTest(group=group, method=method), self.assertRaises(AccessError):
                    call_kw(kinds, method, [kind.ids], {})
            with self.assertRaises(AccessError):
                call_kw(kinds, "action_open", [], {})
            with self.assertRaises(AccessError):
                self.env["service.job"].with_user(user).search([])

    def test_manager_neither_writes_nor_reaches_the_queue_itself(self):
        job = self._create_job("failed")
        kind = self._get_kind()

        for work in (
            lambda: kind.write({"cron_error": "Fine."}),
            lambda: kind.create({"model_name": "res.users", "method_name": "unlink"}),
            kind.unlink,
            job.with_user(self.manager).requeue,
            lambda: self.watch.with_user(self.manager).write({"code": "pass"}),
        ):
            with self.assertRaises(AccessError):
                work()

    def test_jobs_of_another_company_are_neither_seen_nor_retried(self):
        other = self.env["res.company"].create({"name": "Other Firm"})
        job = self._create_job("failed", company_id=other.id)

        kind = self._get_kind()

        self.assertEqual((kind.failed_count, kind.error), (0, False))
        with self.assertRaises(UserError):
            kind.action_retry()
        self.assertEqual(job.state, "failed")

    def test_arguments_of_a_job_are_not_shown(self):
        names = self.env["service.job"].fields_get()

        self.assertFalse({"args", "kwargs", "records", "exc_info", "result", "uuid"} & names.keys())


@tagged("post_install", "-at_install")
class TestJobRunner(TransactionCase):
    def test_runner_is_woken(self):
        with self.registry.cursor() as runner:
            runner.execute("LISTEN queue_job")
            runner.commit()
            with self.registry.cursor() as cr:
                self.env(cr=cr)["queue.job"]._cron_wake_runner()
            runner.execute("SELECT 1")
            woken = [notice.payload for notice in runner._cnx.notifies]

        self.assertIn("", woken)

    def test_runner_is_woken_every_minute(self):
        wake = self.env.ref("service_billing.ir_cron_wake_runner")

        self.assertEqual((wake.active, wake.interval_number, wake.interval_type), (True, 1, "minutes"))
