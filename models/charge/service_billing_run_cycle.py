from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models

from odoo.addons.queue_job.exception import RetryableJobError

from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY


class ServiceBillingRun(models.Model):
    """The runs that billing cycles make by themselves."""

    _inherit = "service.billing.run"

    # === CRON METHODS === #

    @api.model
    def _cron_bill_cycles(self):
        """Let a job of its own bill the cycles of each company."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            self.with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.cycles.{company.id}",
                description=self.env._("Billing cycles of %(company)s", company=company.name),
            )._job_bill_cycles(company.id)

    # === BUSINESS METHODS - CYCLES === #

    @api.model
    def _job_bill_cycles(self, company_id):
        """Make a run of all periods that are over in a company, see to the drafts under review, and collect what no
        cycle bills. Running again changes nothing.

        :param int company_id: The company.
        """
        company = self.env["res.company"].browse(company_id)
        runs = self.with_company(company)
        if company.billing_cycle_auto:
            runs._bill_due_periods(company)
            runs._retry_cycles(company)
        self.env["service.billing.run.line"]._review(company)
        self.env["service.charge"]._collect_without_cycle(company)

    def _bill_due_periods(self, company):
        now = company._get_billing_now()
        due = self.env["service.billing.profile"].search(
            [
                ("company_id", "=", company.id),
                ("next_date", "<=", now.date()),
                ("partner_id.active", "=", True),
            ]
        )
        lines = due._prepare_due_run_lines(now)
        if not lines:
            return
        try:
            with self.env.cr.savepoint():
                run = self.create(
                    {
                        "company_id": company.id,
                        "is_cycle": True,
                        "until": now.date(),
                        "started_at": fields.Datetime.now(),
                        "user_id": self.env.uid,
                    }
                )
                self.env["service.billing.run.line"].create([{**line, "batch_id": run.id} for line in lines])
        except UniqueViolation as error:
            raise RetryableJobError("Another job bills these cycles.", seconds=SECONDS_TO_RETRY) from error
        run._enqueue()

    def _retry_cycles(self, company):
        """Once a billing day, try again what failed: perhaps somebody mended it."""
        now = company._get_billing_now()
        billing_day = (now - timedelta(hours=company.billing_hour)).date()
        if company.billing_retried_on == billing_day:
            return
        # In sudo mode to write when it was, which nobody may write by hand.
        company.sudo().billing_retried_on = billing_day
        failed = self.env["service.billing.run.line"].search(
            [("company_id", "=", company.id), ("is_cycle", "=", True), ("state", "=", "failed")]
        )
        failed.write({"state": "waiting", "reason": False})
        failed.batch_id._enqueue()
