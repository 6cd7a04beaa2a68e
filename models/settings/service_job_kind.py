import contextlib

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import mute_logger, plaintext2html


class ServiceJobKind(models.Model):
    """One kind of background work: a scheduled action of ours, or a method whose calls run as queue jobs.

    A record is where the to-do of a failure hangs. What it shows is read from the scheduler and the queue; both are
    closed to those who see this model, so it is read in sudo mode, narrowed to our work and to their companies.
    """

    _name = "service.job.kind"
    _description = "Background Work"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "cron_id, model_name, method_name"

    name = fields.Char(compute="_compute_name")
    work = fields.Selection(
        selection=[("cron", "Scheduled action"), ("job", "Job")], string="Runs as", compute="_compute_name"
    )
    cron_id = fields.Many2one("ir.cron", readonly=True, ondelete="cascade")
    model_name = fields.Char(readonly=True)
    method_name = fields.Char(readonly=True)
    cron_error = fields.Char(readonly=True)
    cron_reported_at = fields.Datetime(readonly=True)

    # what happened
    status = fields.Selection(
        selection=[
            ("idle", "Idle"),
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("failed", "Failed"),
            ("off", "Switched off"),
        ],
        compute="_compute_runs",
    )
    last_run = fields.Datetime(compute="_compute_runs")
    duration = fields.Float(
        string="Duration (s)", digits=(16, 2), compute="_compute_runs", help="How long the last run took, in seconds."
    )
    next_run = fields.Datetime(compute="_compute_runs")
    error = fields.Char(compute="_compute_runs", help="Why it failed the last time.")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_runs")
    running_count = fields.Integer(string="Running", compute="_compute_runs")
    failed_count = fields.Integer(string="Failed", compute="_compute_runs")

    _cron_uniq = models.UniqueIndex("(cron_id) WHERE cron_id IS NOT NULL")
    _method_uniq = models.UniqueIndex("(model_name, method_name) WHERE cron_id IS NULL")

    # === COMPUTE METHODS === #

    @api.depends("cron_id", "model_name", "method_name")
    def _compute_name(self):
        # In sudo mode to read how the scheduler and the registry call them.
        for kind in self.sudo():
            kind.work = "cron" if kind.cron_id else "job"
            kind.name = kind.cron_id.name or kind._get_job_name()

    @api.depends_context("allowed_company_ids")
    def _compute_runs(self):
        jobs = self.env["service.job"]._get_figures(self)
        runs = self._get_cron_runs()
        for kind in self:
            figures = runs[kind.cron_id.id] if kind.cron_id else jobs.get(kind.id, {})
            for name in ("last_run", "next_run", "error"):
                kind[name] = figures.get(name, False)
            for name in ("duration", "waiting_count", "running_count", "failed_count"):
                kind[name] = figures.get(name, 0)
            states = ("failed", "running", "waiting")
            busy = next((state for state in states if kind[f"{state}_count"]), "idle")
            kind.status = "off" if figures.get("is_off") else busy

    # === ACTION METHODS === #

    @api.model
    def action_open(self):
        """Open the page of all kinds of background work, those included that ran for the first time just now.

        :rtype: dict
        """
        self.check_access("read")
        self._create_missing()
        return self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_job_kind_action")

    def action_run_now(self):
        """Have the scheduler run it as soon as it is free.

        :return: A notice.
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        # In sudo mode to reach the scheduler, for this one scheduled action of ours.
        cron_sudo = self.sudo().cron_id
        if not cron_sudo:
            raise UserError(self.env._("A job runs by itself as soon as a worker is free."))
        if not cron_sudo.active:
            raise UserError(
                self.env._("%(action)s is switched off; an administrator can switch it on.", action=self.name)
            )
        cron_sudo._trigger()
        return self._get_notice(self.env._("%(action)s starts in a moment.", action=self.name))

    def action_retry(self):
        """Put the failed jobs of this kind back into the queue.

        :return: A notice.
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        failed = self.env["service.job"].search([("kind_id", "=", self.id), ("state", "=", "failed")])
        if not failed:
            raise UserError(self.env._("Nothing of this failed, or somebody tries it again already."))
        # In sudo mode to reach the queue, for jobs that the user may see.
        self.env["queue.job"].sudo().browse(failed.ids).requeue()
        return self._get_notice(self.env._("%(count)s failed jobs are tried again.", count=len(failed)))

    def action_view_jobs(self):
        """Show the jobs of this kind.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_job_action")
        return {**action, "domain": [("kind_id", "=", self.id)], "display_name": self.name}

    # === BUSINESS METHODS - KINDS === #

    def _create_missing(self):
        """Have a record for each scheduled action and each kind of job that there is, and return all. What somebody
        else makes at the same moment is left to them.

        :rtype: ServiceJobKind
        """
        # In sudo mode because nobody makes these records by hand.
        kinds_sudo = self.sudo().search([])  # pylint: disable=no-search-all
        known = {(kind.cron_id.id, kind.model_name, kind.method_name) for kind in kinds_sudo}
        found = [(cron.id, False, False) for cron in self._get_crons()]
        found += [(False, *key) for key in self.env["service.job"]._get_methods()]
        names = ("cron_id", "model_name", "method_name")
        missing = [dict(zip(names, values, strict=True)) for values in found if values not in known]
        with contextlib.suppress(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            kinds_sudo += kinds_sudo.create(missing)
        return kinds_sudo

    def _note_error(self, cron, error):
        """Keep why a scheduled action failed, if it is one of ours.

        :param IrCron cron: The scheduled action.
        :param Exception error: What it ended with.
        """
        if cron in self._get_crons():
            kind = self._create_missing().filtered(lambda kind: kind.cron_id == cron)
            kind.cron_error = " ".join(str(error).split())

    # === CRON METHODS === #

    @api.model
    def _cron_watch(self):
        """Give a to-do to whoever is responsible for what failed for good, and close those of what works again.

        A kind of work has one to-do a person, however much of it fails; whoever ticks it off is told again only when
        something fails anew.
        """
        kinds = self._create_missing()
        failures = kinds._get_new_failures()
        told = {(activity.res_id, activity.user_id) for activity in kinds.activity_ids}
        self.env["mail.activity"].create(
            [
                kind._prepare_to_do_values(user)
                for kind, companies in failures.items()
                for user in {company._get_job_responsible() for company in companies}
                if user and (kind.id, user) not in told
            ]
        )
        mended = kinds.filtered(lambda kind: not kind.failed_count)
        mended.activity_ids.filtered("automated").action_feedback(feedback=self.env._("It works again."))

    def _get_new_failures(self):
        """Return in which companies something failed that nobody was told of, and note that somebody is told now.

        :rtype: dict[ServiceJobKind, ResCompany]
        """
        failures = {}
        jobs = self.env["service.job"].search([("kind_id", "in", self.ids), ("state", "=", "failed")])
        records = self.env["queue.job"].browse(jobs.ids).filtered(lambda job: not job.service_is_reported)
        records = records.try_lock_for_update()
        records.service_is_reported = True
        for job in jobs.browse(records.ids):
            failures[job.kind_id] = failures.get(job.kind_id, self.env["res.company"]) | (
                job.company_id or self.env.company
            )
        for kind in self.filtered(lambda kind: kind.cron_reported_at != kind.cron_id.first_failure_date):
            kind.cron_reported_at = kind.cron_id.first_failure_date
            if kind.cron_reported_at:
                failures[kind] = self.env.company
        return failures

    def _prepare_to_do_values(self, user):
        """Return the values of the to-do that tells a user of the failure.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        kind = self.with_user(user).with_context(lang=user.lang, allowed_company_ids=user.company_ids.ids)
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "summary": kind.env._("Failed: %(work)s", work=kind.name),
            "note": plaintext2html(kind.error or ""),
            "user_id": user.id,
            "automated": True,
        }

    # === GETTERS === #

    def _get_crons(self):
        """Return the scheduled actions that belong to this module, switched off ones too, in sudo mode.

        :rtype: IrCron
        """
        # In sudo mode to find our scheduled actions, and no others.
        data = self.env["ir.model.data"].sudo().search([("module", "=", "service_billing"), ("model", "=", "ir.cron")])
        return self.env["ir.cron"].sudo().browse(data.mapped("res_id"))

    def _get_cron_runs(self):
        """Return what the scheduler knows of the scheduled actions among these kinds.

        :return: a dict for each id of a scheduled action, with the names of fields, and `is_off`
        :rtype: dict[int, dict]
        """
        # In sudo mode to read the scheduler, of our scheduled actions only.
        crons_sudo = self.sudo().cron_id
        progress = self.env["ir.cron.progress"].sudo().search([("cron_id", "in", crons_sudo.ids)], order="id")
        last = {run.cron_id.id: run for run in progress}
        errors = {kind.cron_id.id: kind.cron_error for kind in self.sudo()}
        return {
            cron.id: {
                "last_run": cron.lastcall,
                "next_run": cron.active and cron.nextcall,
                "duration": (last[cron.id].write_date - last[cron.id].create_date).total_seconds()
                if cron.id in last
                else 0,
                "error": bool(cron.failure_count) and (errors[cron.id] or self.env._("The server's log says why.")),
                "failed_count": cron.failure_count,
                "is_off": not cron.active,
            }
            for cron in crons_sudo
        }

    def _get_job_name(self):
        """Return what a kind of job is called: the model it works on, and the method in words.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        words = (self.method_name or "").removeprefix("_job").strip("_").replace("_", " ")
        model = self.env["ir.model"].sudo()._get(self.model_name).name or self.model_name
        return f"{model}: {words}"

    def _get_notice(self, message):
        reload = {"type": "ir.actions.client", "tag": "soft_reload"}
        params = {"type": "info", "message": message, "next": reload}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
