from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from odoo.addons.queue_job.exception import RetryableJobError

from ..settings.service_batch import SECONDS_TO_RETRY

SHOWN_DIFFERENCES = 5


class ServiceBillingRunLine(models.Model):
    """A customer in a billing run; with a cycle, one period of it. A period is billed by one line only."""

    _name = "service.billing.run.line"
    _description = "Customer in a Billing Run"
    _inherit = ["service.batch.line.mixin"]
    _order = "id"
    _rec_name = "partner_id"

    batch_id = fields.Many2one(
        comodel_name="service.billing.run", string="Run", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="batch_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_cycle = fields.Boolean(related="batch_id.is_cycle", store=True, precompute=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, ondelete="restrict", index=True
    )
    profile_id = fields.Many2one("service.billing.profile", ondelete="set null", index="btree_not_null")
    period_start = fields.Date(string="From")
    period_stop = fields.Date(string="To")

    # preview, in company currency
    is_planned = fields.Boolean(readonly=True, help="The line bills what was previewed, and nothing else.")
    planned = fields.Json()
    planned_total = fields.Monetary(string="Previewed")
    previous_total = fields.Monetary(string="Last Time")
    change_percent = fields.Float(string="Change (%)", digits=(16, 1), aggregator=None)
    is_flagged = fields.Boolean(string="Differs by Much")

    # result, in company currency
    invoice_ids = fields.One2many("account.move", "billing_run_line_id", string="Invoices")
    invoice_count = fields.Integer(string="Drafts")
    total = fields.Monetary(string="Drafted")
    review_until = fields.Date(help="Until this day, late charges of the period join the draft.")

    _period_uniq = models.UniqueIndex(
        "(profile_id, period_start) WHERE state = 'done' AND profile_id IS NOT NULL", "This period is billed already."
    )
    _cycle_period_uniq = models.UniqueIndex(
        "(profile_id, period_start) WHERE is_cycle AND profile_id IS NOT NULL", "This period is in a run already."
    )
    _review_idx = models.Index("(company_id, review_until) WHERE review_until IS NOT NULL")

    # === ACTION METHODS === #

    def action_view_invoices(self):
        """Open the invoices of the customer in this run.

        :rtype: dict
        """
        return self.invoice_ids._get_records_action(name=self.env._("Invoices"))

    # === BUSINESS METHODS - BILLING === #

    def _process(self):
        """Bill the customer's open charges, in a run with a preview those that it showed.

        :return: What is worth knowing: what differs from the preview, or that there was nothing to bill.
        :rtype: str or None
        :raise UserError: If the customer is archived.
        :raise RetryableJobError: If somebody else is working on the same charges or an earlier period.
        """
        self.ensure_one()
        if not self.partner_id.active:
            raise UserError(self.env._("The customer is archived: the charges stay open."))
        self._take_turn()
        earlier = self._find_same_period()
        if earlier:
            return self.env._("This period was billed already by %(run)s.", run=earlier.batch_id.name)
        self.env["service.charge"]._collect(self.partner_id, self.company_id, self._get_until())
        found = self.partner_id._search_open_charges(self.company_id, self._get_until())
        charges = self._filter_planned(found)
        self._create_invoices(charges)
        return " ".join(self._get_differences(found)) or (None if charges else self.env._("Nothing to bill."))

    def _take_turn(self):
        """Have the customer's cycle to oneself, and let earlier periods go first."""
        if self.profile_id and not self.profile_id.try_lock_for_update():
            raise RetryableJobError("Another period is being billed.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        earlier = Domain("batch_id", "=", self.batch_id.id) & Domain("profile_id", "=", self.profile_id.id)
        earlier &= Domain("state", "=", "waiting") & Domain("period_start", "<", self.period_start)
        if self.profile_id and self.search_count(earlier, limit=1):
            raise RetryableJobError("An earlier period waits.", seconds=SECONDS_TO_RETRY, ignore_retry=True)

    def _find_same_period(self):
        """Return the line of another run that billed days of this line's period."""
        if not self.profile_id:
            return self.browse()
        domain = Domain("profile_id", "=", self.profile_id.id) & Domain("state", "=", "done")
        domain &= Domain("period_start", "<=", self.period_stop) & Domain("period_stop", ">=", self.period_start)
        return self.search(domain & Domain("id", "!=", self.id), limit=1)

    def _filter_planned(self, charges):
        planned = self.planned or {}
        return charges.filtered(lambda charge: charge._get_source_key() in planned) if self.is_planned else charges

    def _create_invoices(self, charges):
        locked = charges.try_lock_for_update()
        if locked != charges:
            raise RetryableJobError("Somebody bills the same charges.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        invoices = charges.with_company(self.company_id)._create_invoices(**self._prepare_invoice_values())
        # In sudo mode to write the result, which nobody may write by hand.
        self.sudo().write(
            {
                "invoice_count": len(invoices),
                "total": self._get_company_total(invoices),
                "review_until": self._get_review_until() if invoices else False,
            }
        )
        if self.profile_id:
            self.profile_id._close_period(self.period_stop)
        if self.review_until and self.review_until <= self.company_id._get_billing_today():
            self._end_review()

    def _prepare_invoice_values(self):
        """Prepare what the drafts of the line have besides their charges.

        :rtype: dict
        """
        values = {"billing_run_line_id": self.id}
        if self.is_cycle:
            values["invoice_user_id"] = self.partner_id.user_id.id
        if self.profile_id and self.company_id.billing_cycle_date == "period":
            billing_day = self.period_stop + timedelta(days=1)
            if not self.company_id._get_violated_lock_dates(billing_day, True, self._get_journal()):
                values["invoice_date"] = billing_day
        return values

    def _reopen(self):
        """Have those of the lines billed again whose drafts are all gone."""
        empty = self.filtered(
            lambda line: line.state == "done" and all(move.state == "cancel" for move in line.invoice_ids)
        )
        # In sudo mode to write the result, which nobody may write by hand.
        empty.sudo().write(
            {
                "state": "failed",
                "reason": self.env._("The draft was deleted: its charges are open again."),
                "is_planned": False,
                "invoice_count": 0,
                "total": 0.0,
                "review_until": False,
            }
        )

    # === GETTERS === #

    def _get_company_total(self, invoices):
        """Return what invoices amount to with taxes, in company currency at the rate of their day."""
        company, today = self.company_id, self.company_id._get_billing_today()
        return sum(
            move.currency_id._convert(move.amount_total, company.currency_id, company, move.invoice_date or today)
            for move in invoices
        )

    def _get_until(self):
        self.ensure_one()
        return self.period_stop or self.batch_id.until

    def _get_review_until(self):
        self.ensure_one()
        days = self.profile_id.grace_days
        return self.profile_id and self.company_id._get_billing_today() + timedelta(days=days)

    def _get_journal(self):
        domain = self.env["account.journal"]._check_company_domain(self.company_id)
        return self.env["account.journal"].search([*domain, ("type", "=", "sale")], limit=1)

    def _get_differences(self, charges):
        """Explain what differs between the preview and what was found.

        :param charges: The open charges that were found.
        :return: Sentences; none where there was no preview.
        :rtype: list[str]
        """
        if not self.is_planned:
            return []
        found, planned = charges._prepare_plan(), self.planned or {}
        sentences = [self._explain(plan, found.get(key)) for key, plan in planned.items()]
        sentences += [
            self.env._("Came later and stays open: %(charge)s.", charge=self._describe(now))
            for key, now in found.items()
            if key not in planned
        ]
        sentences = list(filter(None, sentences))
        more = len(sentences) - SHOWN_DIFFERENCES
        return sentences[:SHOWN_DIFFERENCES] + ([self.env._("And %(count)s more.", count=more)] if more > 0 else [])

    def _explain(self, plan, now):
        """Return the sentence about a charge that is not as it was previewed, else nothing.

        :param dict plan: The charge in the preview.
        :param dict now: The charge as it is, or nothing if it is not open.
        :rtype: str or None
        """
        if not now:
            return self.env._("No longer open: %(charge)s.", charge=self._describe(plan))
        if now == plan:
            return None
        return self.env._(
            "Changed: %(charge)s, before %(before)s.", charge=self._describe(now), before=self._describe(plan)
        )

    def _describe(self, plan):
        currency = self.env["res.currency"].browse(plan["currency_id"])
        return self.env._(
            "“%(title)s” (%(total)s)", title=plan["title"], total=format_amount(self.env, plan["total"], currency)
        )

    def _get_job_description(self):
        return self.env._("Bill %(customer)s", customer=self.partner_id.display_name)
