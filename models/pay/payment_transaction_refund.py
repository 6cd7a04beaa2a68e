from datetime import UTC, datetime

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from odoo.addons.payment.utils import generate_idempotency_key
from odoo.addons.queue_job.exception import RetryableJobError

from ..logic.stripe_amount import to_minor_units
from ..logic.stripe_refund import refund_state
from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY
from .payment_provider import STRIPE
from .stripe_gateway import StripeGatewayError, StripeLaterError

TAKEN = ("draft", "pending", "done")


class PaymentTransaction(models.Model):
    """Refunds: each is a transaction of its own, which is there before Stripe is asked, and is in the books as soon as
    Stripe took the money from the account."""

    _inherit = "payment.transaction"

    _billing_refund_uniq = models.UniqueIndex(
        "(provider_id, provider_reference) WHERE operation = 'refund' AND provider_reference IS NOT NULL"
    )

    # === BUSINESS METHODS - PAYMENT FLOW === #

    def _refund(self, amount_to_refund=None):
        """Override of `payment`: without a credit note nobody knows what was refunded, nor settles it."""
        if self.provider_code == STRIPE:
            raise UserError(self.env._("Make a credit note, and refund that."))
        return super()._refund(amount_to_refund)

    def _create_refund(self, amount, **values):
        """Write down that as much of the payment goes back to its card, before anything happens.

        Note: `self.ensure_one()`, in sudo mode, with the lock on the transaction.

        :param float amount: In the currency of the payment, above zero.
        :param values: What else the refund is made of.
        :return: The refund.
        :rtype: recordset of `payment.transaction`
        """
        self.ensure_one()
        return self._create_child_transaction(amount, is_refund=True, **values)

    def _enqueue_refunds(self):
        """Let jobs ask Stripe for the refunds."""
        for refund in self:
            refund.with_company(refund.company_id).with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.refund.{refund.id}",
                description=self.env._("%(reference)s: refund", reference=refund.reference),
            )._job_refund()

    def _job_refund(self):
        """Ask Stripe for the refund. A job that runs again after Stripe did it takes over what Stripe did.

        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If somebody else works on it, or Stripe cannot be reached.
        """
        self.ensure_one()
        self._lock_refund()
        if self.state != "draft":
            return self.env._("Asked for before.")
        problem, refund = self._get_refund_problem(), None
        try:
            refund = None if problem else self._ask_refund()
        except StripeLaterError as error:
            raise RetryableJobError(str(error), seconds=SECONDS_TO_RETRY) from error
        except StripeGatewayError as error:
            problem = str(error)
        if problem:
            self._set_error(problem)
            self._tell_refund_failed()
            return problem
        return self._apply_stripe_refund(refund) or self.env._("Done.")

    def _ask_refund(self):
        """Return the refund that Stripe made. Keys are forgotten after a day, so that it is looked for first.

        See https://docs.stripe.com/api/idempotent_requests.

        :rtype: dict
        :raise StripeGatewayError: If Stripe does not make it.
        """
        gateway = self.provider_id._get_gateway()
        values = self._prepare_refund_values()
        for known in gateway.list("refunds", {"payment_intent": values["payment_intent"]}):
            if values["metadata"].items() <= (known.get("metadata") or {}).items():
                return known
        return gateway.create("refunds", values, key=generate_idempotency_key(self, f"refund.{self.id}"))

    def _lock_refund(self):
        """Lock the refund, what it refunds and what it pays out, so that nobody else uses either.

        :raise RetryableJobError: If somebody else works on them.
        """
        self.source_transaction_id._lock_for_job()
        self._lock_for_job()
        credit = self.source_transaction_id.payment_id._get_open_receivables()
        if credit.try_lock_for_update() != credit:
            raise RetryableJobError("Somebody uses the credit.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        credit.invalidate_recordset()

    # === BUSINESS METHODS - PROCESSING === #

    def _apply_stripe_refund(self, refund):
        """Take over what Stripe says of the refund, and put it into the books, or take it back.

        Note: `self.ensure_one()`, with the lock on the refund.

        :param dict refund: What Stripe has now.
        :return: Why it could not be put into the books, or nothing.
        :rtype: str or None
        :raise StripeMismatchError: If it is about another amount or currency.
        """
        self.ensure_one()
        before = self.state
        self._process(STRIPE, refund)
        problem = None if self.is_post_processed else self._book()
        if self.state != before:
            self._note_refund()
        return problem

    def _apply_refund_updates(self, refund):
        self.provider_reference = refund["id"]
        self.billing_paid_at = datetime.fromtimestamp(refund["created"], UTC).replace(tzinfo=None)
        state = refund_state(refund)
        if state == "done":
            self._set_done()
        elif state == "pending":
            self._set_pending()
        else:
            reason = (refund.get("failure_reason") or refund["status"]).replace("_", " ")
            self._set_error(self.env._("The bank sent it back: %(reason)s.", reason=reason), ("done",))

    def _post_process(self):
        """Override of `account_payment`: a pending refund left the account at Stripe already; one that failed is back
        there, and what it paid out is owed again."""
        refunds = self.filtered(lambda tx: tx.operation == "refund" and tx.provider_code == STRIPE)
        for refund in refunds:
            if refund.state == "pending" and not refund.payment_id:
                refund.with_company(refund.company_id)._create_payment()
            elif refund.state == "error" and refund.payment_id.state in ("in_process", "paid"):
                refund.payment_id._bounce()
        return super()._post_process()

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment`: a refund without credit note pays out what is left of the payment itself."""
        if self.operation != "refund" or self.provider_code != STRIPE:
            return super()._create_payment(**extra_create_values)
        source = self.source_transaction_id.payment_id
        owing = {"destination_account_id": source.destination_account_id.id} if source else {}
        payment = super()._create_payment(**owing, **extra_create_values)
        (payment | source)._get_open_receivables().reconcile()
        return payment

    def _note_refund(self):
        """Log what became of the refund, and leave a to-do where somebody has to look at it."""
        kind = {"done": "refunded", "error": "refund_failed"}.get(self.state)
        documents = self.invoice_ids or self.source_transaction_id.invoice_ids
        if kind:
            key = f"{kind}:{self.id}"
            self.env["service.billing.event"]._log(kind, documents, self._get_refund_details(), once_key=key)
        if self.state == "error":
            self._tell_refund_failed()

    def _tell_refund_failed(self):
        documents = self.invoice_ids or self.source_transaction_id.invoice_ids
        documents._schedule_to_do(
            self.env._("A refund failed"),
            self.env._(
                "%(amount)s did not reach the customer: %(reason)s Refund it again or by bank, or keep it as credit.",
                amount=self._get_refund_text(),
                reason=self.state_message or "",
            ),
        )

    # === GETTERS === #

    def _get_refund_problem(self):
        """Return why the refund must not be made, nothing if it may.

        Note: `self.ensure_one()`

        :rtype: str or None
        """
        self.ensure_one()
        currency = self.currency_id
        if currency.compare_amounts(abs(self.amount), self._get_credit_left()) > 0:
            return self.env._("The credit was used for something else meanwhile.")
        if currency.compare_amounts(self.source_transaction_id._get_refundable(), 0.0) < 0:
            return self.env._("The rest of the payment was refunded or disputed meanwhile.")
        return None

    def _get_credit_left(self):
        """Return what is left of what the refund pays out: of the credit note, or of the payment where there is none.

        Note: `self.ensure_one()`

        :return: In the currency of the payment; nothing where the credit note is not as it must be.
        :rtype: float
        """
        self.ensure_one()
        credit_note = self.invoice_ids
        if not credit_note:
            return self.source_transaction_id.payment_id._get_open_credit()
        is_sound = len(credit_note) == 1 and credit_note.move_type == "out_refund" and credit_note.state == "posted"
        is_sound = is_sound and credit_note.currency_id == self.currency_id
        return credit_note.amount_residual if is_sound else 0.0

    def _get_refundable(self):
        """Return how much of a payment can go back to its card.

        Note: `self.ensure_one()`

        :return: In the currency of the payment.
        :rtype: float
        """
        self.ensure_one()
        refunds = self.child_transaction_ids.filtered(lambda tx: tx.operation == "refund" and tx.state in TAKEN)
        return self.currency_id.round(self.amount + sum(refunds.mapped("amount")))

    def _get_credit_not_asked(self):
        """Return what is left of the payment, and not on its way back to the card yet.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        asked = self.child_transaction_ids.filtered(
            lambda tx: tx.operation == "refund" and tx.state == "draft" and not tx.invoice_ids
        )
        return self.payment_id._get_open_credit() + sum(asked.mapped("amount"))

    def _prepare_refund_values(self, **extra):
        """Return what Stripe is asked for.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        return {
            "payment_intent": self.source_transaction_id.provider_reference,
            "amount": to_minor_units(abs(self.amount), self.currency_id.name),
            "metadata": {"odoo_tx": self.reference, "odoo_db": self._get_stripe_database()},
            **extra,
        }

    def _get_refund_details(self):
        digits = self.currency_id.decimal_places
        return {
            "amount": f"{abs(self.amount):.{digits}f}",
            "currency": self.currency_id.name,
            "transaction": self.reference,
            "reason": self.state_message or "",
        }

    def _get_refund_text(self):
        return format_amount(self.env, abs(self.amount), self.currency_id)

    def _find_stripe_refund(self, provider, refund):
        """Return the transaction of one of Stripe's refunds.

        :param provider: The account.
        :param dict refund: As Stripe has it.
        :return: In sudo mode; empty for a refund that was made in Stripe's dashboard.
        :rtype: recordset of `payment.transaction`
        """
        # In sudo mode because Stripe tells it, and no user.
        ours = Domain("provider_id", "=", provider.id) & Domain("operation", "=", "refund")
        found = self.sudo().search(ours & Domain("provider_reference", "=", refund["id"]))
        metadata = refund.get("metadata") or {}
        if found or metadata.get("odoo_db") != self._get_stripe_database():
            return found
        free = Domain("provider_reference", "=", False)
        return self.sudo().search(ours & free & Domain("reference", "=", metadata.get("odoo_tx")))
