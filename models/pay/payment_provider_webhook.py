from odoo import fields, models

from .stripe_gateway import StripeSignatureError

REFUSED_A_DAY = 20


class PaymentProvider(models.Model):
    """What is posted to the webhook and is not Stripe's: counted, and nothing else of it is kept."""

    _inherit = "payment.provider"

    billing_stripe_refused_on = fields.Date(readonly=True, copy=False, groups="base.group_system")
    billing_stripe_refused_count = fields.Integer(
        string="Refused Events", readonly=True, copy=False, groups="base.group_system"
    )

    # === BUSINESS METHODS - WEBHOOK === #

    def _check_event_mode(self, event):
        """Make sure that a test event is for an account in test mode, and a live one for one that is live.

        Note: `self.ensure_one()`

        :param dict event: Signed by Stripe.
        :raise StripeSignatureError: If not.
        """
        self.ensure_one()
        if bool(event.get("livemode")) != (self.state == "enabled"):
            raise StripeSignatureError("The event belongs to the other mode.")

    def _count_refused(self):
        """Count something that was posted and is not Stripe's, and tell somebody when there is much of it in a day.
        What comes at the same moment is counted once.

        Note: `self.ensure_one()`, in sudo mode.
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True):
            return
        self.invalidate_recordset()
        today = fields.Date.today()
        is_first = self.billing_stripe_refused_on != today
        count = 1 if is_first else self.billing_stripe_refused_count + 1
        self.write({"billing_stripe_refused_on": today, "billing_stripe_refused_count": count})
        if count == REFUSED_A_DAY:
            self._leave_stripe_todo(
                self.env._("Stripe's webhook is sent events that Stripe did not sign"),
                self.env._(
                    "There are %(count)s of them today. Either somebody tries to forge payments, which changes "
                    "nothing; or the secret is wrong: then create the webhook again.",
                    count=count,
                ),
            )

    def _leave_stripe_todo(self, summary, note):
        """Tell whoever is responsible that somebody has to look at the account.

        :param str summary: What it is about.
        :param str note: What to do.
        """
        user = self.company_id._get_job_responsible()
        if user:
            self.company_id.partner_id.activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, note=note, user_id=user.id
            )
