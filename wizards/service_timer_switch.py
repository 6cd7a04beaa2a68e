from odoo import fields, models


class ServiceTimerSwitch(models.TransientModel):
    _name = "service.timer.switch"
    _description = "Stop One Timer and Start Another"

    order_id = fields.Many2one("service.order", required=True, readonly=True)
    running_line_id = fields.Many2one("service.order.line", required=True, readonly=True)
    running_order_name = fields.Char(related="running_line_id.order_id.name")
    started_at = fields.Datetime(related="running_line_id.started_at")

    # === ACTION METHODS === #

    def action_switch(self):
        """Stop the user's timer where it runs, and start it on the order."""
        self.ensure_one()
        # In sudo mode to reach a timer of the user's in a company that is not switched on.
        running = self.running_line_id.sudo()
        if running.technician_id == self.env.user:
            running._stop_timer()
        self.order_id.action_start()
        return {"type": "ir.actions.act_window_close"}
