from odoo import fields, models

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
