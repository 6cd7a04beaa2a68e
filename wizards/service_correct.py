from odoo import fields, models

from ..models.invoice.account_move_credit import CREDIT_REASONS


class ServiceCorrect(models.TransientModel):
    _name = "service.correct"
    _description = "Correct an Invoice"

    move_id = fields.Many2one(
        comodel_name="account.move",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    kind = fields.Selection(
        selection=[
            ("rebill", "Take it back whole, and draft the right one"),
            ("credit", "Credit some of it"),
        ],
        string="How",
        default="rebill",
        required=True,
    )
    reason = fields.Selection(selection=CREDIT_REASONS, default="wrong_amount", required=True)
    text = fields.Char(string="Explanation", required=True)

    # === ACTION METHODS === #

    def action_confirm(self):
        """Correct the invoice, and open what comes of it.

        :rtype: dict
        """
        self.ensure_one()
        if self.kind == "rebill":
            return self.move_id.action_billing_correct(self.reason, self.text)
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.move_id.ids)
            .create(
                {
                    "billing_credit_reason": self.reason,
                    "reason": self.text,
                    "journal_id": self.move_id.journal_id.id,
                }
            )
        )
        return reversal.refund_moves()
