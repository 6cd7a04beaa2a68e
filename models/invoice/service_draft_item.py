from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceDraftItem(models.Model):
    """A line that every draft of a batch has. Its taxes are those of the product, as each customer is taxed."""

    _name = "service.draft.item"
    _description = "Invoice for Many Customers: Line"
    _order = "sequence, id"
    _check_company_auto = True

    batch_id = fields.Many2one("service.draft.batch", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, precompute=True, index=True)
    currency_id = fields.Many2one(related="batch_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one("product.product", check_company=True, domain="[('sale_ok', '=', True)]")
    name = fields.Text(string="Description", help="Left empty, it is what the product says in the customer's language.")
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    price_unit = fields.Float(
        string="Unit Price", digits="Product Price", compute="_compute_price_unit", store=True, readonly=False
    )
    amount = fields.Monetary(compute="_compute_amount")

    # === COMPUTE METHODS === #

    @api.depends("product_id", "currency_id")
    def _compute_price_unit(self):
        for item in self:
            price = item.price_unit
            if item.product_id:
                product, company = item.product_id, item.company_id or self.env.company
                price = product.currency_id._convert(product.lst_price, item.currency_id, company)
            item.price_unit = price

    @api.depends("quantity", "price_unit")
    def _compute_amount(self):
        for item in self:
            item.amount = item.quantity * item.price_unit

    # === CONSTRAINT METHODS === #

    @api.constrains("batch_id", "product_id", "name")
    def _check_name(self):
        if any(not item.product_id and not (item.name or "").strip() for item in self):
            raise ValidationError(self.env._("A line needs a product or a description."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.batch_id._check_not_started()
        return items

    def write(self, vals):
        self.batch_id._check_not_started()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        self.batch_id._check_not_started()

    # === GETTERS === #

    def _prepare_invoice_line_values(self, partner, **extra):
        """Prepare the line of a customer's draft.

        Note: `self.ensure_one()`

        :param partner: The customer.
        :rtype: dict
        """
        self.ensure_one()
        values = {"product_id": self.product_id.id, "quantity": self.quantity, "price_unit": self.price_unit}
        if self.name:
            values["name"] = self.name
        if not self.product_id:
            values["tax_ids"] = partner._get_default_sale_taxes(self.company_id).ids
        return {**values, **extra}
