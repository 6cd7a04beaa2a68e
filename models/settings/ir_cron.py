from odoo import models


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Keep why a scheduled action of ours failed. The scheduler has undone its work by then, and commits this."""
        try:
            return super()._callback(cron_name, server_action_id)
        except Exception as error:
            self.env["service.job.kind"]._note_error(self, error)
            raise
