from odoo.http import request

from .pay_account import find_contacts
from .pay_page import PayPage


class PaySavedCard(PayPage):
    """Saved cards on the page of a document: for who is logged in, or opened the account area on this device, and sees
    all documents of the customer. The link alone shows no card."""

    def _start_payment(self, invoice_sudo, choice, amount, *, card="", keep="", **_parameters):
        """Override to charge a saved card, or to save the one that is entered."""
        if not invoice_sudo._is_page_of(find_contacts()):
            return invoice_sudo._pay_online(choice, amount)
        if card:
            return invoice_sudo._pay_online(choice, amount, card_id=int(card) if card.isdecimal() else 0)
        consent = {"consent_ip": request.httprequest.remote_addr} if keep else {}
        return invoice_sudo._pay_online(choice, amount, **consent)

    def _answer(self, invoice_sudo, token, **values):
        """Override to offer the saved cards, and to tell what became of the one that was charged."""
        if invoice_sudo._is_page_of(find_contacts()):
            values = {**invoice_sudo._get_pay_card_values(), **values}
        return super()._answer(invoice_sudo, token, **values)
