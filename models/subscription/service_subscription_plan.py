from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from ..logic.billing_period import Period, Rhythm

NEXT_COUNT = 3


class ServiceSubscription(models.Model):
    """When a subscription bills which days."""

    _inherit = "service.subscription"

    next_date = fields.Date(string="Next Charge", compute="_compute_next_date")
    next_html = fields.Html(string="Next Charges", compute="_compute_next_html", sanitize=False)

    # === COMPUTE METHODS === #

    @api.depends(lambda self: self._get_plan_fields())
    def _compute_next_date(self):
        covered = self._get_covered_spans()
        for subscription in self:
            parts = subscription._get_next_parts(covered)
            subscription.next_date = min((subscription._get_due_date(part) for _line, part in parts), default=False)

    @api.depends(
        lambda self: (*self._get_plan_fields(), "line_ids.price_subtotal", "line_ids.name", "line_ids.quantity")
    )
    def _compute_next_html(self):
        covered = self._get_covered_spans()
        for subscription in self:
            subscription.next_html = self.env["ir.qweb"]._render(
                "service_billing.service_subscription_next",
                {"dues": subscription._get_next_dues(covered), "subscription": subscription},
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("start_date", "anchor_date", "end_date")
    def _check_dates(self):
        dates = [
            date for subscription in self for date in (subscription.start_date, subscription.anchor_date) if date
        ] + [subscription.end_date for subscription in self if subscription.end_date]
        if any(not 1980 <= date.year <= 2200 for date in dates):
            raise ValidationError(self.env._("The dates of a subscription lie between 1980 and 2200."))

    # === GETTERS === #

    @api.model
    def _get_plan_fields(self):
        """Return the fields from which follows what is billed next. Later stages add theirs.

        :rtype: tuple[str]
        """
        return (
            "interval", "unit", "billing_time", "start_date", "anchor_date", "end_date", "activated_at",
            "pause_ids.date_from", "pause_ids.date_to", "line_ids.valid_from", "line_ids.valid_to",
        )  # fmt: skip

    def _get_rhythm(self):
        """Return how the periods repeat.

        Note: `self.ensure_one()`

        :rtype: Rhythm
        """
        self.ensure_one()
        return Rhythm(self.anchor_date, self.unit, self.interval)

    def _get_period_end(self):
        """Return the last day of the period that runs; of what has not begun, of its first period.

        Note: `self.ensure_one()`

        :rtype: date
        """
        self.ensure_one()
        return self._get_rhythm().get_period_of(max(self._get_today(), self.start_date)).stop

    def _get_next_period_start(self):
        """Return the day on which the next period begins.

        Note: `self.ensure_one()`

        :rtype: date
        """
        return self._get_period_end() + timedelta(days=1)

    def _get_pause_spans(self, until):
        """Return the days that are not billed, up to a day.

        Note: `self.ensure_one()`

        :param date until: The last day that counts.
        :rtype: list[Period]
        """
        self.ensure_one()
        begun = self.pause_ids.filtered(lambda pause: pause.date_from <= until)
        return [Period(pause.date_from, pause.date_to or max(until, pause.date_from)) for pause in begun]

    def _get_covered_spans(self):
        """Return the days that became something billable already. Later stages give them.

        :return: `{line: [Period]}`
        :rtype: dict
        """
        return {}

    def _get_due_date(self, part):
        """Return the day on which a part is to be billed.

        Note: `self.ensure_one()`

        :param Part part: The days.
        :rtype: date
        """
        self.ensure_one()
        if self.billing_time == "advance":
            return max(part.period.start, self.start_date)
        return min(part.period.stop, self.end_date or part.period.stop)

    def _get_due_parts(self, until, covered):
        """Return what is to be billed by a day and is not yet.

        Note: `self.ensure_one()`

        :param date until: The last day that counts.
        :param dict covered: What `_get_covered_spans` returned.
        :return: Pairs of a line and a Part, earliest first.
        :rtype: list[tuple]
        """
        self.ensure_one()
        if until < min(self.start_date, self.anchor_date):
            return []
        rhythm = self._get_rhythm()
        horizon = rhythm.get_period_of(until).stop
        parts = [
            (line, part)
            for line in self.line_ids
            for part in line._get_open_parts(horizon, covered.get(line._origin, []))
            if self._get_due_date(part) <= until
        ]
        return sorted(parts, key=lambda pair: pair[1].days.start)

    def _get_next_parts(self, covered):
        """Return what is not billed yet, as far as at least the next three charges reach.

        Note: `self.ensure_one()`

        :param dict covered: What `_get_covered_spans` returned.
        :return: Pairs of a line and a Part, earliest first; none while the agreement is incomplete.
        :rtype: list[tuple]
        """
        self.ensure_one()
        is_complete = self.unit and 1 <= self.interval <= 366 and self.start_date and self.anchor_date
        if not is_complete or not self.line_ids:
            return []
        rhythm = self._get_rhythm()
        resumed = [pause.date_to for pause in self.pause_ids if pause.date_to]
        begin = rhythm.get_index(max([self._get_today(), self.start_date, *resumed]))
        return self._get_due_parts(rhythm.get_period(begin + NEXT_COUNT).stop, covered)

    def _get_next_dues(self, covered):
        """Return what is billed next, the parts of a period together.

        Note: `self.ensure_one()`

        :param dict covered: What `_get_covered_spans` returned.
        :return: Up to three dicts: `{'date': date, 'texts': [str], 'amount': float, 'is_due': bool}`
        :rtype: list[dict]
        """
        self.ensure_one()
        today, groups = self._get_today(), defaultdict(list)
        for line, part in self._get_next_parts(covered):
            groups[(self._get_due_date(part), part.period.start)].append((line, part))
        return [
            {
                "date": day,
                "texts": [line._get_part_text(part) for line, part in groups[(day, start)]],
                "amount": sum(line._get_part_total(part) for line, part in groups[(day, start)]),
                "is_due": day <= today,
            }
            for day, start in sorted(groups)[:NEXT_COUNT]
        ]

    def _get_span_text(self, span):
        """Return some days as text.

        Note: `self.ensure_one()`

        :param Period span: The days.
        :rtype: str
        """
        start, stop = format_date(self.env, span.start), format_date(self.env, span.stop)
        return self.env._("%(start)s to %(stop)s", start=start, stop=stop)
