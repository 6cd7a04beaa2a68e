from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceSubscriptionLine(models.Model):
    """What is billed for each period, as long as it is valid. Another price makes a line that takes over."""

    _name = "service.subscription.line"
    _description = "Subscription Line"
    _inherit = ["service.priced.mixin"]
    _order = "subscription_id, sequence, product_id.id, valid_from nulls first, id"
    _check_company_auto = True

    subscription_id = fields.Many2one("service.subscription", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="subscription_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="subscription_id.currency_id", store=True, precompute=True)
    partner_id = fields.Many2one(related="subscription_id.partner_id")
    product_id = fields.Many2one(required=True)
    name = fields.Text(
        string="Description", compute="_compute_name", store=True, readonly=False, precompute=True, required=True
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)

    # validity
    valid_from = fields.Date(copy=False, help="The first day it is billed for; empty: from the start.")
    valid_to = fields.Date(copy=False, help="The last day it is billed for; empty: until the end.")
    origin_line_id = fields.Many2one(
        comodel_name="service.subscription.line",
        string="Takes Over From",
        ondelete="restrict",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    is_agreed = fields.Boolean(compute="_compute_is_agreed")

    _quantity_positive = models.Constraint("CHECK(quantity > 0)", "The quantity of a subscription is more than zero.")
    _ends_after_start = models.Constraint(
        "CHECK(valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)", "A line cannot end before it begins."
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            product = line.product_id.with_context(lang=line.subscription_id.partner_id.lang)
            line.name = product.get_product_multiline_description_sale() if product else line.name

    @api.depends("subscription_id.activated_at")
    def _compute_is_agreed(self):
        for line in self:
            line.is_agreed = bool(line._origin.subscription_id.activated_at)

    @api.depends("quantity")
    def _compute_price_amounts(self):
        super()._compute_price_amounts()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_action_fields({name for vals in vals_list for name in vals})
        lines = super().create(vals_list)
        added = lines.filtered(lambda line: line.is_agreed and not line.origin_line_id)
        for line in added.filtered(lambda line: not line.valid_from):
            line.sudo().valid_from = max(line.subscription_id._get_today(), line.subscription_id.start_date)
        added.subscription_id._apply_plan()
        return lines

    def write(self, vals):
        self._check_action_fields(vals)
        if self._get_agreed_fields() & vals.keys() and not self.env.su:
            self._check_not_agreed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        if not self.env.su:
            self._check_not_agreed()

    # === ACTION METHODS === #

    def action_change_price(self):
        """Open the wizard that changes price or quantity from a day on.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Price"),
            "res_model": "service.subscription.price",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    # === BUSINESS METHODS - LOCK === #

    def _check_action_fields(self, names):
        if "origin_line_id" in names and not self.env.su:
            raise UserError(self.env._("Which line takes over from which is set by the price change only."))

    def _check_not_agreed(self):
        agreed = self.filtered("is_agreed")[:1]
        if agreed:
            raise UserError(
                self.env._(
                    "“%(line)s” is agreed: change its price or quantity from a day on.",
                    line=agreed.product_id.display_name,
                )
            )

    # === GETTERS === #

    @api.model
    def _get_agreed_fields(self):
        """Return the fields that rest once the subscription is active: what follows from them may be billed.

        :rtype: set[str]
        """
        return {
            "subscription_id", "product_id", "quantity", "product_uom_id", "price_unit", "discount", "tax_ids",
            "billing_decision", "valid_from", "valid_to",
        }  # fmt: skip

    def _get_priced_quantity(self):
        return self.quantity

    def _get_fiscal_position(self):
        return self.subscription_id.fiscal_position_id
