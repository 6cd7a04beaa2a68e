from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .service_batch import CHANNEL

WAITING_STATES = ("wait_dependencies", "pending", "enqueued")
SOURCE_FIELDS = [
    *["name", "company_id", "model_name", "method_name", "channel", "state", "exc_message"],
    *["date_created", "date_started", "eta", "exec_time", "retry"],
]


class ServiceJob(models.Model):
    """A queue job of ours as a manager may see it: what it does, how it went, and nothing of its arguments."""

    _name = "service.job"
    _description = "Job"
    _auto = False
    _depends = {"queue.job": SOURCE_FIELDS, "service.job.kind": ["cron_id", "model_name", "method_name"]}
    _order = "date_created desc, id desc"

    name = fields.Char(string="Job", readonly=True)
    kind_id = fields.Many2one("service.job.kind", string="Background Work", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    model_name = fields.Char(readonly=True)
    method_name = fields.Char(readonly=True)
    state = fields.Selection(
        selection=[
            ("wait_dependencies", "Waits for others"),
            ("pending", "Waiting"),
            ("enqueued", "Next"),
            ("started", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
        readonly=True,
    )
    date_created = fields.Datetime(string="Created", readonly=True)
    date_started = fields.Datetime(string="Started", readonly=True)
    eta = fields.Datetime(string="Not Before", readonly=True)
    exec_time = fields.Float(string="Duration (s)", digits=(16, 2), readonly=True, aggregator="avg")
    retry = fields.Integer(string="Tries", readonly=True, aggregator=None)
    error = fields.Char(readonly=True)

    # === GETTERS === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT job.id, job.name, kind.id AS kind_id, job.company_id, job.model_name, job.method_name, job.state,
                   job.date_created, job.date_started, job.eta, job.exec_time, job.retry,
                   CASE WHEN job.state = 'failed' THEN job.exc_message END AS error
              FROM queue_job job
              LEFT JOIN service_job_kind kind
                ON kind.cron_id IS NULL AND kind.model_name = job.model_name AND kind.method_name = job.method_name
             WHERE job.channel = %(channel)s OR job.channel LIKE %(below)s
            """,
            channel=CHANNEL,
            below=f"{CHANNEL}.%",
        )

    def _get_methods(self):
        """Return the methods that run as jobs, in whatever company.

        :return: the name of a model and of its method for each
        :rtype: list[tuple[str, str]]
        """
        # In sudo mode because a kind of work is the same for all companies.
        return self.sudo()._read_group([], ["model_name", "method_name"])

    def _get_figures(self, kinds):
        """Return how the jobs of each kind go, in the companies of the user.

        :param kinds: The kinds of work.
        :return: a dict for each id of a kind that has jobs, with the names of the fields of a kind
        :rtype: dict[int, dict]
        """
        figures = {}
        ours = Domain("kind_id", "in", kinds.ids)
        for kind, state, count, eta in self._read_group(ours, ["kind_id", "state"], ["__count", "eta:min"]):
            values = figures.setdefault(kind.id, {"waiting_count": 0})
            if state in WAITING_STATES:
                values["waiting_count"] += count
                values["next_run"] = min(filter(None, [values.get("next_run"), eta]), default=False)
            elif state in ("started", "failed"):
                values["running_count" if state == "started" else "failed_count"] = count
        started = ours & Domain("date_started", "!=", False)
        for kind, last_run, job_id in self._read_group(started, ["kind_id"], ["date_started:max", "id:max"]):
            figures[kind.id].update(last_run=last_run, duration=self.browse(job_id).exec_time)
        failed = ours & Domain("state", "=", "failed")
        for kind, job_id in self._read_group(failed, ["kind_id"], ["id:max"]):
            figures[kind.id]["error"] = self.browse(job_id).error
        return figures
