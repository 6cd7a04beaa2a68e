from odoo import api, fields, models


class ServiceCharge(models.Model):
    """The work behind a charge, as it was when it was billed: an order that is opened again changes no invoice."""

    _inherit = "service.charge"

    technician_id = fields.Many2one("res.users", readonly=True, copy=False)
    started_at = fields.Datetime(string="Started", readonly=True, copy=False)
    stopped_at = fields.Datetime(string="Stopped", readonly=True, copy=False)
    logged_quantity = fields.Float(string="Logged", digits="Product Unit", readonly=True, copy=False)
    is_on_annex = fields.Boolean(string="Hours on the Annex", readonly=True, copy=False)
    lot_id = fields.Many2one("stock.lot", string="Serial Number", readonly=True, copy=False)

    # === BUSINESS METHODS - LOCK === #

    @api.model
    def _get_source_fields(self):
        return super()._get_source_fields() | {
            "technician_id", "started_at", "stopped_at", "logged_quantity", "lot_id", "is_on_annex"
        }  # fmt: skip
