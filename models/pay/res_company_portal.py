from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """What customers may do on their pages."""

    _inherit = "res.company"

    billing_pay_parts = fields.Boolean(
        string="Customers May Pay Another Amount",
        default=True,
        help="Besides what is due and all of it, the customer may type an amount.",
    )
    billing_pay_minimum = fields.Monetary(
        string="Least Amount", help="The least that a customer may pay of an invoice, unless less is left."
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_pay_minimum")
    def _check_billing_pay_minimum(self):
        if any(company.billing_pay_minimum < 0 for company in self):
            raise ValidationError(self.env._("The least amount cannot be below zero."))
