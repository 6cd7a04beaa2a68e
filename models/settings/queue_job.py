from odoo import api, fields, models
from odoo.tools import SQL

from .service_batch import CHANNEL


class QueueJob(models.Model):
    _inherit = "queue.job"

    service_is_reported = fields.Boolean(string="Reported to a Manager", readonly=True, copy=False)

    # === CRUD METHODS === #

    def write(self, vals):
        """Have somebody told soon when a job of ours failed for good.

        The to-do is made by a scheduled action, which runs once at a time: however many jobs fail in the same second,
        none of them waits for another, and there is one to-do.
        """
        if vals.get("state") != "failed":
            return super().write(vals)
        result = super().write({**vals, "service_is_reported": False})
        if any((job.channel or "").startswith(CHANNEL) for job in self):
            watch = self.env.ref("service_billing.ir_cron_watch_jobs", raise_if_not_found=False)
            if watch:
                # In sudo mode to reach the scheduler.
                watch.sudo()._trigger()
        return result

    # === CRON METHODS === #

    @api.model
    def _cron_wake_runner(self):
        """Have the job runner look for jobs that nobody runs.

        The runner asks a worker to run a job, and never again if a busy server does not hear it. It looks for such jobs
        whenever it is awake; while any job waits for a later moment, it sleeps until then.
        """
        self.env.cr.execute(SQL("SELECT pg_notify('queue_job', '')"))
