from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

# How long the page waits for a bank's answer, and tells what it was.
PATIENCE = timedelta(minutes=1)
TOLD = timedelta(hours=1)


class AccountMove(models.Model):
    """Invoices that a customer whom we recognize pays with a saved card, without leaving the page."""

    _inherit = "account.move"

    # === BUSINESS METHODS - PAYING === #

    def _pay_by_card(self, card_id, amount):
        """Have a saved card of the customer charged, because the customer wants it now.

        Note: `self.ensure_one()`, in sudo mode.

        :param int card_id: The card; any that is not this customer's is refused.
        :param float amount: In the document's currency.
        :return: The path of the document's page, which tells what becomes of it.
        :rtype: str
        :raise UserError: If that cannot be paid; the sentence is for the customer.
        """
        self.ensure_one()
        self._check_checkout()
        amount = self._check_checkout_amount(amount)
        card = self._get_pay_cards().filtered(lambda token: token.id == card_id)
        if not card:
            raise UserError(self.env._("This card cannot be charged any more: choose another one."))
        self._attempt_card(card, amount, user_id=False, is_by_customer=True)
        return self._get_pay_path()

    # === GETTERS === #

    def _is_page_of(self, contacts):
        """Tell whether visitors see all documents of the customer, so that they may use the saved cards.

        Note: `self.ensure_one()`, in sudo mode.

        :param contacts: Who they are; empty where that is not known.
        :rtype: bool
        """
        self.ensure_one()
        return any(
            contact.commercial_partner_id == self.commercial_partner_id and contact.billing_portal_role == "company"
            for contact in contacts
        )

    def _get_pay_cards(self):
        provider = self.company_id._get_online_provider(self.currency_id)
        return self.env["payment.token"]._find_chargeable(provider, self.commercial_partner_id)

    def _get_pay_card_values(self):
        """Return what the page shows of saved cards.

        Note: `self.ensure_one()`, in sudo mode.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "cards": self._get_pay_cards(),
            "card_consent": self.env["payment.token"]._get_consent_text(self.company_id, self.partner_id),
            "card_notice": self._get_card_notice(),
        }

    def _get_card_notice(self):
        """Return why the card was not charged that the customer chose just now; nothing where it was, or is being.

        Note: `self.ensure_one()`, in sudo mode.

        :rtype: str
        """
        self.ensure_one()
        last = self._get_attempts()[:1]
        values = {"card": last.card}
        is_told = last.is_by_customer and fields.Datetime.now() - last.create_date < TOLD
        if not is_told or last.state not in ("failed", "needs_customer"):
            return ""
        if last.state == "needs_customer":
            return self.env._(
                "The bank wants you to confirm the payment with %(card)s: choose another card, and enter it once more "
                "on the next page.",
                **values,
            )
        return self.env._("%(card)s was declined, and nothing was charged: choose another card.", **values)

    def _is_card_being_charged(self):
        """Tell whether the answer of a bank is awaited, which takes seconds.

        Note: `self.ensure_one()`, in sudo mode.

        :rtype: bool
        """
        waiting = self._get_attempts().filtered(lambda attempt: attempt.state == "waiting")
        return any(fields.Datetime.now() - attempt.create_date < PATIENCE for attempt in waiting)
