from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceOrder(models.Model):
    """For whom the work is done, where it is billed to and at which prices."""

    _inherit = "service.order"

    # customer
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", check_company=True, index=True, tracking=True
    )
    partner_invoice_id = fields.Many2one(
        comodel_name="res.partner",
        string="Invoice Address",
        compute="_compute_addresses",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
    )
    partner_shipping_id = fields.Many2one(
        comodel_name="res.partner",
        string="Service Address",
        compute="_compute_addresses",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    client_order_ref = fields.Char(string="Customer Reference", copy=False)
    sale_order_id = fields.Many2one(
        comodel_name="sale.order", string="Quotation", check_company=True, copy=False, index="btree_not_null"
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        compute="_compute_pricelist_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", store=True, precompute=True)
    fiscal_position_id = fields.Many2one(
        comodel_name="account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )

    # amounts
    amount_untaxed = fields.Monetary(compute="_compute_amounts", store=True, groups="service_billing.group_prices")
    amount_total = fields.Monetary(compute="_compute_amounts", store=True, groups="service_billing.group_prices")

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_addresses(self):
        for order in self:
            addresses = order.partner_id.address_get(["invoice", "delivery"]) if order.partner_id else {}
            order.partner_invoice_id = addresses.get("invoice")
            order.partner_shipping_id = addresses.get("delivery")

    @api.depends("partner_id", "company_id")
    def _compute_pricelist_id(self):
        for order in self:
            order.pricelist_id = order.partner_id.with_company(order.company_id).property_product_pricelist

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for order in self:
            order.currency_id = order.pricelist_id.currency_id or order.company_id.currency_id

    @api.depends("partner_id", "partner_shipping_id", "company_id")
    def _compute_fiscal_position_id(self):
        positions = self.env["account.fiscal.position"]
        for order in self:
            order.fiscal_position_id = positions.with_company(order.company_id)._get_fiscal_position(
                order.partner_id, order.partner_shipping_id
            )

    @api.depends("line_ids.price_subtotal", "line_ids.price_total")
    def _compute_amounts(self):
        for order in self:
            order.amount_untaxed, order.amount_total = order.line_ids._get_document_totals()

    # === CONSTRAINT METHODS === #

    @api.constrains("partner_id", "state")
    def _check_partner_id(self):
        if any(not order.partner_id for order in self):
            raise ValidationError(self.env._("Choose the customer of the service order."))
