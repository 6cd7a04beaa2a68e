from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.invoice.account_move_credit import CREDIT_REASONS


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    billing_managed = fields.Boolean(compute="_compute_billing_managed")
    billing_has_charges = fields.Boolean(compute="_compute_billing_managed")
    billing_credit_reason = fields.Selection(selection=CREDIT_REASONS, string="Reason")

    # === COMPUTE METHODS === #

    @api.depends("move_ids")
    def _compute_billing_managed(self):
        for wizard in self:
            wizard.billing_managed = any(wizard.move_ids.mapped("billing_managed"))
            wizard.billing_has_charges = any(wizard.move_ids.mapped("billing_has_charges"))

    # === BUSINESS METHODS - CREDIT === #

    def reverse_moves(self, is_modify=False):
        """Ask for a reason before an invoice of ours is credited, and never bill its charges a second time."""
        if self.billing_managed and not (self.billing_credit_reason and (self.reason or "").strip()):
            raise UserError(self.env._("Choose the reason of the credit note and explain it."))
        if is_modify and self.billing_has_charges:
            raise UserError(self.env._("These lines come from charges: make a credit note and bill the charges again."))
        return super().reverse_moves(is_modify)

    def _prepare_default_reversal(self, move):
        values = super()._prepare_default_reversal(move)
        if move.billing_managed:
            values |= {"billing_credit_reason": self.billing_credit_reason, "billing_credit_text": self.reason}
        return values
