from odoo import api, models

from odoo.addons.queue_job.exception import RetryableJobError

from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY


class ServiceCharge(models.Model):
    """From what goes on by itself to charges: agreements that recur, work on orders that stay open."""

    _inherit = "service.charge"

    # === BUSINESS METHODS - COLLECT === #

    @api.model
    def _collect(self, partners, company, until):
        """Make the charges that have become due and that nobody's click makes. Each source adds its own; running
        again makes none that is there.

        :param partners: The customers, commercial entities.
        :param company: The company that bills.
        :param date until: The last day that counts.
        :return: The new charges.
        :rtype: recordset of `service.charge`
        """
        return self.browse()

    @api.model
    def _get_collect_partners(self, company, until):
        """Return the customers for whom `_collect` would have something to do. Each source adds its own.

        :param company: The company that bills.
        :param date until: The last day that counts.
        :return: Commercial entities.
        :rtype: recordset of `res.partner`
        """
        return self.env["res.partner"]

    @api.model
    def _collect_without_cycle(self, company):
        """Enqueue the jobs that make the charges of customers whom no cycle bills, so that they stand among the open.

        :param company: The company that bills.
        """
        today = company._get_billing_today()
        partners = self._get_collect_partners(company, today)
        by_cycle = self.env["service.billing.profile"].search(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id), ("next_date", "!=", False)]
        )
        for partner in partners - by_cycle.partner_id if company.billing_cycle_auto else partners:
            self.with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.collect.{company.id}.{partner.id}",
                description=self.env._("Charges of %(customer)s", customer=partner.display_name),
            )._job_collect(partner.id, company.id, today)

    @api.model
    def _job_collect(self, partner_id, company_id, until):
        """Make the charges of a customer that have become due.

        :param int partner_id: The customer.
        :param int company_id: The company that bills.
        :param date until: The last day that counts.
        """
        company = self.env["res.company"].browse(company_id)
        partner = self.env["res.partner"].browse(partner_id)
        if not partner.try_lock_for_update():
            raise RetryableJobError("Somebody works on the customer.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        self.with_company(company)._collect(partner, company, until)
