from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """When customers who agreed to be charged hear of a charge."""

    _inherit = "res.company"

    billing_autopay_notice_days = fields.Integer(
        string="Notice Before Autopay",
        default=3,
        help="So many days before a card is charged by itself, the customer gets a mail.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_autopay_notice_days")
    def _check_billing_autopay_notice_days(self):
        if any(company.billing_autopay_notice_days < 0 for company in self):
            raise ValidationError(self.env._("The days of the notice cannot be below zero."))
