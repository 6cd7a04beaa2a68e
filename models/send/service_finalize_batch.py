from odoo import fields, models


class ServiceFinalizeBatch(models.Model):
    _inherit = "service.finalize.batch"

    is_sent = fields.Boolean(string="And Sent", readonly=True, help="Each document is sent once it is finalized.")
    send_options = fields.Json(readonly=True)

    # === GETTERS === #

    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"is_sent", "send_options"}
