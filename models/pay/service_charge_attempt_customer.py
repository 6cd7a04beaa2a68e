from odoo import fields, models


class ServiceChargeAttempt(models.Model):
    """Charges that the customer asked for: who sees on the page what became of it tries again, or does not."""

    _inherit = "service.charge.attempt"

    is_by_customer = fields.Boolean(string="Asked by the Customer", readonly=True)

    # === BUSINESS METHODS - FAILURES === #

    def _note_failure(self):
        """Override to charge nothing later by itself, and to leave customer and office in peace."""
        if not self.is_by_customer:
            super()._note_failure()
