from odoo import api, fields, models

from ..models.invoice.account_move_void import VOID_REASONS


class ServiceVoid(models.TransientModel):
    _name = "service.void"
    _description = "Void a Document"

    move_id = fields.Many2one(
        comodel_name="account.move",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    reason = fields.Selection(selection=VOID_REASONS, required=True)
    text = fields.Char(string="Explanation", required=True)
    has_charges = fields.Boolean(compute="_compute_has_charges")
    charges = fields.Selection(
        selection=[("release", "Bill them again: they are open charges"), ("waive", "Never bill them: waive them")],
        default="release",
        required=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("move_id")
    def _compute_has_charges(self):
        for wizard in self:
            wizard.has_charges = wizard.move_id.billing_has_charges

    # === ACTION METHODS === #

    def action_confirm(self):
        """Void the document.

        :rtype: dict
        """
        self.ensure_one()
        is_released = self.charges == "release"
        notice = self.move_id.action_billing_void(self.reason, self.text, release_charges=is_released)
        return notice or {"type": "ir.actions.act_window_close"}
