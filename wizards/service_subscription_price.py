from odoo import api, fields, models


class ServiceSubscriptionPrice(models.TransientModel):
    """Another price or quantity of a subscription line, from a day on."""

    _name = "service.subscription.price"
    _description = "Change the Price of a Subscription"

    line_id = fields.Many2one("service.subscription.line", required=True, readonly=True)
    currency_id = fields.Many2one(related="line_id.currency_id")
    date = fields.Date(string="From", compute="_compute_date", store=True, readonly=False, required=True)
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        help="0 ends the line the day before.",
    )
    price_unit = fields.Float(
        string="Unit Price", digits="Product Price", compute="_compute_price_unit", store=True, readonly=False
    )
    discount = fields.Float(
        string="Discount (%)", digits="Discount", compute="_compute_discount", store=True, readonly=False
    )

    # === COMPUTE METHODS === #

    @api.depends("line_id")
    def _compute_date(self):
        for wizard in self:
            subscription = wizard.line_id.subscription_id
            wizard.date = subscription and subscription._get_next_period_start()

    @api.depends("line_id")
    def _compute_quantity(self):
        for wizard in self:
            wizard.quantity = wizard.line_id.quantity

    @api.depends("line_id")
    def _compute_price_unit(self):
        for wizard in self:
            wizard.price_unit = wizard.line_id.price_unit

    @api.depends("line_id")
    def _compute_discount(self):
        for wizard in self:
            wizard.discount = wizard.line_id.discount

    # === ACTION METHODS === #

    def action_confirm(self):
        """Change the price from the day on.

        :rtype: dict
        """
        self.ensure_one()
        values = {"quantity": self.quantity, "price_unit": self.price_unit, "discount": self.discount}
        self.line_id._change_from(self.date, **values)
        return {"type": "ir.actions.act_window_close"}
