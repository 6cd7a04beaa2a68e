from odoo import fields, models

from .stripe_gateway import StripeGatewayError, StripeKeyError, StripeLaterError, StripeRefusedError


class PaymentProvider(models.Model):
    """The webhook at Stripe stays as it must be: an upgrade asks for more kinds of events, Stripe switches off what
    failed for days, people delete it."""

    _inherit = "payment.provider"

    billing_stripe_webhook_error = fields.Char(
        string="Webhook Problem", readonly=True, copy=False, groups="base.group_system"
    )

    # === BUSINESS METHODS - SWEEP === #

    def _job_sweep(self):
        """Override to bring the webhook up to date first."""
        self._refresh_webhook()
        return super()._job_sweep()

    def _refresh_webhook(self):
        """Have Stripe tell us of all that we have to know, and say what keeps it from that.

        Note: `self.ensure_one()`
        """
        self.ensure_one()
        if not self.billing_stripe_webhook_ref:
            return
        try:
            problem = self._update_webhook()
        except (StripeLaterError, StripeKeyError):
            # Whoever asks next meets it too, and tells.
            return
        except StripeGatewayError as error:
            problem = self.env._("The webhook could not be brought up to date: %(reason)s", reason=str(error))
            if isinstance(error, StripeRefusedError) and error.is_missing():
                self.write(self._prepare_no_webhook_values())
                problem = self.env._("The webhook is not at Stripe any more: create it again.")
        if problem and problem != self.billing_stripe_webhook_error:
            self._leave_stripe_todo(self.env._("Stripe's webhook needs a look"), problem)
        self.billing_stripe_webhook_error = problem

    def _update_webhook(self):
        """Ask for the kinds of events that are not asked for yet, and switch it on again.

        :return: What is wrong that only an administrator can mend, or nothing.
        :rtype: str or bool
        :raise StripeGatewayError: If Stripe does not do it.
        """
        gateway = self._get_gateway()
        endpoint = gateway.retrieve("webhook_endpoints", self.billing_stripe_webhook_ref)
        wanted = self._prepare_webhook()
        changes = {}
        if set(endpoint["enabled_events"]) != set(wanted["enabled_events"]):
            changes["enabled_events"] = wanted["enabled_events"]
        if endpoint["status"] == "disabled":
            changes["disabled"] = False
        if changes:
            gateway.act("webhook_endpoints", "update", endpoint["id"], changes)
        if endpoint["url"] != wanted["url"]:
            # Not changed by itself: the address of a database follows whoever logs in last.
            return self.env._(
                "The webhook leads to %(address)s, and this database is at %(base)s: create it again if that is right.",
                address=endpoint["url"],
                base=self.get_base_url(),
            )
        return False
