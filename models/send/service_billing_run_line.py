from odoo import models


class ServiceBillingRunLine(models.Model):
    _inherit = "service.billing.run.line"

    # === BUSINESS METHODS - REVIEW === #

    def _end_review(self):
        """Finalize and send the drafts of the customers who want it, in the background."""
        super()._end_review()
        finished = self.filtered(lambda line: line.profile_id.finish == "send")
        finished.invoice_ids._finalize_and_send_in_background()
