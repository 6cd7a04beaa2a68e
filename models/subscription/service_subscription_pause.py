from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceSubscriptionPause(models.Model):
    """Days on which a subscription is not billed."""

    _name = "service.subscription.pause"
    _description = "Pause of a Subscription"
    _order = "date_from, id"

    subscription_id = fields.Many2one("service.subscription", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="subscription_id.company_id", store=True, index=True)
    date_from = fields.Date(string="First Day", required=True)
    date_to = fields.Date(string="Last Day", help="Empty: until somebody resumes it.")

    _ends_after_start = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "A pause cannot end before it begins."
    )
    _one_open = models.UniqueIndex("(subscription_id) WHERE date_to IS NULL", "It is paused already.")

    # === CONSTRAINT METHODS === #

    @api.constrains("date_from", "date_to", "subscription_id")
    def _check_dates(self):
        for pause in self:
            if pause.date_from < pause.subscription_id.start_date:
                raise UserError(self.env._("A pause cannot begin before the subscription does."))
            others = pause.subscription_id.pause_ids - pause
            if others.filtered(
                lambda other, pause=pause: (
                    other.date_from <= (pause.date_to or other.date_from)
                    and pause.date_from <= (other.date_to or pause.date_from)
                )
            ):
                raise UserError(self.env._("Two pauses cannot overlap: resume the other one first."))

    # === BUSINESS METHODS - STATES === #

    def _end_before(self, day):
        """Let the pause end the day before; one that would have no day is gone.

        :param date day: The first day that is billed again.
        """
        if day > self.date_from:
            self.date_to = day - timedelta(days=1)
        else:
            self.unlink()

    # === GETTERS === #

    def _filter_covering(self, day):
        return self.filtered(lambda pause: pause.date_from <= day <= (pause.date_to or day))

    def _filter_resumable(self, day):
        """Return the pause that ends when billing resumes on a day: the one that covers it, or else the next one.

        :param date day: The first day that is billed again.
        :rtype: recordset of `service.subscription.pause`
        """
        return self._filter_covering(day) or self.filtered(lambda pause: pause.date_from > day).sorted("date_from")[:1]
