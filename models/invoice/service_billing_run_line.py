from odoo import models


class ServiceBillingRunLine(models.Model):
    _inherit = "service.billing.run.line"

    # === BUSINESS METHODS - REVIEW === #

    def _end_review(self):
        """Finalize the drafts of the customers who want it, in the background."""
        super()._end_review()
        finished = self.filtered(lambda line: line.profile_id.finish == "finalize")
        finished.invoice_ids._finalize_in_background()
