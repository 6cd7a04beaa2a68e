from odoo import api, models

from ..settings.row_lock import touch_rows
from .stripe_event_error import IgnoredEventError


class ServiceStripeEvent(models.Model):
    """Events about our invoices at Stripe, and about what customers pay on Stripe's pages of them."""

    _inherit = "service.stripe.event"

    # === BUSINESS METHODS - APPLY === #

    def _apply_invoice(self, stripe_invoice):
        """Take over what was paid for an invoice at Stripe, and how it stands there.

        :param dict stripe_invoice: The Invoice as it is now.
        :return: Why a payment could not be put into the books, or nothing.
        :rtype: str or None
        """
        # In sudo mode because Stripe tells it, and no user.
        mirrored_sudo = self.env["service.stripe.invoice"].sudo()
        ours = [("provider_id", "=", self.provider_id.id), ("invoice_ref", "=", stripe_invoice["id"])]
        mirrored = mirrored_sudo.search(ours)
        if not mirrored:
            raise IgnoredEventError(self.env._("No invoice of ours."))
        gateway = self.provider_id._get_gateway()
        name, params = self._get_resources()["payment_intent"]
        problem = None
        for payment in gateway.list("invoice_payments", {"invoice": stripe_invoice["id"], "status": "paid"}):
            intent = payment["payment"].get("payment_intent")
            if intent:
                problem = self._apply_payment_intent(gateway.retrieve(name, intent, params)) or problem
        touch_rows(mirrored)
        mirrored._take(stripe_invoice)
        return problem

    def _apply_payment_intent(self, intent):
        """Override to find the payment of an invoice at Stripe: that payment cannot carry what the invoice carries.

        See https://docs.stripe.com/invoicing/partial-payments.
        """
        if not (intent.get("metadata") or {}).get("odoo_db"):
            intent = {**intent, "metadata": self._read_invoice_metadata(intent)}
        return super()._apply_payment_intent(intent)

    def _read_invoice_metadata(self, intent):
        """Return what the invoice carries that a payment pays, with a lock on our invoices.

        :param dict intent: The PaymentIntent.
        :rtype: dict[str, str]
        """
        # In sudo mode because Stripe tells it, and no user.
        mirrored_sudo = self.env["service.stripe.invoice"].sudo()
        if intent["status"] != "succeeded" or self._find_transaction(intent):
            return {}
        if not mirrored_sudo.search_count([("provider_id", "=", self.provider_id.id)], limit=1):
            return {}
        gateway = self.provider_id._get_gateway()
        asked = {"payment": {"type": "payment_intent", "payment_intent": intent["id"]}}
        payment = next(gateway.list("invoice_payments", asked), None)
        if not payment:
            return {}
        metadata = gateway.retrieve("invoices", payment["invoice"]).get("metadata") or {}
        # Two events tell of the payment: whoever comes second finds what the first one made.
        touch_rows(self._find_invoices(metadata))
        return metadata

    # === GETTERS === #

    @api.model
    def _get_event_types(self):
        return super()._get_event_types() | {"invoice.paid", "invoice.voided"}

    @api.model
    def _get_resources(self):
        return {**super()._get_resources(), "invoice": ("invoices", {})}
