from odoo import api, models
from odoo.fields import Command

from ..logic.stripe_amount import from_minor_units
from .payment_transaction_checkout import EXPAND
from .stripe_event_error import IgnoredEventError, UnmatchedEventError


class ServiceStripeEvent(models.Model):
    """Events about payments, and the hosted pages on which they are made."""

    _inherit = "service.stripe.event"

    # === BUSINESS METHODS - APPLY === #

    def _apply_payment_intent(self, intent):
        """Take over what became of a payment. One that we forgot, because the server died at the wrong moment, is made
        again from what Stripe keeps of it.

        :param dict intent: The PaymentIntent as it is now, with its charge.
        :return: Why it could not be put into the books, or nothing.
        :rtype: str or None
        """
        tx = self._find_transaction(intent)
        if not tx:
            tx = self._rebuild_transaction(intent)
        tx._lock_for_job()
        return tx._apply_stripe(intent)

    def _apply_checkout_session(self, session):
        """Take over what became of a hosted page.

        :param dict session: The Session as it is now, with its PaymentIntent.
        :return: Why the payment could not be put into the books, or nothing.
        :rtype: str or None
        """
        tx = self._find_transaction(session)
        if tx:
            tx._lock_for_job()
            return tx._apply_checkout(session)
        if isinstance(session["payment_intent"], dict):
            return self._apply_payment_intent(session["payment_intent"])
        raise IgnoredEventError(self.env._("Nobody paid on this page."))

    def _find_transaction(self, stripe_object):
        return self.env["payment.transaction"]._find_by_stripe(self.provider_id, stripe_object)

    def _rebuild_transaction(self, intent):
        """Make the transaction of a payment that Stripe has and we do not.

        :raise StripeEventError: If the payment is not one of this database, or did not take place.
        """
        metadata = intent.get("metadata") or {}
        transactions = self.env["payment.transaction"]
        if intent["status"] != "succeeded":
            raise IgnoredEventError(self.env._("No payment of ours, and no money came in."))
        if metadata.get("odoo_db") != transactions._get_stripe_database():
            if metadata.get("odoo_db"):
                raise IgnoredEventError(self.env._("A payment of another database."))
            raise UnmatchedEventError(self.env._("Money came in that nothing here asked for."))
        invoices = self._find_invoices(metadata)
        if not invoices:
            raise UnmatchedEventError(self.env._("Money came in for invoices that are not there."))
        return transactions.create(self._prepare_transaction_values(intent, invoices))

    def _find_invoices(self, metadata):
        refs = [ref for ref in (metadata.get("odoo_invoices") or "").split(",") if ref.isdecimal()]
        invoices = self.env["account.move"].browse(map(int, refs)).exists()
        return invoices.filtered(lambda invoice: self.company_id in invoice.company_id.parent_ids)

    # === GETTERS === #

    def _prepare_transaction_values(self, intent, invoices, **extra):
        """Return what the transaction of a payment is made of that Stripe has and we do not.

        :rtype: dict
        """
        code = intent["currency"].upper()
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)], limit=1)
        return {
            "provider_id": self.provider_id.id,
            "payment_method_id": self.env.ref("payment.payment_method_card").id,
            "provider_reference": intent["id"],
            "amount": from_minor_units(intent["amount_received"], code),
            "currency_id": currency.id,
            "partner_id": invoices[0].partner_id.id,
            "invoice_ids": [Command.set(invoices.ids)],
            "operation": "online_redirect",
            **extra,
        }

    @api.model
    def _get_event_types(self):
        return super()._get_event_types() | {
            "checkout.session.completed",
            "checkout.session.async_payment_succeeded",
            "checkout.session.async_payment_failed",
            "checkout.session.expired",
            "payment_intent.succeeded",
            "payment_intent.processing",
            "payment_intent.payment_failed",
            "payment_intent.canceled",
        }

    @api.model
    def _get_resources(self):
        return {
            **super()._get_resources(),
            "payment_intent": ("payment_intents", {"expand": ["latest_charge"]}),
            "checkout.session": ("checkout.sessions", EXPAND),
        }
