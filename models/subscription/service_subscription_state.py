from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..settings.row_lock import touch_rows

YEARS_TO_CATCH_UP = 5


class ServiceSubscription(models.Model):
    """The states of a subscription, and the ways from one to the next."""

    _inherit = "service.subscription"

    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("active", "Active"),
            ("paused", "Paused"),
            ("ending", "Ending"),
            ("ended", "Ended"),
        ],
        string="Status",
        compute="_compute_state",
        search="_search_state",
    )
    activated_at = fields.Datetime(string="Activated", readonly=True, copy=False)
    pause_ids = fields.One2many("service.subscription.pause", "subscription_id", string="Pauses", copy=False)
    is_cancelled = fields.Boolean(string="Cancelled", readonly=True, copy=False, tracking=True)
    cancel_reason = fields.Char(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("activated_at", "end_date", "pause_ids.date_from", "pause_ids.date_to", "company_id")
    def _compute_state(self):
        for subscription in self:
            today = subscription._get_today()
            if not subscription.activated_at:
                subscription.state = "draft"
            elif subscription.end_date and subscription.end_date < today:
                subscription.state = "ended"
            elif subscription.pause_ids._filter_covering(today):
                subscription.state = "paused"
            else:
                subscription.state = "ending" if subscription.end_date else "active"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain.FALSE
        for company in self.env.companies:
            states = self._get_state_domains(company._get_billing_today())
            wanted = Domain.OR(states[state] for state in value if state in states)
            domain |= Domain("company_id", "=", company.id) & wanted
        return domain

    @api.model
    def _get_state_domains(self, today):
        """Return what tells the states apart on a day.

        :rtype: dict[str, Domain]
        """
        is_active = Domain("activated_at", "!=", False)
        is_running = is_active & (Domain("end_date", "=", False) | Domain("end_date", ">=", today))
        pause = Domain("date_from", "<=", today) & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        is_paused = Domain("pause_ids", "any", pause)
        return {
            "draft": Domain("activated_at", "=", False),
            "active": is_running & ~is_paused & Domain("end_date", "=", False),
            "paused": is_running & is_paused,
            "ending": is_running & ~is_paused & Domain("end_date", "!=", False),
            "ended": is_active & Domain("end_date", "<", today),
        }

    # === ACTION METHODS === #

    def action_activate(self):
        """Let the subscriptions be billed from their start on; what is active already is left alone.

        :raise UserError: If one has no lines, or starts too long ago to be true.
        """
        self._begin_change()
        drafts = self.filtered(lambda subscription: not subscription.activated_at)
        for subscription in drafts:
            subscription._check_can_activate()
        # In sudo mode to write the state, which nobody may write by hand.
        drafts.sudo().activated_at = fields.Datetime.now()
        drafts._apply_plan()

    def action_set_draft(self):
        """Take the activation back, so that everything can be changed again."""
        self._begin_change()
        active = self.filtered("activated_at")
        if active.pause_ids:
            raise UserError(self.env._("A subscription that was paused cannot be set back: cancel it instead."))
        # In sudo mode to write the state, which nobody may write by hand.
        active.sudo().write({"activated_at": False, "is_cancelled": False, "cancel_reason": False})

    def action_pause(self, date_from=None, date_to=None):
        """Bill nothing from a day on.

        Note: `self.ensure_one()`

        :param date_from: The first day that is not billed; none: today.
        :param date_to: The last day that is not billed; none: until somebody resumes it.
        :return: A notice where it is paused already, else nothing.
        :rtype: dict or None
        """
        self._begin_change(running=True)
        first = fields.Date.to_date(date_from) or self._get_today()
        if self.pause_ids._filter_covering(first):
            return self._get_notice(self.env._("%(subscription)s is paused already.", subscription=self.name))
        # In sudo mode to write the pause, which nobody may write by hand.
        self.sudo().pause_ids = [fields.Command.create({"date_from": first, "date_to": date_to})]
        self._log_change(self.env._("Paused from %(day)s on.", day=format_date(self.env, first)))
        self._apply_plan()
        return None

    def action_resume(self, date=None):
        """Bill again from a day on.

        Note: `self.ensure_one()`

        :param date: The first day that is billed again; none: today.
        :return: A notice where it is not paused, else nothing.
        :rtype: dict or None
        """
        self._begin_change(running=True)
        day = fields.Date.to_date(date) or self._get_today()
        # In sudo mode to write the pause, which nobody may write by hand.
        pause = self.sudo().pause_ids._filter_resumable(day)
        if not pause:
            return self._get_notice(
                self.env._(
                    "%(subscription)s is not paused on %(day)s.",
                    subscription=self.name,
                    day=format_date(self.env, day),
                )
            )
        pause._end_before(day)
        self._log_change(self.env._("Billed again from %(day)s on.", day=format_date(self.env, day)))
        self._apply_plan()
        return None

    def action_cancel(self, date=None, reason=None):
        """End the subscription after a day.

        Note: `self.ensure_one()`

        :param date: The last day that is billed; none: today.
        :param str reason: Why, for whoever looks at it later.
        :return: A notice where it ends by then already, else nothing.
        :rtype: dict or None
        :raise UserError: If it has not begun by then.
        """
        self._begin_change(running=True)
        last = fields.Date.to_date(date) or self._get_today()
        if last < self.start_date:
            raise UserError(
                self.env._("%(subscription)s has not begun by then: set it back to draft.", subscription=self.name)
            )
        if self.is_cancelled and self.end_date <= last:
            return self._get_notice(
                self.env._(
                    "%(subscription)s ends on %(day)s already.",
                    subscription=self.name,
                    day=format_date(self.env, self.end_date),
                )
            )
        # In sudo mode to write the end, which nobody may write by hand.
        values = {"end_date": min(last, self.end_date or last), "is_cancelled": True, "cancel_reason": reason}
        self.sudo().write(values)
        self._apply_plan()
        return None

    # === BUSINESS METHODS - STATES === #

    def _begin_change(self, *, running=False):
        """Check the rights, and let nobody else change or bill the subscriptions until the transaction ends.

        :param bool running: There has to be one subscription, active and not ended.
        :raise UserError: If it is not.
        """
        self.check_access("write")
        touch_rows(self)
        if running:
            self.ensure_one()
            if self.state in ("draft", "ended"):
                raise UserError(
                    self.env._(
                        "%(subscription)s is %(state)s: only what is active can be changed.",
                        subscription=self.display_name,
                        state=self._get_state_label().lower(),
                    )
                )

    def _check_can_activate(self):
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Say what is billed before you activate the subscription."))
        if self.start_date < self._get_today() - relativedelta(years=YEARS_TO_CATCH_UP):
            raise UserError(self.env._("This start lies more than five years ago: begin with the first unbilled day."))

    def _apply_plan(self):
        """Follow what was changed about which days are billed. Later stages, which made something of the plan, do."""

    def _log_change(self, text):
        self.ensure_one()
        self.message_post(body=text, subtype_xmlid="mail.mt_note")

    # === GETTERS === #

    def _get_state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]
