from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.queue_job.exception import RetryableJobError

from ..settings.service_batch import CHANNEL
from .payment_provider import STRIPE
from .stripe_gateway import StripeGatewayError, StripeLaterError

# Stripe lists the events of so many days, and takes so many kinds in one question;
# see https://docs.stripe.com/api/events/list.
DAYS_LISTED = 30
KINDS_ASKED = 20
# What happens while the sweep runs is seen by the next one.
OVERLAP = timedelta(hours=1)
# A customer may leave the page open for a day before paying on it.
PAGE_LIFE = timedelta(days=1)
SECONDS_TO_WAIT = 60


class PaymentProvider(models.Model):
    """The sweep: what Stripe told while nobody listened is asked for, and applied like what was told."""

    _inherit = "payment.provider"

    billing_stripe_swept_at = fields.Datetime(
        string="Swept Up To", readonly=True, copy=False, groups="base.group_system"
    )

    # === CRON METHODS === #

    @api.model
    def _cron_sweep(self):
        """Let a job sweep each account that is connected, and apply again what its own job gave up."""
        is_connected = Domain("code", "=", STRIPE) & Domain("state", "!=", "disabled")
        for provider in self.search(is_connected & Domain("billing_stripe_key", "!=", False)):
            provider.with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.sweep.{provider.id}",
                description=self.env._("Stripe: sweep of %(company)s", company=provider.company_id.name),
            )._job_sweep()
        self.env["service.stripe.event"].search([("state", "=", "new")])._enqueue()

    # === BUSINESS METHODS - SWEEP === #

    def _job_sweep(self):
        """Receive what happened at Stripe since the last sweep and is not known here.

        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If Stripe cannot be reached.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        since = max(self.billing_stripe_swept_at or now, now - timedelta(days=DAYS_LISTED)) - OVERLAP
        if not self.billing_stripe_swept_at:
            since = now - timedelta(days=DAYS_LISTED)
        try:
            received = self._sweep_events(since) | self._sweep_payments(since - PAGE_LIFE)
        except StripeLaterError as error:
            raise RetryableJobError(str(error), seconds=SECONDS_TO_WAIT, ignore_retry=True) from error
        except StripeGatewayError as error:
            return str(error)
        self.billing_stripe_swept_at = now
        return self.env._("%(count)s events that nobody told us of.", count=len(received))

    def _sweep_events(self, since):
        """Receive the events of kinds that we ask for.

        :param datetime since: Where to begin.
        :return: Those that were not known.
        :rtype: recordset of `service.stripe.event`
        """
        inbox = self.env["service.stripe.event"]
        gateway = self._get_gateway()
        kinds = sorted(inbox._get_event_types())
        received = inbox.sudo()
        for start in range(0, len(kinds), KINDS_ASKED):
            asked = {"created": {"gte": _get_seconds(since)}, "types": kinds[start : start + KINDS_ASKED]}
            for event in gateway.list("events", asked):
                received |= inbox._receive(self, event, origin="sweep")
        return received

    def _sweep_payments(self, since):
        """Look also at the payments themselves: each that succeeded must have its transaction.

        :param datetime since: Where to begin.
        :return: An event for each that has none.
        :rtype: recordset of `service.stripe.event`
        """
        inbox = self.env["service.stripe.event"]
        transactions = self.env["payment.transaction"]
        database = transactions._get_stripe_database()
        paid = {
            intent["id"]: intent
            for intent in self._get_gateway().list("payment_intents", {"created": {"gte": _get_seconds(since)}})
            if intent["status"] == "succeeded" and intent["metadata"].get("odoo_db") == database
        }
        known = transactions.search([("provider_reference", "in", list(paid)), ("state", "=", "done")])
        received = inbox.sudo()
        for ref in paid.keys() - set(known.mapped("provider_reference")):
            received |= inbox._receive(self, _prepare_event(paid[ref]), origin="sweep")
        return received


def _get_seconds(moment):
    return int(moment.replace(tzinfo=UTC).timestamp())


def _prepare_event(intent):
    """Return the event that Stripe would have told of a payment."""
    return {
        "id": f"sweep_{intent['id']}",
        "type": "payment_intent.succeeded",
        "created": intent["created"],
        "data": {"object": intent},
    }
