from odoo import models


class ServiceFinalizeLine(models.Model):
    _inherit = "service.finalize.line"

    # === BUSINESS METHODS - JOBS === #

    def _process(self):
        if not self.batch_id.is_sent:
            return super()._process()
        note = super(ServiceFinalizeLine, self.with_context(billing_no_auto_send=True))._process()
        remarks = self.move_id._send_to_customer(**(self.batch_id.send_options or {}))
        return " ".join(filter(None, (note, remarks.get(self.move_id)))) or None
