from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    billing_charge_credit_ids = fields.One2many(
        "service.charge.credit", "credit_line_id", string="Credited Charge", groups="service_billing.group_biller"
    )
    billing_can_bill_again = fields.Boolean(compute="_compute_billing_bill_again", compute_sudo=True)
    billing_bill_again = fields.Boolean(
        string="Bill Again",
        compute="_compute_billing_bill_again",
        inverse="_inverse_billing_bill_again",
        compute_sudo=True,
        help="When the credit note is finalized, what it takes back becomes an open charge.",
    )

    # === COMPUTE METHODS === #

    @api.depends("billing_charge_credit_ids.is_billed_again")
    def _compute_billing_bill_again(self):
        for line in self:
            credits = line.billing_charge_credit_ids
            line.billing_can_bill_again = any(charge._can_be_billed_again() for charge in credits.charge_id)
            line.billing_bill_again = any(credits.mapped("is_billed_again"))

    def _inverse_billing_bill_again(self):
        for line in self:
            # In sudo mode to write the ledger, which nobody may write by hand.
            credits_sudo = line.sudo().billing_charge_credit_ids
            decided = credits_sudo.filtered(lambda credit: credit.charge_id._can_be_billed_again())
            if any(credit.is_billed_again != line.billing_bill_again for credit in decided):
                line.move_id._check_lines_open()
                decided.is_billed_again = line.billing_bill_again
