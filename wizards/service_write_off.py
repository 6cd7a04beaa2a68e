from odoo import fields, models

from ..models.invoice.account_move_writeoff import WRITE_OFF_REASONS


class ServiceWriteOff(models.TransientModel):
    _name = "service.write.off"
    _description = "Write Off an Invoice"

    move_id = fields.Many2one(
        comodel_name="account.move",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount = fields.Monetary(related="move_id.amount_residual", string="Becomes a Bad Debt")
    reason = fields.Selection(selection=WRITE_OFF_REASONS, required=True)
    text = fields.Char(string="Explanation", required=True)

    # === ACTION METHODS === #

    def action_confirm(self):
        """Write the invoice off.

        :rtype: dict
        """
        self.ensure_one()
        notice = self.move_id.action_billing_write_off(self.reason, self.text)
        return notice or {"type": "ir.actions.act_window_close"}
