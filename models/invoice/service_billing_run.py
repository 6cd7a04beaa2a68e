from odoo import fields, models


class ServiceBillingRun(models.Model):
    _inherit = "service.billing.run"

    draft_count = fields.Integer(compute="_compute_draft_count")

    # === COMPUTE METHODS === #

    def _compute_draft_count(self):
        # Without dependencies: every invoice that is written would look for its run here.
        drafts = self.line_ids.invoice_ids.filtered(lambda move: move.state == "draft")
        by_run = drafts.grouped(lambda move: move.billing_run_line_id.batch_id)
        for run in self:
            run.draft_count = len(by_run.get(run, ()))

    # === ACTION METHODS === #

    def action_finalize(self):
        """Ask for confirmation before the drafts of the run are finalized.

        :rtype: dict
        :raise UserError: If none of them is a draft that waits for it.
        """
        return self.line_ids.invoice_ids.action_billing_finalize_many()
