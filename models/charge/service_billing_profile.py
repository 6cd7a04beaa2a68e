from calendar import monthrange
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..logic.billing_period import Period, Rhythm

CYCLES = [
    ("none", "None"),
    ("weekly", "Weekly"),
    ("monthly", "Monthly"),
    ("quarterly", "Quarterly"),
    ("yearly", "Yearly"),
]
RHYTHM_BY_CYCLE = {"weekly": ("week", 1), "monthly": ("month", 1), "quarterly": ("month", 3), "yearly": ("year", 1)}
LAST_DAY = "31"
DAYS = [*((str(day), str(day)) for day in range(1, 31)), (LAST_DAY, "Last day")]
MAX_GRACE_DAYS = 14


class ServiceBillingProfile(models.Model):
    """How a company bills a customer: in which cycle, on which day, and what happens to the draft.

    Dates follow from the anchor, never from the last run. What is billed is known by `billed_until`: the next period
    begins the day after, so periods neither overlap nor leave a gap, also when the cycle changes.
    """

    _name = "service.billing.profile"
    _description = "Billing Cycle"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
        check_company=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    cycle = fields.Selection(selection=CYCLES, string="Billing Cycle", default="none", required=True)
    anchor = fields.Date(
        string="First Billing Day",
        compute="_compute_anchor",
        store=True,
        readonly=False,
        precompute=True,
        help="All billing days follow from this one: from the 31st, the last day of each shorter month.",
    )
    day = fields.Selection(selection=DAYS, string="Billing Day", compute="_compute_day", inverse="_inverse_day")
    is_paused = fields.Boolean(string="Paused")
    grace_days = fields.Integer(
        string="Review Days",
        compute="_compute_grace_days",
        store=True,
        readonly=False,
        precompute=True,
        help="For so many days after the billing day, late charges join the draft.",
    )
    finish = fields.Selection(
        selection=[("draft", "Leave the draft"), ("finalize", "Finalize")],
        string="After the Review",
        compute="_compute_finish",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Billed In",
        help="Charges in another currency are converted at the rate of the invoice date. Empty: each in its own.",
    )
    billed_until = fields.Date(readonly=True, help="The last day of the last period that was billed.")
    next_start = fields.Date(string="Period From", compute="_compute_next_period", store=True)
    next_stop = fields.Date(string="Period To", compute="_compute_next_period", store=True)
    next_date = fields.Date(string="Next Billing Day", compute="_compute_next_period", store=True, index=True)
    summary = fields.Char(compute="_compute_summary")

    _partner_company_uniq = models.UniqueIndex("(partner_id, company_id)", "A customer has one billing cycle.")

    # === COMPUTE METHODS === #

    @api.depends("cycle")
    def _compute_anchor(self):
        for profile in self.filtered(lambda profile: profile.cycle != "none" and not profile.anchor):
            profile.anchor = profile._get_default_anchor()

    @api.depends("anchor")
    def _compute_day(self):
        for profile in self:
            profile.day = str(profile.anchor.day) if profile.anchor else False

    def _inverse_day(self):
        for profile in self.filtered("day"):
            profile.anchor = profile._get_latest_day(int(profile.day))

    @api.depends("company_id")
    def _compute_grace_days(self):
        for profile in self:
            profile.grace_days = profile.company_id.billing_grace_days

    @api.depends("company_id")
    def _compute_finish(self):
        for profile in self:
            profile.finish = profile.company_id.billing_cycle_finish or "draft"

    @api.depends("cycle", "anchor", "billed_until", "is_paused")
    def _compute_next_period(self):
        for profile in self:
            period = profile._get_next_period()
            profile.next_start, profile.next_stop = (period.start, period.stop) if period else (False, False)
            profile.next_date = period.stop + timedelta(days=1) if period and not profile.is_paused else False

    @api.depends("next_date", "next_start", "next_stop", "is_paused")
    @api.depends_context("lang")
    def _compute_summary(self):
        for profile in self:
            days = {
                name: format_date(self.env, profile[name]) if profile[name] else ""
                for name in ("next_date", "next_start", "next_stop")
            }
            profile.summary = (
                self.env._("%(next_date)s, for %(next_start)s to %(next_stop)s", **days)
                if profile.next_date
                else self.env._("Paused")
                if profile.is_paused
                else False
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("partner_id")
    def _check_partner_id(self):
        if any(profile.partner_id != profile.partner_id.commercial_partner_id for profile in self):
            raise ValidationError(self.env._("A billing cycle belongs to the company, not to one of its contacts."))

    @api.constrains("grace_days")
    def _check_grace_days(self):
        if any(not 0 <= profile.grace_days <= MAX_GRACE_DAYS for profile in self):
            raise ValidationError(self.env._("The review takes between 0 and 14 days."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_kept_fields({name for vals in vals_list for name in vals})
        profiles = super().create(vals_list)
        profiles._skip_past_periods()
        return profiles

    def write(self, vals):
        self._check_kept_fields(vals)
        res = super().write(vals)
        if {"cycle", "anchor", "day"} & vals.keys():
            self._skip_past_periods()
        return res

    @api.model
    def _check_kept_fields(self, names):
        if "billed_until" in names and not self.env.su:
            raise UserError(self.env._("Until when a customer is billed follows from the invoices."))

    # === BUSINESS METHODS - PERIODS === #

    def _skip_past_periods(self):
        """Begin the first cycle of a customer with the period that holds today: earlier ones are not caught up. Charges
        of that time are billed with the first period.
        """
        for profile in self.filtered(lambda profile: profile.cycle != "none" and not profile.billed_until):
            today = profile.company_id._get_billing_today()
            if profile.anchor <= today:
                profile._close_period(profile._get_rhythm().get_period_of(today).start - timedelta(days=1))

    def _close_period(self, period_stop):
        """Remember that the period up to a day is billed."""
        self.ensure_one()
        if not self.billed_until or self.billed_until < period_stop:
            # In sudo mode to write what is billed, which nobody may write by hand.
            self.sudo().billed_until = period_stop

    # === BUSINESS METHODS - RUNS === #

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

    def _prepare_run_line_values(self, period):
        """Prepare the line that bills a period.

        :param Period period: The period.
        :rtype: dict
        """
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "profile_id": self.id,
            "period_start": period.start,
            "period_stop": period.stop,
        }

    # === GETTERS === #

    def _get_due_periods(self, now):
        """Return the periods that are over and not billed yet, the earliest first: more than one where the server was
        down on a billing day.

        Note: `self.ensure_one()`

        :param datetime now: The company's local time; a billing day begins at the company's billing hour.
        :rtype: list[Period]
        """
        self.ensure_one()
        periods, billed_until = [], self.billed_until
        period = None if self.is_paused else self._get_next_period()
        while period and self._get_billing_moment(period) <= now:
            periods.append(period)
            billed_until = period.stop
            period = self._get_period_after(billed_until)
        return periods

    def _get_billing_moment(self, period):
        return datetime.combine(period.stop + timedelta(days=1), time(self.company_id.billing_hour))

    def _get_next_period(self):
        self.ensure_one()
        return self._get_period_after(self.billed_until)

    def _get_period_after(self, billed_until):
        """Return the period that follows what is billed; it may be shorter or longer than the cycle where that changed.

        :param billed_until: The last day that is billed, or nothing.
        :return: Nothing for a customer without a cycle.
        :rtype: Period or None
        """
        if self.cycle == "none" or not self.anchor:
            return None
        rhythm = self._get_rhythm()
        start = billed_until + timedelta(days=1) if billed_until else rhythm.get_start(-1)
        stop = self.anchor - timedelta(days=1) if start < self.anchor else rhythm.get_period_of(start).stop
        return Period(start, stop)

    def _get_rhythm(self):
        unit, interval = RHYTHM_BY_CYCLE[self.cycle]
        return Rhythm(self.anchor, unit, interval)

    def _get_default_anchor(self):
        """Return the next Monday for a weekly cycle, else the first day of the next month, quarter or year."""
        today = self.company_id._get_billing_today()
        if self.cycle == "weekly":
            return today + timedelta(days=7 - today.weekday())
        unit, interval = RHYTHM_BY_CYCLE[self.cycle]
        return Rhythm(today.replace(month=1, day=1), unit, interval).get_period_of(today).stop + timedelta(days=1)

    def _get_latest_day(self, day):
        """Return the latest date until today with a day of the month, in a month that has it."""
        today = self.company_id._get_billing_today()
        first = today.replace(day=1)
        while day > monthrange(first.year, first.month)[1] or first.replace(day=day) > today:
            first = (first - timedelta(days=1)).replace(day=1)
        return first.replace(day=day)
