import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import LockError, RedirectWarning, UserError

from odoo.addons.queue_job.exception import RetryableJobError

from .row_lock import wait_for_rows

_logger = logging.getLogger(__name__)

CHANNEL = "root.service_billing"
SECONDS_TO_RETRY = 5


class ServiceBatchMixin(models.AbstractModel):
    """Work on many documents in the background: a line and a job for each, so that one that fails stops no other.

    The model that inherits it has `line_ids`, lines of a model that inherits `service.batch.line.mixin`. Nothing of a
    line is stored on its batch: jobs that run side by side never wait for its row.
    """

    _name = "service.batch.mixin"
    _inherit = ["service.kept.mixin"]
    _description = "Work in the Background"

    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    user_id = fields.Many2one("res.users", string="Started by", readonly=True, copy=False)
    started_at = fields.Datetime(string="Started", readonly=True, copy=False)
    status = fields.Selection(
        selection=[
            ("draft", "Not started"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Done with failures"),
        ],
        compute="_compute_progress",
    )
    line_count = fields.Integer(compute="_compute_progress")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_progress")
    done_count = fields.Integer(string="Done", compute="_compute_progress")
    failed_count = fields.Integer(string="Failed", compute="_compute_progress")
    progress = fields.Float(string="Progress (%)", compute="_compute_progress")

    # === COMPUTE METHODS === #

    @api.depends("started_at", "line_ids.state")
    def _compute_progress(self):
        groups = self.env[self._fields["line_ids"].comodel_name]._read_group(
            [("batch_id", "in", self.ids)], ["batch_id", "state"], ["__count"]
        )
        counts = {(batch.id, state): count for batch, state, count in groups}
        for batch in self:
            for state in ("waiting", "done", "failed"):
                batch[f"{state}_count"] = counts.get((batch._origin.id, state), 0)
            finished_count = batch.done_count + batch.failed_count
            batch.line_count = finished_count + batch.waiting_count
            batch.progress = 100.0 * finished_count / batch.line_count if batch.line_count else 0.0
            finished = "failed" if batch.failed_count else "done"
            batch.status = "draft" if not batch.started_at else "running" if batch.waiting_count else finished

    # === ACTION METHODS === #

    def action_run(self):
        """Start the work in the background.

        :return: A notice where somebody started it before, else nothing.
        :rtype: dict or None
        """
        self.ensure_one()
        self.check_access("write")
        wait_for_rows(self)
        if self.started_at:
            return self._get_started_notice()
        # In sudo mode to write who started it, which nobody may write by hand.
        self.sudo().write({"started_at": fields.Datetime.now(), "user_id": self.env.uid})
        self._enqueue()
        return None

    def action_retry(self):
        """Try again what failed, and nothing else."""
        self.ensure_one()
        self.check_access("write")
        wait_for_rows(self)
        failed = self.line_ids.filtered(lambda line: line.state == "failed")
        # In sudo mode to write the results, which nobody may write by hand.
        failed.sudo().write({"state": "waiting", "reason": False})
        self._enqueue()

    # === BUSINESS METHODS - JOBS === #

    def _enqueue(self):
        """Let a job enqueue the jobs of the lines that wait: with thousands of lines no click waits for that."""
        for batch in self:
            batch.with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.enqueue.{batch.id}",
                description=self.env._("%(batch)s: enqueue", batch=batch.display_name),
            )._job_enqueue()

    def _job_enqueue(self):
        """Enqueue a job for each line that waits."""
        self.ensure_one()
        self.line_ids.filtered(lambda line: line.state == "waiting")._enqueue()

    # === GETTERS === #

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"started_at", "user_id"}

    def _get_started_notice(self):
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("Started already by %(user)s.", user=self.user_id.name),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class ServiceBatchLineMixin(models.AbstractModel):
    """One document of a batch. The model that inherits it has `batch_id`, and says in `_process` what is done."""

    _name = "service.batch.line.mixin"
    _inherit = ["service.kept.mixin"]
    _description = "Work in the Background: Line"

    state = fields.Selection(
        selection=[("waiting", "Waiting"), ("done", "Done"), ("failed", "Failed")],
        string="Result",
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
    )
    reason = fields.Char(readonly=True, copy=False, help="Why it failed, or what is worth knowing about the result.")

    # === BUSINESS METHODS - JOBS === #

    def _enqueue(self):
        for line in self:
            line.with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.run.{line.id}",
                description=line._get_job_description(),
            )._job_run()

    def _job_run(self):
        """Do the work of one line in its own transaction. Once it is done, running again changes nothing.

        What the user can mend is written on the line as its reason, and nothing else of the work stays.

        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If somebody else works on the line, or on what it needs.
        """
        self.ensure_one()
        if not self.exists():
            return self.env._("Deleted meanwhile.")
        if not self.try_lock_for_update():
            raise RetryableJobError(f"{self._name} {self.id} is locked.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        self.invalidate_recordset()
        if self.state == "done":
            return self.env._("Done before.")
        # In sudo mode to write the result, which nobody may write by hand.
        self.sudo().write(self._get_result())
        return self.reason or self.env._("Done.")

    def _get_result(self):
        """Process the line, and return what to write on it.

        :rtype: dict
        :raise RetryableJobError: If somebody else works on what the line needs.
        """
        try:
            with self.env.cr.savepoint():
                return {"state": "done", "reason": self._process() or False}
        except LockError as error:
            raise RetryableJobError(str(error), seconds=SECONDS_TO_RETRY, ignore_retry=True) from error
        except (UserError, RedirectWarning) as error:
            return {"state": "failed", "reason": " ".join(str(error.args[0]).split())}
        except (OperationalError, RetryableJobError):
            raise
        except Exception:
            _logger.exception("%s %s failed", self._name, self.id)
            return {"state": "failed", "reason": self.env._("An unexpected error, which the server's log explains.")}

    def _process(self):
        """Do the work of the line. The model that inherits this does it.

        Note: `self.ensure_one()`

        :return: A sentence for whoever looks at the line, or nothing.
        :rtype: str or None
        :raise UserError: If the user has to mend something first; the sentence says what.
        """
        raise NotImplementedError

    # === GETTERS === #

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"state", "reason"}

    def _get_job_description(self):
        """Return what the job page calls the work of the line.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        return self.display_name
