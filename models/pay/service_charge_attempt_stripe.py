from datetime import UTC, timedelta

from odoo import SUPERUSER_ID, fields, models
from odoo.fields import Command

from odoo.addons.queue_job.exception import RetryableJobError

from ..logic.stripe_amount import to_minor_units
from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY
from .service_charge_attempt import UNDER_WAY
from .stripe_gateway import StripeCardError, StripeGatewayError, StripeLaterError, StripeRefusedError
from .stripe_mismatch import StripeMismatchError

# Somebody waits for it in front of the screen.
PRIORITY = 5
# Stripe may forget keys after 24 hours: https://docs.stripe.com/api/idempotent_requests.
KEY_LASTS = timedelta(hours=23)
LONGEST_PAUSE = 3600


class ServiceChargeAttempt(models.Model):
    """The job that asks Stripe to charge the card."""

    _inherit = "service.charge.attempt"

    # === BUSINESS METHODS - JOBS === #

    def _start(self):
        """Prepare the payments, and let jobs charge the cards once this transaction is over."""
        for attempt in self:
            attempt.transaction_id = self.env["payment.transaction"].create(attempt._prepare_transaction_values())
            attempt._enqueue()

    def _enqueue(self):
        for attempt in self.with_user(SUPERUSER_ID):
            attempt.with_company(attempt.company_id).with_delay(
                channel=CHANNEL,
                priority=PRIORITY,
                max_retries=0,
                identity_key=f"{self._name}.charge.{attempt.id}",
                description=self.env._("%(invoice)s: charge %(card)s", invoice=attempt.move_id.name, card=attempt.card),
            )._job_charge()

    def _job_charge(self):
        """Charge the card. Whenever that ended in between, it is asked again with the same key, and Stripe answers what
        it answered before.

        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If somebody else works on the invoice, or Stripe cannot be reached.
        """
        self.ensure_one()
        for records in (self.move_id, self.transaction_id, self):
            if not records.try_lock_for_update():
                raise RetryableJobError("Somebody works on it.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        self.invalidate_recordset()
        self.transaction_id.invalidate_recordset()
        if self.state == "waiting":
            try:
                self._charge()
            except StripeLaterError as error:
                raise RetryableJobError(str(error), seconds=self._get_pause()) from error
        return self._get_text()

    def _charge(self):
        """Ask Stripe, unless there is a reason not to.

        Note: `self.ensure_one()`, with the lock on it, its invoice and its transaction.

        :raise StripeLaterError: If Stripe cannot be reached.
        """
        self.ensure_one()
        obstacle = self._get_obstacle()
        if obstacle:
            self._give_up("cancelled", obstacle)
            return
        try:
            self._apply_intent(self._create_intent())
        except StripeCardError as error:
            self._apply_decline(error)
        except StripeLaterError:
            raise
        except (StripeGatewayError, StripeMismatchError) as error:
            self.code = getattr(error, "code", False)
            self._give_up("failed", self._note_missing(error) or str(error))

    def _note_missing(self, error):
        """Remove the cards of a customer whom Stripe does not know any more.

        :return: What is wrong, in our words; nothing where it is something else.
        :rtype: str or None
        """
        if not isinstance(error, StripeRefusedError) or not error.is_missing("customer"):
            return None
        provider, ref = self.transaction_id.provider_id, self.token_id.billing_customer_ref
        self.env["service.stripe.customer"]._note_gone(provider, ref)
        return self.env._("The card is not at Stripe any more: the customer has to save it again.")

    def _create_intent(self):
        """Have Stripe charge the card. When its key may be forgotten, look first whether it was charged before.

        :return: The PaymentIntent, or nothing where a day has passed and there is none.
        :rtype: dict or None
        """
        gateway = self.transaction_id.provider_id._get_gateway()
        if fields.Datetime.now() - self.create_date < KEY_LASTS:
            return gateway.create("payment_intents", self._prepare_intent_values(), key=self.idempotency_key)
        made_since = {"gte": int(self.create_date.replace(tzinfo=UTC).timestamp())}
        intents = gateway.list(
            "payment_intents", {"customer": self.token_id.billing_customer_ref, "created": made_since}
        )
        reference = self.transaction_id.reference
        return next((intent for intent in intents if intent["metadata"].get("odoo_tx") == reference), None)

    def _apply_intent(self, intent):
        """Take over what Stripe made of it.

        :param dict intent: The PaymentIntent, or nothing.
        """
        if not intent:
            self._give_up("cancelled", self.env._("Stripe could not be reached for a day."))
            return
        # The transaction tells this row what became of it.
        self.transaction_id._apply_stripe(intent)
        if intent["status"] == "requires_action":
            self.code = "authentication_required"
            self._give_up("needs_customer", False)

    def _apply_decline(self, error):
        """Take over that the bank refused the card."""
        if error.object:
            self._apply_intent(error.object)
        if self.state in UNDER_WAY:
            self.transaction_id.billing_decline_code = error.decline_code or error.code
            self.transaction_id._set_error(str(error))
            self._follow()

    def _give_up(self, state, reason):
        """End the attempt without money.

        Note: `self.ensure_one()`
        """
        self.ensure_one()
        self.transaction_id._set_canceled(state_message=reason or None)
        self._set_state(state, reason=reason)

    # === GETTERS === #

    def _get_obstacle(self):
        """Return why the card is not charged after all, or nothing: things change while an attempt waits.

        Note: `self.ensure_one()`

        :rtype: str or None
        """
        self.ensure_one()
        invoice = self.move_id
        if not invoice._is_open_for_charge():
            return self.env._("The invoice is not open for payment any more.")
        if self.currency_id.compare_amounts(self.amount, invoice.amount_residual) > 0:
            return self.env._("Less is left to pay by now.")
        provider = invoice.company_id._get_online_provider(self.currency_id)
        if self.token_id not in self.token_id._find_chargeable(provider, self.partner_id):
            return self.env._("The card cannot be charged any more.")
        return None

    def _get_pause(self):
        """Return the seconds until Stripe is asked again: the longer it lasts, the more.

        :rtype: int
        """
        age = (fields.Datetime.now() - self.create_date).total_seconds()
        return int(min(max(age, SECONDS_TO_RETRY), LONGEST_PAUSE))

    def _prepare_intent_values(self, **extra):
        """Return what Stripe is asked for. The customer is not there: who has to confirm gets a mail instead.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        transaction = self.transaction_id
        return {
            "amount": to_minor_units(self.amount, self.currency_id.name),
            "currency": self.currency_id.name.lower(),
            "customer": self.token_id.billing_customer_ref,
            "payment_method": self.token_id.provider_ref,
            "allowed_payment_method_types": ["card"],
            "off_session": True,
            "confirm": True,
            "description": transaction.reference,
            "metadata": {**transaction._get_stripe_metadata(), "odoo_attempt": str(self.id)},
            "expand": ["latest_charge"],
            **extra,
        }

    def _prepare_transaction_values(self, **extra):
        """Return what the payment's transaction is made of.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        return {
            "provider_id": self.token_id.provider_id.id,
            "payment_method_id": self.token_id.payment_method_id.id,
            "token_id": self.token_id.id,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "partner_id": self.move_id.partner_id.id,
            "invoice_ids": [Command.set(self.move_id.ids)],
            "operation": "offline",
            **extra,
        }
