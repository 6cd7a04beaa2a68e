from odoo import fields, models


class AccountMove(models.Model):
    """What the page of a document shows of its customer."""

    _inherit = "account.move"

    billing_contact_text = fields.Char(string="Contact", compute="_compute_billing_contact_text")

    # === COMPUTE METHODS === #

    def _compute_billing_contact_text(self):
        # Without dependencies: no customer that changes shall look for its invoices.
        for move in self:
            partner = move.partner_id
            move.billing_contact_text = " · ".join(filter(None, (partner.email, partner.phone)))
