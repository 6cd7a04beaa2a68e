from odoo import fields, models
from odoo.fields import Command


class ServiceChargeWaive(models.TransientModel):
    _name = "service.charge.waive"
    _description = "Waive Charges"

    charge_ids = fields.Many2many(
        comodel_name="service.charge",
        required=True,
        readonly=True,
        default=lambda self: [Command.set(self.env.context.get("active_ids", []))],
    )
    reason = fields.Char(required=True)

    # === ACTION METHODS === #

    def action_confirm(self):
        """Waive the charges."""
        self.ensure_one()
        self.charge_ids.action_waive(self.reason)
        return {"type": "ir.actions.act_window_close"}
