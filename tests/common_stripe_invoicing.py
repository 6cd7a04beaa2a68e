from datetime import date

from .common_jobs import performing_jobs
from .common_stripe import CARD, StripeCommon


class StripeInvoicingCommon(StripeCommon):
    """A company whose invoices stand in Stripe Invoicing too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_second_company()
        cls.company.billing_collection = "online"
        cls.company.billing_stripe_invoicing = True

    # === STEPS === #

    def _finalize(self, *prices, **values):
        """Return an invoice that was finalized, with its jobs performed."""
        with performing_jobs():
            invoice = self._open_invoice(*prices, **values)
        self.env.invalidate_all()
        return invoice

    def _get_row(self, invoice):
        return self.env["service.stripe.invoice"].search([("move_id", "=", invoice.id)])

    def _get_at_stripe(self):
        """Return the one invoice that Stripe has."""
        [made] = self.double.find("invoice")
        return made

    def _pay_by_bank(self, invoice, amount):
        with performing_jobs():
            invoice._register_payment(amount=amount, payment_date=date.today())
        self.env.invalidate_all()

    def _pay_at_stripe(self, card=CARD):
        self.double.pay(self._get_at_stripe()["hosted_invoice_url"], card)

    def _apply(self, *events):
        with performing_jobs():
            for event in events:
                self.receive(event)
        self.env.invalidate_all()
        return self.env["service.stripe.event"].search([("event_ref", "in", [event["id"] for event in events])])

    def _sync(self, row):
        with performing_jobs():
            row._enqueue()
        self.env.invalidate_all()

    def _count_payments(self):
        return self.env["account.payment"].search_count([("partner_id", "=", self.customer.id)])
