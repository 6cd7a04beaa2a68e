from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from odoo.addons.queue_job.exception import RetryableJobError

from ..logic.billing_period import Rhythm, local_moment
from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY

HOUR_TO_REMIND = 6


class ServiceSubscription(models.Model):
    """What happens before a subscription ends: the customer and the responsible are told, or it goes on for a term."""

    _inherit = "service.subscription"

    term_months = fields.Integer(
        string="Renewal Term (Months)", default=12, required=True, help="For how long it goes on when it is renewed."
    )
    reminder_days = fields.Char(
        string="Reminders (Days Before)", help="Such as “30, 7”. Empty: what the company does. 0: none."
    )
    reminder_ids = fields.One2many("service.subscription.reminder", "subscription_id", string="Reminders", copy=False)

    _term_in_range = models.Constraint(
        "CHECK(term_months BETWEEN 1 AND 120)", "A subscription is renewed for 1 to 120 months."
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("reminder_days")
    def _check_reminder_days(self):
        for subscription in self:
            self.env["res.company"]._parse_reminder_days(subscription.reminder_days)

    @api.constrains("activated_at", "end_date", "term_months")
    def _check_renewed_end(self):
        if any(subscription.end_date and subscription._get_renewed_end().year > 2200 for subscription in self):
            raise ValidationError(self.env._("This end lies too far ahead."))

    # === ACTION METHODS === #

    def action_renew(self):
        """Let the subscriptions go on for another term after their end.

        :raise UserError: If one is a draft, or has no end.
        """
        self._begin_change()
        endless = self.filtered(lambda subscription: not subscription.activated_at or not subscription.end_date)[:1]
        if endless:
            raise UserError(self.env._("%(subscription)s has no end that could be renewed.", subscription=endless.name))
        # In sudo mode to write the end, which nobody may write by hand.
        for end_date, subscriptions in self.sudo().grouped(lambda record: record._get_renewed_end()).items():
            subscriptions.write({"end_date": end_date, "is_cancelled": False, "cancel_reason": False})
        self._apply_plan()

    # === BUSINESS METHODS - REMINDERS === #

    def _remind(self):
        """Remind of the end that comes: a mail to the customer, a to-do for the responsible. Of several reminders that
        are due at once, after the server was down, one message goes out and all are settled.

        Note: `self.ensure_one()`

        :return: The reminders that were settled.
        :rtype: recordset of `service.subscription.reminder`
        """
        self.ensure_one()
        days = self._get_due_reminder_days()
        # In sudo mode to write what went out, which nobody may write by hand.
        reminders = self.reminder_ids.sudo().create(
            [{"subscription_id": self.id, "end_date": self.end_date, "days": count} for count in days]
        )
        if reminders:
            self._send_reminder()
            self._plan_reminder()
        return reminders

    def _send_reminder(self):
        template = self.env.ref("service_billing.mail_template_subscription_renewal")
        if self.partner_invoice_id.email or self.partner_id.email:
            template.send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")

    def _plan_reminder(self):
        user = self.user_id or self.create_uid
        env = self.with_context(lang=user.lang).env
        summary = env._(
            "Ends on %(day)s: renew it or let it end", day=format_date(env, self.end_date, lang_code=user.lang)
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo", date_deadline=self.end_date, summary=summary, user_id=user.id
        )

    def _job_remind(self):
        """Send the reminders that are due, in their own transaction. Running again sends none twice.

        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If somebody changes the subscription.
        """
        if not self.try_lock_for_update():
            raise RetryableJobError(f"{self._name} {self.id} is locked.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        self.invalidate_recordset()
        return self.env._("Reminded.") if self._remind() else self.env._("Reminded before.")

    # === CRON METHODS === #

    @api.model
    def _cron_remind(self):
        """Enqueue a job for each subscription of which the customer is to be reminded, from six in the morning on."""
        domain = [("activated_at", "!=", False), ("is_cancelled", "=", False)]
        yesterday = fields.Date.today() - timedelta(days=1)
        ending = self.search([*domain, ("end_date", ">=", yesterday)])
        for company, subscriptions in ending.grouped("company_id").items():
            today = company._get_billing_today()
            for subscription in subscriptions.filtered(lambda subscription: subscription._get_due_reminder_days()):
                subscription.with_delay(
                    channel=CHANNEL,
                    eta=local_moment(today, HOUR_TO_REMIND, company.billing_timezone),
                    identity_key=f"service.subscription.remind.{subscription.id}",
                    description=self.env._("%(subscription)s: renewal reminder", subscription=subscription.name),
                )._job_remind()

    # === GETTERS === #

    def _get_renewed_end(self):
        """Return the last day of the next term, counted from the start wherever the end is that of a term.

        Note: `self.ensure_one()`

        :rtype: date
        """
        self.ensure_one()
        first = self.end_date + timedelta(days=1)
        terms = Rhythm(self.start_date, "month", self.term_months)
        index = terms.get_index(first)
        if terms.get_start(index) == first:
            return terms.get_period(index).stop
        return Rhythm(first, "month", self.term_months).get_period(0).stop

    def _get_due_reminder_days(self):
        """Return how many days before the end the reminders were to go out that are due and did not yet.

        Note: `self.ensure_one()`

        :rtype: list[int]
        """
        self.ensure_one()
        today = self._get_today()
        if not self.activated_at or self.is_cancelled or not self.end_date or self.end_date < today:
            return []
        settled = self.reminder_ids.filtered(lambda reminder: reminder.end_date == self.end_date).mapped("days")
        left = (self.end_date - today).days
        listed = self.reminder_days or self.company_id.billing_reminder_days
        return [
            days
            for days in self.env["res.company"]._parse_reminder_days(listed)
            if days >= left and days not in settled
        ]
