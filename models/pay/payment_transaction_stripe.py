import logging
from datetime import UTC, datetime

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain

from ..logic.stripe_amount import to_minor_units
from ..logic.stripe_status import payment_state
from ..settings.row_lock import wait_for_rows
from .payment_provider import STRIPE
from .stripe_mismatch import StripeMismatchError

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    """What Stripe says of a payment becomes its state, and the payment in the books."""

    _inherit = "payment.transaction"

    billing_charge_ref = fields.Char(string="Charge", readonly=True, copy=False, index="btree_not_null")
    billing_paid_at = fields.Datetime(string="Paid", readonly=True, copy=False, help="When the customer paid.")
    billing_decline_code = fields.Char(
        string="Decline Code", readonly=True, copy=False, help="Why the last try failed, as the bank has it."
    )

    # === BUSINESS METHODS - PROCESSING === #

    def _apply_stripe(self, stripe_object):
        """Take over what Stripe says of the payment, and put it into the books at once.

        Whoever calls this holds the lock on the transaction.

        Note: `self.ensure_one()`

        :param dict stripe_object: What Stripe has now, as the gateway returns it.
        :return: Why it could not be put into the books, which core tries again later; nothing if it is there.
        :rtype: str or None
        :raise StripeMismatchError: If it is about another amount or currency.
        """
        self.ensure_one()
        self._process(STRIPE, stripe_object)
        if self.state in ("done", "cancel") and not self.is_post_processed:
            return self._book()
        return None

    def _book(self):
        """Put what happened into the books. That Stripe has the money is kept, whatever is wrong with the books.

        :return: What is wrong, or nothing.
        :rtype: str or None
        """
        try:
            with self.env.cr.savepoint():
                self._post_process()
        except (UserError, RedirectWarning) as error:
            return " ".join(str(error.args[0]).split())
        except OperationalError:
            raise
        except Exception:
            _logger.exception("Booking %s failed", self.reference)
            return self.env._("An unexpected error, which the server's log explains.")
        return None

    def _validate_amount(self, payment_data):
        """Override of `payment` to leave the transaction as it is where the amount is another one: somebody looks at
        what Stripe has."""
        if self.provider_code != STRIPE:
            super()._validate_amount(payment_data)
        elif self.operation != "validation":
            self._check_stripe_amount(payment_data)

    def _check_stripe_amount(self, stripe_object):
        currency = self.currency_id.name
        expected = to_minor_units(abs(self.amount), currency)
        is_paid = stripe_object.get("status") == "succeeded" and "amount_received" in stripe_object
        amount = stripe_object["amount_received" if is_paid else "amount"]
        if amount != expected or stripe_object["currency"].upper() != currency:
            raise StripeMismatchError(
                self.env._(
                    "Stripe has %(found)s and %(reference)s %(expected)s, in the smallest unit of the currency.",
                    found=f"{amount} {stripe_object['currency'].upper()}",
                    reference=self.reference,
                    expected=f"{expected} {currency}",
                )
            )

    def _apply_updates(self, payment_data):
        """Override of `payment`: each kind of Stripe's objects has its method."""
        if self.provider_code != STRIPE:
            return super()._apply_updates(payment_data)
        return getattr(self, f"_apply_{payment_data['object']}_updates")(payment_data)

    def _apply_payment_intent_updates(self, intent):
        charge = intent.get("latest_charge")
        noted = self._read_charge(charge) if isinstance(charge, dict) else {}
        noted["provider_reference"] = intent["id"]
        # What is known already is not written: whoever takes over the same at this moment need not run again.
        news = {name: value for name, value in noted.items() if self[name] != value}
        if news:
            self.write(news)
        state = payment_state(intent)
        if state == "done":
            # Stripe has the money, whatever was thought of the page meanwhile.
            self._set_done(extra_allowed_states=("cancel",))
        elif state == "pending":
            self._set_pending()
        elif state == "cancel":
            self._set_canceled()
        elif state == "declined":
            self._note_decline(intent)

    def _read_charge(self, charge):
        """Return which charge it was, when, and with which payment method.

        :rtype: dict
        """
        noted = {"billing_charge_ref": charge["id"]}
        if charge.get("paid"):
            noted["billing_paid_at"] = datetime.fromtimestamp(charge["created"], UTC).replace(tzinfo=None)
        details = charge.get("payment_method_details") or {}
        method = self.env["payment.method"].with_context(active_test=False)._get_from_code(details.get("type"))
        return {**noted, "payment_method_id": method} if method else noted

    def _note_decline(self, intent):
        """Keep why a try failed. On the hosted page the customer may try again; anywhere else that was it."""
        error = intent["last_payment_error"]
        self.billing_decline_code = error.get("decline_code") or error.get("code")
        details = {"reason": self.billing_decline_code or "", "transaction": self.reference}
        key = f"payment_failed:{error.get('charge') or intent['id']}"
        self.env["service.billing.event"]._log("payment_failed", self.invoice_ids, details, once_key=key)
        if self.state == "pending" or self.operation != "online_redirect":
            self._set_error(error.get("message") or "")

    # === BUSINESS METHODS - POST-PROCESSING === #

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment` to record Stripe's own reference, and the day on which the customer paid."""
        if self.provider_code == STRIPE:
            moment = self.billing_paid_at or fields.Datetime.now()
            extra_create_values = {
                "billing_external_ref": self.provider_reference,
                "date": self.company_id._get_billing_time(moment).date(),
                **extra_create_values,
            }
        return super()._create_payment(**extra_create_values)

    # === GETTERS === #

    def _get_received_message(self):
        """Override of `payment` to tell of money that came only once: by its payment in the books, with a link."""
        if self.provider_code == STRIPE and self.state == "done" and self.operation != "validation":
            return ""
        return super()._get_received_message()

    @api.model
    def _find_by_stripe(self, provider, stripe_object):
        """Return the transaction that one of Stripe's objects is about.

        :param provider: The account.
        :param dict stripe_object: A PaymentIntent, SetupIntent or Session.
        :return: In sudo mode; empty if there is none, or if another payment of Stripe's has its place.
        :rtype: recordset of `payment.transaction`
        """
        # In sudo mode because Stripe tells it, and no user.
        transactions_sudo = self.sudo()
        known = Domain("provider_reference", "=", stripe_object["id"])
        known |= Domain("billing_checkout_ref", "=", stripe_object["id"])
        found = transactions_sudo.search(Domain("provider_id", "=", provider.id) & known, limit=1)
        if found:
            return found
        metadata = stripe_object.get("metadata") or {}
        if metadata.get("odoo_db") != self._get_stripe_database():
            return transactions_sudo
        named = Domain("provider_id", "=", provider.id) & Domain("reference", "=", metadata.get("odoo_tx"))
        free = Domain("provider_reference", "=", False)
        return transactions_sudo.search(named & free)

    def _get_stripe_metadata(self):
        """Return what every object of the transaction at Stripe carries.

        Note: `self.ensure_one()`

        :rtype: dict[str, str]
        """
        self.ensure_one()
        invoices = ",".join(map(str, self.invoice_ids.ids))
        # Stripe takes 500 characters; without the list a payment that we forgot is not found again by itself.
        named = {"odoo_invoices": invoices} if 0 < len(invoices) <= 500 else {}
        return {"odoo_tx": self.reference, "odoo_db": self._get_stripe_database(), **named}

    @api.model
    def _get_stripe_database(self):
        # In sudo mode to read which database this is.
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    def _wait_for_stripe(self):
        """Lock the transaction and its invoices, in the order in which everybody does it."""
        wait_for_rows(self.invoice_ids)
        wait_for_rows(self)
