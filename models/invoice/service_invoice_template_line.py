from odoo import fields, models


class ServiceInvoiceTemplateLine(models.Model):
    """A line that a template adds to the drafts it is used on."""

    _name = "service.invoice.template.line"
    _description = "Line of an Invoice Template"
    _order = "template_id, sequence, id"
    _check_company_auto = True

    template_id = fields.Many2one(
        "service.invoice.template", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    display_type = fields.Selection(
        selection=[("line_section", "Section"), ("line_note", "Note")], help="Empty for a line that costs something."
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        domain="[('sale_ok', '=', True), ('type', '!=', 'combo')]",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    name = fields.Text(
        string="Description", translate=True, help="Without a description the line says what the product says."
    )
    quantity = fields.Float(digits="Product Unit", default=1.0)
    price_unit = fields.Float(
        string="Unit Price",
        digits="Product Price",
        help="In the currency of the company. 0 takes the price of the product.",
    )

    _says_something = models.Constraint(
        "CHECK(product_id IS NOT NULL OR name IS NOT NULL)", "Choose a product or write a description."
    )
    _costs_nothing = models.Constraint(
        "CHECK(display_type IS NULL OR (product_id IS NULL AND COALESCE(price_unit, 0) = 0))",
        "A section or a note has no product and no price.",
    )

    # === GETTERS === #

    def _prepare_invoice_line_values(self, move, **extra):
        """Prepare the invoice line, in the language of the environment.

        Note: `self.ensure_one()`

        :param move: The draft that gets the line.
        :rtype: dict
        """
        self.ensure_one()
        if self.display_type:
            return {"display_type": self.display_type, "name": self.name, **extra}
        values = {"product_id": self.product_id.id, "quantity": self.quantity}
        if self.name:
            values["name"] = self.name
        if self.price_unit or not self.product_id:
            values["price_unit"] = self.currency_id._convert(
                self.price_unit, move.currency_id, move.company_id, move.invoice_date or fields.Date.today()
            )
        return {**values, **extra}
