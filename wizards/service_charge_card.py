from odoo import api, fields, models


class ServiceChargeCard(models.TransientModel):
    _name = "service.charge.card"
    _description = "Charge a Saved Card"

    move_id = fields.Many2one(
        comodel_name="account.move",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount_residual = fields.Monetary(string="Left to Pay", related="move_id.amount_residual")
    token_ids = fields.Many2many("payment.token", compute="_compute_token_ids")
    token_id = fields.Many2one(
        comodel_name="payment.token",
        string="Card",
        compute="_compute_token_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('id', 'in', token_ids)]",
    )
    valid_until = fields.Date(related="token_id.billing_expires_on")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False, precompute=True, required=True)
    discounted_until = fields.Date(
        string="With Discount Until",
        compute="_compute_discounted_until",
        help="The amount is less than what is left to pay, because the customer pays early.",
    )

    # === COMPUTE METHODS === #

    @api.depends("move_id")
    def _compute_token_ids(self):
        for wizard in self:
            move = wizard.move_id
            provider = move.company_id._get_online_provider(move.currency_id)
            wizard.token_ids = wizard.token_ids._find_chargeable(provider, move.commercial_partner_id).ids

    @api.depends("token_ids")
    def _compute_token_id(self):
        for wizard in self:
            wizard.token_id = wizard.token_ids[:1]

    @api.depends("move_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.move_id._get_amount_to_charge()

    @api.depends("move_id")
    def _compute_discounted_until(self):
        for wizard in self:
            discount = wizard.move_id._get_early_discount()
            wizard.discounted_until = discount["discount_date"] if discount else False

    # === ACTION METHODS === #

    def action_confirm(self):
        """Have the card charged.

        :return: A notice where a card is being charged already, else what closes the window.
        :rtype: dict
        :raise UserError: If the card or the amount cannot be charged.
        """
        self.ensure_one()
        self.move_id.check_access("write")
        if not self.move_id._attempt_card(self.token_id, self.amount):
            return self.move_id._get_notice(self.env._("A card is being charged for this invoice already."))
        return {"type": "ir.actions.act_window_close"}
