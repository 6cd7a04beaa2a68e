from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.service_batch import CHANNEL
from .payment_provider import STRIPE
from .stripe_gateway import API_VERSION, StripeGatewayError, StripeKeyError, StripeLaterError, StripeRefusedError

WEBHOOK_PATH = "/payment/stripe_checkout/webhook"
# Nobody pays it: the page is closed at once, so that Stripe tells us of something.
TRIAL_AMOUNT = 10_000


class PaymentProvider(models.Model):
    """Connecting a Stripe account: its key is tested, its webhook made, and a first signed event awaited."""

    _inherit = "payment.provider"

    billing_stripe_status = fields.Selection(
        selection=[
            ("no_key", "Not connected"),
            ("off", "Switched off"),
            ("refused", "Key refused"),
            ("mode", "Wrong mode"),
            ("no_webhook", "No webhook yet"),
            ("waiting", "Waiting for an event"),
            ("test", "Connected in test mode"),
            ("live", "Connected"),
        ],
        compute="_compute_billing_stripe_status",
        groups="base.group_system",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "billing_stripe_key",
        "billing_stripe_error",
        "billing_stripe_webhook_secret",
        "billing_stripe_webhook_since",
    )
    def _compute_billing_stripe_status(self):
        for provider in self:
            provider.billing_stripe_status = provider._get_stripe_status()

    # === ACTION METHODS === #

    def action_billing_stripe_test(self):
        """Ask Stripe whose the key is, and have it tell us of something where there is a webhook. Events that failed,
        as all do while the key is refused, are applied again.

        :return: A notice of what Stripe answered.
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        try:
            account = self._read_account()
        except StripeKeyError as error:
            return self._get_stripe_notice("danger", str(error))
        except StripeGatewayError as error:
            return self._get_stripe_notice("warning", str(error))
        self._set_account(account)
        self._apply_failed_events()
        if self.billing_stripe_webhook_ref:
            self._ask_for_event()
        return self._get_stripe_notice(
            "success", self.env._("Stripe answers as %(account)s.", account=self.billing_stripe_account_name)
        )

    def action_billing_stripe_webhook(self):
        """Have Stripe tell us of everything that we have to know. The secret that comes back is never shown.

        :return: A notice.
        :rtype: dict
        :raise UserError: If Stripe refuses, in its words.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_webhook_address()
        old = self.billing_stripe_webhook_ref
        try:
            gateway = self._get_gateway()
            endpoint = gateway.create(
                "webhook_endpoints",
                self._prepare_webhook(),
                # Not the key of one that was deleted since: Stripe would answer with that.
                key=self._get_stripe_key("webhook", old, self.write_date),
            )
            if old and old != endpoint["id"]:
                self._delete_webhook(gateway, old)
        except StripeLaterError as error:
            raise UserError(self.env._("Stripe cannot be reached: try again in a minute.")) from error
        except StripeGatewayError as error:
            raise UserError(str(error)) from error
        self.write(
            {
                "billing_stripe_webhook_ref": endpoint["id"],
                "billing_stripe_webhook_secret": endpoint["secret"],
                "billing_stripe_webhook_since": fields.Datetime.now(),
                "billing_stripe_webhook_error": False,
            }
        )
        self._ask_for_event()
        return self._get_stripe_notice("success", self.env._("The webhook is made: its first event comes in a moment."))

    # === BUSINESS METHODS - CONNECT === #

    def _read_account(self):
        """Return the account of the key; a restricted key may not read it, but answers at least.

        :rtype: dict
        :raise StripeGatewayError: If the key is refused, or Stripe cannot be reached.
        """
        gateway = self._get_gateway()
        try:
            return gateway.retrieve("accounts")
        except StripeRefusedError:
            gateway.retrieve("balance")
            return {"id": False, "default_currency": False}

    def _set_account(self, account):
        """Keep whose the key is. What was known of another account is worth nothing now."""
        if self.billing_stripe_account_ref and account["id"] and self.billing_stripe_account_ref != account["id"]:
            self.write(self._prepare_no_webhook_values())
            # In sudo mode because nobody writes these by hand.
            self.env["service.stripe.customer"].sudo().search([("provider_id", "=", self.id)]).unlink()
        shown = (account.get("settings") or {}).get("dashboard") or {}
        profile = account.get("business_profile") or {}
        self.write(
            {
                "billing_stripe_account_ref": account["id"] or self.billing_stripe_account_ref,
                "billing_stripe_account_name": shown.get("display_name")
                or profile.get("name")
                or account["id"]
                or self.env._("a restricted key"),
                "billing_stripe_account_currency": (account.get("default_currency") or "").upper(),
                "billing_stripe_checked_at": fields.Datetime.now(),
                "billing_stripe_error": False,
            }
        )

    def _apply_failed_events(self):
        """Apply again what could not be read, now that the key is found to be good."""
        # In sudo mode because events are for managers, and the key is for administrators.
        events = self.env["service.stripe.event"].sudo()
        events.search([("provider_id", "=", self.id), ("state", "=", "failed")])._apply_again()

    def _delete_webhook(self, gateway, ref):
        try:
            gateway.act("webhook_endpoints", "delete", ref)
        except StripeRefusedError:
            # Somebody deleted it in Stripe's dashboard.
            return

    def _ask_for_event(self):
        """Let a job have Stripe tell us of something harmless, so that the webhook is seen to work."""
        self.with_delay(
            channel=CHANNEL,
            identity_key=f"{self._name}.ask_for_event.{self.id}",
            description=self.env._("Stripe: try the webhook"),
        )._job_ask_for_event()

    def _job_ask_for_event(self):
        """Make a page for a payment, and close it: Stripe tells of that.

        :return: What the job page shows as the result.
        :rtype: str
        """
        self.ensure_one()
        gateway = self._get_gateway()
        key = self._get_stripe_key("trial", fields.Datetime.now())
        try:
            session = gateway.create("checkout.sessions", self._prepare_trial(), key=key)
            gateway.act("checkout.sessions", "expire", session["id"])
        except StripeGatewayError as error:
            return str(error)
        return self.env._("Done.")

    # === GETTERS === #

    def _get_stripe_status(self):
        """Return how far the connection is.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        if not self.billing_stripe_key:
            return "no_key"
        if self.state == "disabled":
            return "off"
        if self.billing_stripe_error:
            return "refused"
        if not self._is_mode_right():
            return "mode"
        if not self.billing_stripe_webhook_secret:
            return "no_webhook"
        if not self._has_heard():
            return "waiting"
        return "live" if self.state == "enabled" else "test"

    def _has_heard(self):
        """Tell whether a signed event came since the webhook was made.

        :rtype: bool
        """
        told = [("provider_id", "in", self.ids), ("origin", "=", "webhook")]
        since = [("received_at", ">=", self.billing_stripe_webhook_since)] if self.billing_stripe_webhook_since else []
        # In sudo mode because the badge says no more than that.
        return bool(self.env["service.stripe.event"].sudo().search_count(told + since, limit=1))

    def _get_stripe_key(self, purpose, *parts):
        """Return an idempotency key for something that is asked once.

        :rtype: str
        """
        database = self.env["payment.transaction"]._get_stripe_database()
        return ".".join(map(str, (STRIPE, purpose, database, self.id, *parts)))

    def _prepare_webhook(self, **extra):
        """Return what Stripe shall tell us, and where.

        :rtype: dict
        """
        return {
            "url": f"{self.get_base_url()}{WEBHOOK_PATH}/{self.id}",
            "enabled_events": sorted(self.env["service.stripe.event"]._get_event_types()),
            "api_version": API_VERSION,
            "description": self.env._("Service Billing of %(company)s", company=self.company_id.name),
            **extra,
        }

    def _prepare_trial(self, **extra):
        """Return the page that is closed at once.

        :rtype: dict
        """
        currency = self.billing_stripe_account_currency or self.company_id.currency_id.name
        return {
            "mode": "payment",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": currency.lower(),
                        "unit_amount": TRIAL_AMOUNT,
                        "product_data": {"name": self.env._("Webhook test")},
                    },
                }
            ],
            "success_url": self.get_base_url(),
            **extra,
        }

    def _get_stripe_notice(self, kind, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
