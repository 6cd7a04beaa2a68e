from odoo import api, fields, models

from ..models.settings.row_lock import wait_for_rows


class ServiceCreditRefund(models.TransientModel):
    _name = "service.credit.refund"
    _inherit = ["service.customer.money.mixin"]
    _description = "Refund of a Customer's Credit"

    currency_ids = fields.Many2many("res.currency", compute="_compute_currency_ids")
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('id', 'in', currency_ids)]",
    )
    left = fields.Monetary(string="Credit", compute="_compute_left")
    card_left = fields.Monetary(string="Can Go Back to Cards", compute="_compute_left")
    way = fields.Selection(
        selection=[("card", "To the card that paid"), ("bank", "By bank or in cash")],
        compute="_compute_way",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    amount = fields.Monetary(
        string="Pay Back", compute="_compute_amount", store=True, readonly=False, precompute=True, required=True
    )
    payment_ids = fields.Many2many("account.payment", readonly=True)
    refunds = fields.Char(readonly=True, help="What Stripe was asked for.")

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "company_id")
    def _compute_currency_ids(self):
        for wizard in self:
            wizard.currency_ids = self.env["res.currency"].union(*wizard._get_balance())

    @api.depends("partner_id", "company_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = next(iter(wizard._get_balance()), wizard.company_id.currency_id)

    @api.depends("partner_id", "company_id", "currency_id")
    def _compute_left(self):
        for wizard in self:
            wizard.left = wizard._get_balance().get(wizard.currency_id, 0.0)
            cards = wizard.partner_id._get_credit_cards(wizard.company_id, wizard.currency_id)
            wizard.card_left = sum(cards.values())

    @api.depends("card_left")
    def _compute_way(self):
        for wizard in self:
            wizard.way = "card" if wizard.card_left else "bank"

    @api.depends("card_left", "left", "way")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.card_left if wizard.way == "card" else wizard.left

    # === ACTION METHODS === #

    def action_confirm(self):
        """Pay the credit back.

        :return: A notice where a card is refunded, or where it is done already.
        :rtype: dict
        :raise UserError: If the amount is more than is left.
        """
        self.ensure_one()
        self.check_access("write")
        wait_for_rows(self)
        done = self.refunds or ", ".join(self.payment_ids.mapped("display_name"))
        if done:
            return self.env["account.move"]._get_notice(self.env._("Paid back already: %(payment)s.", payment=done))
        if self.way == "card":
            refunds = self.partner_id._refund_credit_to_cards(
                self.amount, currency=self.currency_id, company=self.company_id
            )
            self.refunds = ", ".join(refunds.mapped("reference"))
            return self.env["account.move"]._get_notice(
                self.env._("Stripe is asked to pay it back: %(refunds)s.", refunds=self.refunds)
            )
        self.payment_ids = self.partner_id._refund_credit(
            self.amount,
            currency=self.currency_id,
            journal=self.journal_id,
            date=self.date,
            billing_note=self.note,
        )
        return {"type": "ir.actions.act_window_close"}

    # === GETTERS === #

    def _get_balance(self):
        """Return the credit that the user may see, by currency.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        balances = self.partner_id._get_credit_balances(self.company_id)
        return balances.get(self.partner_id.commercial_partner_id, {})
