from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .service_billing_profile import MAX_GRACE_DAYS


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_cycle_auto = fields.Boolean(
        string="Bill Cycles by Themselves",
        default=True,
        help="On a customer's billing day the draft is made without a click. Otherwise a billing run does it.",
    )
    billing_hour = fields.Integer(
        default=6, help="The hour, in the company's time zone, at which a billing day begins."
    )
    billing_retried_on = fields.Date(
        string="Failed Cycles Tried Again", readonly=True, copy=False, help="The last billing day on which they were."
    )
    billing_grace_days = fields.Integer(
        string="Review Days", help="For so many days after the billing day, late charges join the draft."
    )
    billing_cycle_finish = fields.Selection(
        selection=[("draft", "Leave the draft"), ("finalize", "Finalize")],
        string="After the Review",
        default="draft",
        required=True,
    )
    billing_cycle_date = fields.Selection(
        selection=[("today", "The day it is billed"), ("period", "The billing day")],
        string="Invoice Date of a Cycle",
        default="today",
        required=True,
        help="They differ where a billing day was missed. A billing day in a locked period is never used.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_hour", "billing_grace_days")
    def _check_billing_cycle(self):
        for company in self:
            if not 0 <= company.billing_hour <= 23:
                raise ValidationError(self.env._("The billing hour is between 0 and 23."))
            if not 0 <= company.billing_grace_days <= MAX_GRACE_DAYS:
                raise ValidationError(self.env._("The review takes between 0 and 14 days."))
