from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..models.settings.row_lock import wait_for_rows


class ServiceRefundRequest(models.TransientModel):
    _name = "service.refund.request"
    _description = "Refund of a Credit Note"

    move_id = fields.Many2one(
        comodel_name="account.move",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    left = fields.Monetary(
        compute="_compute_left", store=True, precompute=True, help="What was left when the window opened."
    )
    card_left = fields.Monetary(string="Can Go Back to Cards", compute="_compute_left", store=True, precompute=True)
    way = fields.Selection(
        selection=[
            ("card", "To the card that paid"),
            ("bank", "By bank or in cash"),
            ("keep", "Keep as the customer's credit"),
        ],
        default="card",
        required=True,
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False, precompute=True)
    plan = fields.Text(string="Goes Back To", compute="_compute_plan")
    rest = fields.Monetary(string="Stays as Credit", compute="_compute_plan")

    # === COMPUTE METHODS === #

    @api.depends("move_id")
    def _compute_left(self):
        for wizard in self:
            wizard.left = wizard.move_id._get_refund_left()
            wizard.card_left = wizard.move_id._get_card_refundable()

    @api.depends("card_left")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.card_left

    @api.depends("amount", "move_id")
    def _compute_plan(self):
        for wizard in self:
            shares = wizard.move_id._plan_refund(max(wizard.amount, 0.0))
            wizard.plan = "\n".join(
                self.env._(
                    "%(amount)s of payment %(payment)s",
                    amount=format_amount(self.env, share, wizard.currency_id),
                    payment=payment.reference,
                )
                for payment, share in shares.items()
            )
            wizard.rest = wizard.left - wizard.amount

    # === ACTION METHODS === #

    def action_confirm(self):
        """Refund the credit note in the way that was chosen.

        :rtype: dict
        :raise UserError: If something else became of the credit note since the window opened.
        """
        self.ensure_one()
        if self.way == "card":
            wait_for_rows(self.move_id)
            if self.currency_id.compare_amounts(self.left, self.move_id._get_refund_left()):
                raise UserError(self.env._("What is left has changed meanwhile: open the window again."))
            self.move_id._start_refund(self.amount)
        elif self.way == "bank":
            return self.move_id._get_bank_refund_action()
        return {"type": "ir.actions.act_window_close"}
