from odoo import api, models

from odoo.addons.queue_job.exception import RetryableJobError

from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY


class ServiceBillingRunLine(models.Model):
    """The review of what cycles drafted: late charges join it until its drafts are finalized."""

    _inherit = "service.billing.run.line"

    # === BUSINESS METHODS - REVIEW === #

    @api.model
    def _review(self, company):
        """Let late charges join the drafts under review, and end the review of the others.

        :param company: The company that bills.
        """
        reviewed = self.search([("company_id", "=", company.id), ("review_until", "!=", False)])
        over = reviewed.filtered(lambda line: line.review_until <= company._get_billing_today())
        (reviewed - over)._enqueue_late_charges()
        over._end_review()

    def _enqueue_late_charges(self):
        """Enqueue a job for each line whose customer has late charges."""
        if not self:
            return
        latest = max(line._get_until() for line in self)
        charges = self.partner_id._search_open_charges(self.company_id, latest)
        for line in self.filtered(lambda line: line.partner_id in charges.commercial_partner_id):
            line.with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.late.{line.id}",
                description=self.env._("Late charges of %(customer)s", customer=line.partner_id.display_name),
            )._job_join_late_charges()

    def _job_join_late_charges(self):
        """Add the customer's late charges to the drafts of the line. A charge for which there is no draft of its kind
        waits for the next period.
        """
        self.ensure_one()
        charges = self.partner_id._search_open_charges(self.company_id, self._get_until())
        if charges.try_lock_for_update() != charges:
            raise RetryableJobError("Somebody bills the same charges.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        drafts = self.invoice_ids.filtered(lambda move: move.state == "draft" and move.billing_charge_ids)
        charges._join_drafts(drafts)
        # In sudo mode to write the result, which nobody may write by hand.
        self.sudo().total = self._get_company_total(self.invoice_ids)

    def _end_review(self):
        """End the review. Later stages finalize the drafts of those who want it."""
        # In sudo mode to write the result, which nobody may write by hand.
        self.sudo().review_until = False
