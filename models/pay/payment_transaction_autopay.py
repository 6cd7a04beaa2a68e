from odoo import fields, models


class PaymentTransaction(models.Model):
    """Customers who agree to autopay while they save a card."""

    _inherit = "payment.transaction"

    billing_is_autopay = fields.Boolean(readonly=True, copy=False, help="The customer agreed to be charged by itself.")

    # === BUSINESS METHODS - PROCESSING === #

    def _tokenize(self, payment_data):
        """Override to note the consent once there is a card."""
        super()._tokenize(payment_data)
        if self.billing_is_autopay and self.token_id:
            self.env["service.autopay"]._agree(self.partner_id, self.company_id, self.billing_consent_ip)
