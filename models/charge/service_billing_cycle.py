from psycopg2.errors import UniqueViolation

from odoo import api, fields, models

from odoo.addons.queue_job.exception import RetryableJobError

from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY


class ServiceBillingRun(models.Model):
    """The runs that billing cycles make by themselves, and the review of what they drafted."""

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
        """Once a day, at the billing hour, try again what failed: perhaps somebody mended it."""
        if company._get_billing_now().hour != company.billing_hour:
            return
        failed = self.env["service.billing.run.line"].search(
            [("company_id", "=", company.id), ("is_cycle", "=", True), ("state", "=", "failed")]
        )
        failed.write({"state": "waiting", "reason": False})
        failed.batch_id._enqueue()


class ServiceBillingProfile(models.Model):
    _inherit = "service.billing.profile"

    def _prepare_due_run_lines(self, now):
        """Prepare a line for each period that is over and in no run of the cycles yet.

        :param datetime now: The company's local time.
        :rtype: list[dict]
        """
        known = self.env["service.billing.run.line"]._read_group(
            [("profile_id", "in", self.ids), ("is_cycle", "=", True), ("state", "!=", "done")],
            ["profile_id"],
            ["period_start:array_agg"],
        )
        waiting = {profile: set(starts) for profile, starts in known}
        return [
            profile._prepare_run_line_values(period)
            for profile in self
            for period in profile._get_due_periods(now)
            if period.start not in waiting.get(profile, ())
        ]


class ServiceBillingRunLine(models.Model):
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


class ServiceCharge(models.Model):
    _inherit = "service.charge"

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
