from odoo import models


class ServiceBillingRun(models.Model):
    _inherit = "service.billing.run"

    # === ACTION METHODS === #

    def action_finalize(self):
        """Ask for confirmation before the drafts of the run are finalized.

        :rtype: dict
        :raise UserError: If none of them is a draft that waits for it.
        """
        return self.line_ids.invoice_ids.action_billing_finalize_many()
