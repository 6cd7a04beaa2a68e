import json
from datetime import UTC, datetime
from hashlib import sha256

from odoo import api, fields, models

from odoo.addons.payment.utils import generate_idempotency_key
from odoo.addons.queue_job.exception import RetryableJobError

from ..logic.stripe_amount import to_minor_units
from ..logic.stripe_status import checkout_language
from ..settings.row_lock import try_rows
from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY
from .payment_provider import STRIPE
from .stripe_gateway import StripeLaterError, StripeRefusedError

RETURN_PATH = "/payment/stripe_checkout/return"
SECONDS_TO_WAIT = 60
# Stripe takes 200 characters of a reference, to which a number is added, and the database indexes it.
LONGEST_REFERENCE = 100
LONGEST_TITLE = 200
EXPAND = {"expand": ["payment_intent.latest_charge"]}


class PaymentTransaction(models.Model):
    """The hosted page on which a customer pays: made by a click, used again by the next, closed when it is over."""

    _inherit = "payment.transaction"

    billing_checkout_ref = fields.Char(string="Checkout Session", readonly=True, copy=False)
    billing_checkout_url = fields.Char(string="Checkout Page", readonly=True, copy=False, groups="base.group_system")
    billing_checkout_expires_at = fields.Datetime(string="Checkout Page Expires", readonly=True, copy=False)
    billing_checkout_scope = fields.Char(
        readonly=True, copy=False, help="What the page is for: there is one open page for it."
    )

    _billing_checkout_ref_uniq = models.UniqueIndex("(billing_checkout_ref) WHERE billing_checkout_ref IS NOT NULL")
    _billing_checkout_scope_uniq = models.UniqueIndex(
        "(billing_checkout_scope) WHERE billing_checkout_scope IS NOT NULL AND state = 'draft'",
        "This payment is open in another window.",
    )

    # === BUSINESS METHODS - PAYMENT FLOW === #

    def _get_specific_rendering_values(self, processing_values):
        """Override of `payment` to lead from core's payment form to the hosted page."""
        values = super()._get_specific_rendering_values(processing_values)
        if self.provider_code != STRIPE:
            return values
        with self.provider_id._explaining_stripe():
            return {**values, "api_url": self._get_checkout_url()}

    def _get_checkout_url(self):
        """Return the address of the hosted page; the first call makes it.

        Note: `self.ensure_one()`, in sudo mode.

        :rtype: str
        :raise StripeGatewayError: If Stripe does not make it.
        """
        self.ensure_one()
        if not self.billing_checkout_ref:
            self._create_checkout()
        return self.billing_checkout_url

    def _create_checkout(self):
        """Have Stripe make the page. Until it is paid there no money moves: a page that we forget is worth nothing.

        The key covers what is asked: a request that runs again gets the same page, and a reference that is used again
        for another amount, after the first one was rolled back, gets another one.
        """
        values = self._prepare_checkout_values()
        try:
            session = self._ask_checkout(values)
        except StripeRefusedError as error:
            if not error.is_missing("customer"):
                raise
            self.env["service.stripe.customer"]._note_gone(self.provider_id, values["customer"])
            session = self._ask_checkout(self._prepare_checkout_values())
        self.write(
            {
                "billing_checkout_ref": session["id"],
                "billing_checkout_url": session["url"],
                "billing_checkout_expires_at": datetime.fromtimestamp(session["expires_at"], UTC).replace(tzinfo=None),
            }
        )

    def _ask_checkout(self, values):
        digest = sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
        gateway = self.provider_id._get_gateway()
        return gateway.create("checkout.sessions", values, key=generate_idempotency_key(self, digest))

    def _refresh_checkout(self):
        """Read the page again at Stripe, and take over what became of it.

        Note: `self.ensure_one()`, in sudo mode, with the lock on the transaction.

        :raise StripeGatewayError: If it cannot be read.
        :raise StripeMismatchError: If it is about another amount or currency.
        """
        self._apply_checkout(self._read_checkout())

    def _read_checkout(self):
        """Return the page as it is at Stripe now.

        Note: `self.ensure_one()`, in sudo mode.

        :rtype: dict
        :raise StripeGatewayError: If it cannot be read.
        """
        self.ensure_one()
        return self.provider_id._get_gateway().retrieve("checkout.sessions", self.billing_checkout_ref, EXPAND)

    def _apply_checkout(self, session):
        """Take over what became of the page: paid, still open, or expired.

        Note: `self.ensure_one()`, in sudo mode, with the lock on the transaction.

        :param dict session: With its PaymentIntent.
        :return: Why the payment could not be put into the books, or nothing.
        :rtype: str or None
        """
        self.ensure_one()
        intent = session["payment_intent"]
        problem = self._apply_stripe(intent) if isinstance(intent, dict) else None
        if session["status"] == "expired" and self.state == "draft":
            self._set_canceled()
        return problem

    # === BUSINESS METHODS - EXPIRY === #

    def _expire_checkouts(self, *, only_excess=False):
        """Let jobs close the pages of the transactions, so that nobody pays there any more.

        :param bool only_excess: Whether pages stay open that ask for no more than is due.
        """
        for tx in self:
            tx.with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.expire_checkout.{tx.id}.{only_excess}",
                description=self.env._("%(reference)s: close the payment page", reference=tx.reference),
            )._job_expire_checkout(only_excess=only_excess)

    def _job_expire_checkout(self, only_excess=False):
        """Close the page. Where the customer was faster, take over the payment instead.

        :param bool only_excess: Whether it stays open if it asks for no more than is due.
        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If somebody else works on it, or Stripe cannot be reached.
        """
        self.ensure_one()
        self._lock_for_job()
        if self.state != "draft" or not self.billing_checkout_ref:
            return self.env._("Closed before.")
        due = self.invoice_ids._get_amount_payable()
        if only_excess and self.currency_id.compare_amounts(self.amount, due) <= 0:
            return self.env._("It asks for no more than is due.")
        try:
            self._close_checkout()
        except StripeLaterError as error:
            raise RetryableJobError(str(error), seconds=SECONDS_TO_WAIT, ignore_retry=True) from error
        return self.env._("Closed.") if self.state == "cancel" else self.env._("The customer was faster.")

    def _close_checkout(self):
        gateway = self.provider_id._get_gateway()
        try:
            session = gateway.act("checkout.sessions", "expire", self.billing_checkout_ref, EXPAND)
        except StripeRefusedError:
            # Only open pages can be closed: this one is paid or expired.
            session = gateway.retrieve("checkout.sessions", self.billing_checkout_ref, EXPAND)
        self._apply_checkout(session)

    def _lock_for_job(self):
        """Lock the transaction and its invoices, in the order in which everybody does it.

        :raise RetryableJobError: If somebody else works on them.
        """
        for records in (self.invoice_ids, self):
            if not try_rows(records):
                raise RetryableJobError("Somebody works on it.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        self.invalidate_recordset()

    # === GETTERS === #

    def _prepare_checkout_values(self, **extra):
        """Return what the page shows and takes.

        Note: `self.ensure_one()`, in sudo mode.

        :rtype: dict
        """
        self.ensure_one()
        base = self.provider_id.get_base_url()
        metadata = self._get_stripe_metadata()
        currency = self.currency_id.name
        return {
            "mode": "payment",
            "client_reference_id": self.reference,
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": currency.lower(),
                        "unit_amount": to_minor_units(self.amount, currency),
                        "product_data": {"name": self._get_checkout_title()},
                    },
                }
            ],
            # The price is the invoice's, in its currency: what comes in must be what was asked for.
            "adaptive_pricing": {"enabled": False},
            "locale": checkout_language(self.partner_id.lang),
            "metadata": metadata,
            "payment_intent_data": {
                "metadata": metadata,
                "description": self.reference,
                **({"setup_future_usage": "off_session"} if self.tokenize else {}),
            },
            "success_url": f"{base}{RETURN_PATH}?session_id={{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{base}{self.landing_route or '/'}",
            **self._prepare_checkout_customer(),
            **extra,
        }

    def _prepare_checkout_customer(self):
        """Return who pays. Only who saves a card is known to Stripe as a customer: the page shows the cards that
        are saved for a customer to everybody who opens it.

        :rtype: dict
        """
        if self.tokenize:
            partner = self.partner_id.commercial_partner_id
            return {"customer": self.env["service.stripe.customer"]._get_ref(self.provider_id, partner)}
        return {"customer_email": self.partner_email} if self.partner_email else {}

    def _get_checkout_title(self):
        """Return what the page says it is for, in the customer's language.

        :rtype: str
        """
        lang = self.partner_id.lang or self.company_id.partner_id.lang
        numbers = ", ".join(self.invoice_ids.mapped("name")) or self.reference
        if len(numbers) > LONGEST_TITLE:
            return self.with_context(lang=lang).env._("%(count)s invoices", count=len(self.invoice_ids))
        return self.with_context(lang=lang).env._("Invoice %(number)s", number=numbers)

    @api.model
    def _compute_reference_prefix(self, separator, **values):
        """Override of `account_payment`: of very many invoices only the first ones are named."""
        prefix = super()._compute_reference_prefix(separator, **values)
        if len(prefix) <= LONGEST_REFERENCE:
            return prefix
        return prefix[:LONGEST_REFERENCE].rpartition(separator)[0] or prefix[:LONGEST_REFERENCE]
