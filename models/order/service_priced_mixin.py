import math

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

BILLING_DECISIONS = [
    ("billable", "Billable"),
    ("included", "Included"),
    ("warranty", "Warranty"),
    ("goodwill", "Goodwill"),
]


class ServicePricedMixin(models.AbstractModel):
    """A priced quantity of a product. What is not billable keeps its list price and amounts to nothing.

    The model that inherits it says where its company, currency and customer come from, and with
    `_get_priced_quantity` which of its quantities is charged.
    """

    _name = "service.priced.mixin"
    _description = "Priced Service"

    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one("res.currency")
    partner_id = fields.Many2one("res.partner")
    product_id = fields.Many2one(
        comodel_name="product.product",
        check_company=True,
        domain="[('sale_ok', '=', True), ('type', '!=', 'combo')]",
        ondelete="restrict",
        index="btree_not_null",
    )
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    price_unit = fields.Float(
        string="Unit Price",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        min_display_digits="Product Price",
        groups="service_billing.group_prices",
    )
    discount = fields.Float(string="Discount (%)", digits="Discount", groups="service_billing.group_prices")
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        check_company=True,
        context={"active_test": False},
        domain="[('type_tax_use', '=', 'sale'), ('company_id', 'parent_of', company_id)]",
        groups="service_billing.group_prices",
    )
    billing_decision = fields.Selection(selection=BILLING_DECISIONS, default="billable", required=True)
    price_subtotal = fields.Monetary(
        string="Amount",
        compute="_compute_price_amounts",
        store=True,
        groups="service_billing.group_prices",
    )
    price_total = fields.Monetary(
        string="Amount with Taxes",
        compute="_compute_price_amounts",
        store=True,
        groups="service_billing.group_prices",
    )

    _discount_in_range = models.Constraint(
        "CHECK(discount BETWEEN 0 AND 100)", "A discount is a percentage between 0 and 100."
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for record in self:
            record.product_uom_id = record.product_id.uom_id

    @api.depends("product_id", "product_uom_id", "currency_id")
    def _compute_price_unit(self):
        for record in self:
            record.price_unit = record._get_list_price() if record.product_id else record.price_unit

    @api.depends("product_id", "company_id", "partner_id")
    def _compute_tax_ids(self):
        for record in self:
            taxes = record.product_id.taxes_id if record.product_id else record.company_id.account_sale_tax_id
            taxes = taxes._filter_taxes_by_company(record.company_id)
            record.tax_ids = record._get_fiscal_position().map_tax(taxes)

    @api.depends("billing_decision", "price_unit", "discount", "tax_ids", "currency_id")
    def _compute_price_amounts(self):
        for record in self:
            base_line = record._prepare_base_line()
            company = record.company_id or self.env.company
            self.env["account.tax"]._add_tax_details_in_base_line(base_line, company)
            self.env["account.tax"]._round_base_lines_tax_details([base_line], company)
            record.price_subtotal = base_line["tax_details"]["total_excluded_currency"]
            record.price_total = base_line["tax_details"]["total_included_currency"]

    # === CONSTRAINT METHODS === #

    @api.constrains("product_id", "company_id")
    def _check_product_company(self):
        for record in self:
            allowed = record.product_id._check_company_domain(record.company_id)
            if record.product_id != record.product_id.with_context(active_test=False).filtered_domain(allowed):
                raise ValidationError(
                    self.env._(
                        "This product belongs to another company: choose one of %(company)s.",
                        company=record.company_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_numbers(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_numbers(vals)
        return super().write(vals)

    @api.model
    def _check_numbers(self, vals):
        """Make sure that numbers are numbers, before the rest of a form is taken over.

        :param dict vals: What somebody entered.
        :raise UserError: If text, infinity or "not a number" stands where a number belongs.
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            if field and field.type in ("float", "integer", "monetary") and not _is_number(value):
                label = field._description_string(self.env)
                raise UserError(self.env._("“%(value)s” is no number: correct %(field)s.", value=value, field=label))

    # === GETTERS === #

    def _get_priced_quantity(self):
        """Return the quantity that is charged, in `product_uom_id`. To be given by the model.

        Note: `self.ensure_one()`

        :rtype: float
        """
        raise NotImplementedError

    def _get_list_price(self):
        """Return the price of one unit on the customer's price list, in the record's currency, before discount.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        product = self.product_id.sudo().with_company(self.company_id)
        price = (
            self._get_pricelist()
            .sudo()
            ._get_product_price(
                product,
                self._get_priced_quantity() or 1.0,
                currency=self.currency_id,
                uom=self.product_uom_id,
                date=fields.Datetime.now(),
            )
        )
        return product._get_tax_included_unit_price_from_price(
            price,
            product_taxes=product.taxes_id._filter_taxes_by_company(self.company_id),
            fiscal_position=self._get_fiscal_position(),
        )

    def _get_pricelist(self):
        """Return the price list that applies to the customer; empty means the product's own sales price.

        :rtype: recordset of `product.pricelist`
        """
        return self.partner_id.with_company(self.company_id).property_product_pricelist

    def _get_fiscal_position(self):
        """Return the fiscal position that maps the product's taxes; empty means none applies.

        :rtype: recordset of `account.fiscal.position`
        """
        return self._get_partner_fiscal_position()

    def _get_partner_fiscal_position(self):
        return (
            self.env["account.fiscal.position"]
            .sudo()
            .with_company(self.company_id)
            ._get_fiscal_position(self.partner_id)
        )

    def _get_document_totals(self):
        """Return what the records amount to together on one document, rounded as their company rounds taxes. The
        records share company and document currency.

        :return: The amounts without and with taxes, in the document's currency; zero for no records.
        :rtype: tuple[float, float]
        """
        return self._get_base_lines_totals([record._prepare_base_line() for record in self])

    def _get_base_lines_totals(self, base_lines):
        """Return what lines prepared for core's tax engine amount to on one document, as `_get_document_totals`.

        :param list base_lines: Lines of these records, which share company and document currency.
        :rtype: tuple[float, float]
        """
        if not base_lines:
            return 0.0, 0.0
        company, engine = self.company_id or self.env.company, self.env["account.tax"]
        engine._add_tax_details_in_base_lines(base_lines, company)
        engine._round_base_lines_tax_details(base_lines, company)
        currency = self._get_document_currency()
        totals = engine._get_tax_totals_summary(base_lines, currency, company)
        amounts = (totals["base_amount_currency"], totals["total_amount_currency"])
        return tuple(map(currency.round, amounts))

    def _get_document_currency(self):
        """Return the currency of the document that bills the records: their own, unless a later stage converts.

        :rtype: recordset of `res.currency`
        """
        return self.currency_id

    def _get_billed_discount(self):
        """Return the discount that goes on the invoice, in percent: all of it where the work is not billable.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        return self.discount if self.billing_decision == "billable" else 100.0

    def _prepare_base_line(self):
        """Prepare the record for core's tax engine.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            self,
            tax_ids=self.tax_ids,
            quantity=self._get_priced_quantity(),
            discount=self._get_billed_discount(),
            partner_id=self.partner_id,
            currency_id=self.currency_id,
            rate=1.0,
        )


def _is_number(value):
    try:
        return math.isfinite(float(value or 0))
    except (TypeError, ValueError):
        return False
