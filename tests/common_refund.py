from .common_jobs import performing_jobs
from .common_stripe import CARD, StripeCommon


class RefundCommon(StripeCommon):
    """Invoices that were paid by card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")
        cls.company.billing_collection = "online"

    def _sync(self, *types):
        """Apply the events that Stripe told of, of these types only if any is given."""
        received = self.env["service.stripe.event"].sudo()
        with performing_jobs():
            for event in self._get_events(*types):
                received |= self.receive(event)
        self.assertFalse(received.filtered(lambda event: event.state == "failed").mapped("reason"))
        return received

    def _pay_by_card(self, invoice, amount=None, card=CARD):
        """Let the customer pay on the hosted page, and return the transaction."""
        self.double.pay(invoice._start_checkout(amount or invoice.amount_residual), card)
        self._sync("payment_intent.succeeded")
        return invoice.sudo().transaction_ids.filtered(lambda tx: tx.state == "done").sorted("id")[-1]

    def _finalized_credit(self, invoice, price=None):
        """Return a finalized credit note of the biller's, over the whole invoice or a price."""
        credit_note = self._credit_invoice(invoice)
        if price:
            credit_note.invoice_line_ids[0].price_unit = price
        credit_note.action_billing_finalize()
        return credit_note

    def _paid_credit(self, *prices, credited=None, card=CARD):
        """Return an invoice that was paid by card, its transaction, and a credit note for it."""
        invoice = self._open_invoice(*prices)
        payment = self._pay_by_card(invoice, card=card)
        return invoice, payment, self._finalized_credit(invoice, credited)

    def _refund(self, credit_note, amount):
        """Let the biller refund, and the job do it."""
        with performing_jobs():
            return credit_note._start_refund(amount)
