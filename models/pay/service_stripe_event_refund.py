from odoo import api, models
from odoo.fields import Command, Domain

from ..logic.stripe_amount import from_minor_units
from ..logic.stripe_refund import refund_state
from ..settings.row_lock import touch_rows
from .account_move_refund import EARLY_REFUND
from .stripe_event_error import IgnoredEventError, UnmatchedEventError


class ServiceStripeEvent(models.Model):
    """Events about refunds: of ours, and of those that somebody made in Stripe's dashboard."""

    _inherit = "service.stripe.event"

    # === BUSINESS METHODS - APPLY === #

    def _apply_refund(self, refund):
        """Take over what became of a refund. One that was made in Stripe's dashboard pays out the credit note that
        waits for it; without one it stays open, and somebody is told.

        :param dict refund: The Refund as it is now.
        :return: Why it could not be put into the books, or nothing.
        :rtype: str or None
        """
        source = self._find_refunded(refund)
        source._lock_for_job()
        touch_rows(source)
        tx = source._find_stripe_refund(self.provider_id, refund)
        if tx:
            tx._lock_refund()
            return tx._apply_stripe_refund(refund)
        if refund_state(refund) == "error":
            raise IgnoredEventError(self.env._("It failed before we knew of it."))
        tx = source._create_refund(**self._prepare_refund_values(refund, source))
        tx._lock_refund()
        problem = tx._apply_stripe_refund(refund)
        if not tx.invoice_ids and tx.payment_id._get_open_receivables():
            source.invoice_ids._schedule_to_do(
                self.env._("Refunded at Stripe"),
                self.env._("Make a credit note of %(amount)s: it is settled by itself.", amount=tx._get_refund_text()),
                activity_type=EARLY_REFUND,
            )
        return problem

    def _find_refunded(self, refund):
        """Return the payment that is refunded. Where its own event did not come yet, it is read first.

        :rtype: recordset of `payment.transaction`
        :raise StripeEventError: If it is none of ours.
        """
        source = self._find_payment(refund)
        if not source and refund.get("payment_intent"):
            name, params = self._get_resources()["payment_intent"]
            gateway = self.provider_id._get_gateway()
            self._apply_payment_intent(gateway.retrieve(name, refund["payment_intent"], params))
            source = self._find_payment(refund)
        if not source:
            raise UnmatchedEventError(self.env._("Money of a payment went back that is not there."))
        return source

    def _find_payment(self, stripe_object):
        """Return the payment that a refund or dispute is about.

        :param dict stripe_object: With its charge and PaymentIntent.
        :rtype: recordset of `payment.transaction`
        """
        refs = [ref for ref in (stripe_object.get("payment_intent"), stripe_object.get("charge")) if ref]
        named = Domain("provider_reference", "in", refs) | Domain("billing_charge_ref", "in", refs)
        paid = Domain("provider_id", "=", self.provider_id.id) & Domain("state", "=", "done")
        # In sudo mode because Stripe tells it, and no user.
        transactions_sudo = self.env["payment.transaction"].sudo()
        return transactions_sudo.search(paid & Domain("operation", "!=", "refund") & named, limit=1)

    # === GETTERS === #

    def _prepare_refund_values(self, refund, source, **extra):
        """Return what the transaction of a refund is made of that was made in Stripe's dashboard.

        :rtype: dict
        """
        amount = from_minor_units(refund["amount"], refund["currency"].upper())
        credit_notes = source.invoice_ids.reversal_move_ids.filtered(
            lambda move: (
                move.state == "posted"
                and move.currency_id == source.currency_id
                and source.currency_id.compare_amounts(move._get_refund_left(), amount) >= 0
            )
        )
        return {
            "amount": amount,
            "provider_reference": refund["id"],
            "invoice_ids": [Command.set(credit_notes[:1].ids)],
            **extra,
        }

    @api.model
    def _get_event_types(self):
        return super()._get_event_types() | {"refund.created", "refund.updated", "refund.failed"}

    @api.model
    def _get_resources(self):
        return {**super()._get_resources(), "refund": ("refunds", {})}
