import math
from hashlib import sha256

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_amount

from ..logic.stripe_amount import chargeable_amount
from ..settings.row_lock import touch_rows
from .stripe_mismatch import StripeMismatchError


class AccountMove(models.Model):
    """Invoices that a customer pays on Stripe's page: one open page for one payment, and never more than is due."""

    _inherit = "account.move"

    # === BUSINESS METHODS - CHECKOUT === #

    def _start_checkout(self, amount, *, consent_ip=None):
        """Lead the customer to the hosted page, which is made now, or is the one that is open for this already.

        :param float amount: What is paid, in the currency of the invoices.
        :param str consent_ip: From where the customer agreed that the card is kept; never for who is not recognized.
        :return: The address to go to; the invoice's own page where a payment came in meanwhile.
        :rtype: str
        :raise UserError: If that cannot be paid online; the sentence is for the customer.
        """
        # In sudo mode because whoever has the link may pay, and nobody else calls this.
        invoices_sudo = self.sudo()
        touch_rows(invoices_sudo)
        provider_sudo = invoices_sudo._check_checkout()
        with provider_sudo._explaining_stripe():
            known_sudo = invoices_sudo._refresh_checkouts()
            if any(tx.state not in ("draft", "cancel") for tx in known_sudo):
                return f"{provider_sudo.get_base_url()}{invoices_sudo._get_checkout_landing()}"
            amount = invoices_sudo._check_checkout_amount(amount)
            consent = invoices_sudo._prepare_consent_values(consent_ip) if consent_ip else {}
            values = invoices_sudo._prepare_checkout_transaction_values(provider_sudo, amount, **consent)
            same = known_sudo.filtered(
                lambda tx: tx.state == "draft" and tx.billing_checkout_scope == values["billing_checkout_scope"]
            )
            return (same or known_sudo.create(values))._get_checkout_url()

    def _check_checkout(self):
        """Make sure that the invoices can be paid online, and in one payment.

        :return: The provider that takes the money.
        :rtype: recordset of `payment.provider`
        :raise UserError: If they cannot.
        """
        if not self or any(len(self[name]) > 1 for name in ("company_id", "currency_id", "commercial_partner_id")):
            raise UserError(self.env._("Choose invoices of one customer and one currency."))
        if self._is_payment_on_its_way():
            raise UserError(self.env._("A payment is being processed: please wait until it is there."))
        provider = self.company_id._get_online_provider(self.currency_id)
        for invoice in self:
            if not provider or not invoice._has_to_be_paid():
                raise UserError(self.env._("%(number)s cannot be paid online.", number=invoice.display_name))
        return provider

    def _check_checkout_amount(self, amount):
        """Return the amount that is charged, never more than is due.

        :raise UserError: If it is more than that, or nothing.
        """
        due = self._get_amount_payable()
        currency = self.currency_id
        is_amount = math.isfinite(amount) and currency.compare_amounts(amount, 0.0) > 0
        charged = chargeable_amount(currency.round(amount), currency.name) if is_amount else 0.0
        if not charged or currency.compare_amounts(charged, due) > 0:
            raise UserError(
                self.env._("Enter an amount up to %(amount)s.", amount=format_amount(self.env, due, currency))
            )
        return charged

    def _refresh_checkouts(self):
        """Look what became of the open pages of the invoices, in case nobody told us.

        :return: The transactions of the pages, draft where the page is still open.
        :rtype: recordset of `payment.transaction`
        """
        transactions = self._get_open_checkouts()
        for tx in transactions:
            try:
                tx._refresh_checkout()
            except StripeMismatchError:
                # Its event tells whoever is responsible.
                continue
        # So that the database knows which pages are over before another one is made.
        transactions.flush_recordset()
        return transactions

    def _expire_checkouts(self):
        """Close all open pages of the invoices, in jobs: they cannot be paid online any more."""
        self._get_open_checkouts()._expire_checkouts()

    def _update_paid_by(self):
        """Look also whether open pages ask for more than is due now."""
        super()._update_paid_by()
        self._get_open_checkouts()._expire_checkouts(only_excess=True)

    # === GETTERS === #

    def _is_payable_online(self):
        """Tell whether the customer can pay the invoice online now.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self._has_to_be_paid() and bool(self.company_id._get_online_provider(self.currency_id))

    def _is_payment_on_its_way(self):
        """Tell whether money of a customer is on its way, so that nobody pays a second time.

        :rtype: bool
        """
        # In sudo mode because whoever may pay the invoice may not read the payments of others.
        return any(
            tx.state in ("pending", "authorized") or (tx.state == "done" and not tx.is_post_processed)
            for tx in self.sudo().transaction_ids
            if tx.provider_code not in ("none", "custom")
        )

    def _get_amount_payable(self):
        """Return what is left to pay of the invoices, which are of one currency.

        :rtype: float
        """
        return sum(invoice.amount_residual for invoice in self if invoice.state == "posted")

    def _get_open_checkouts(self):
        """Return the transactions of the invoices that wait for the customer on a hosted page.

        :return: In sudo mode.
        :rtype: recordset of `payment.transaction`
        """
        # In sudo mode because whoever pays or records a payment need not read the payments of others.
        is_open = Domain("state", "=", "draft") & Domain("billing_checkout_ref", "!=", False)
        return self.env["payment.transaction"].sudo().search(is_open & Domain("invoice_ids", "in", self.ids))

    def _get_checkout_landing(self):
        """Return the path to which the customer comes back from the hosted page.

        :rtype: str
        """
        return self._get_pay_path() if len(self) == 1 else "/service/account"

    def _prepare_consent_values(self, ip_address):
        """Return what is kept of a customer's consent to save the card.

        :rtype: dict
        """
        text = self.env["payment.token"]._get_consent_text(self.company_id, self[:1].partner_id)
        return {"tokenize": True, "billing_consent_text": text, "billing_consent_ip": ip_address}

    def _prepare_checkout_transaction_values(self, provider, amount, **extra):
        """Return what a transaction is made of.

        :param provider: Who takes the money.
        :param float amount: In the currency of the invoices.
        :rtype: dict
        """
        scope = [provider.id, sorted(self.ids), self.currency_id.name, amount, bool(extra.get("tokenize"))]
        return {
            "provider_id": provider.id,
            "payment_method_id": self.env.ref("payment.payment_method_card").id,
            "amount": amount,
            "currency_id": self.currency_id.id,
            "partner_id": self[:1].partner_id.id,
            "invoice_ids": [Command.set(self.ids)],
            "operation": "online_redirect",
            "landing_route": self._get_checkout_landing(),
            "billing_checkout_scope": sha256(str(scope).encode()).hexdigest(),
            **extra,
        }
