from odoo.http import request, route

from .pay_account import PATH, PayAccount


class PayWallet(PayAccount):
    """The saved cards in the account area, for those who see all documents of the customer."""

    @route(f"{PATH}/cards/<int:card_id>", type="http", auth="public", methods=["POST"], sitemap=False)
    def change_card(self, card_id, choice="", **_parameters):
        """Remove a card, or charge it first from now on.

        :param int card_id: One of the visitor's cards; any other changes nothing.
        :param str choice: `remove` or `default`.
        :rtype: Response
        """
        customers_sudo = self._get_customers(self._get_contacts())
        card_sudo = customers_sudo._get_saved_cards().filtered(lambda token: token.id == card_id)
        if choice == "remove":
            card_sudo._remove()
        elif choice == "default" and card_sudo:
            card_sudo._set_default()
        return request.redirect(PATH)

    @route(f"{PATH}/autopay/<int:autopay_id>", type="http", auth="public", methods=["POST"], sitemap=False)
    def change_autopay(self, autopay_id, choice="", **_parameters):
        """Pause, resume or end autopay.

        :param int autopay_id: One of the visitor's consents; any other changes nothing.
        :param str choice: `pause`, `resume` or `end`.
        :rtype: Response
        """
        customers_sudo = self._get_customers(self._get_contacts())
        autopay_sudo = customers_sudo._get_autopays().filtered(lambda autopay: autopay.id == autopay_id)
        autopay_sudo._choose(choice)
        return request.redirect(PATH)

    def _get_customers(self, contacts_sudo):
        """Return the customers whose cards the visitor may change.

        :rtype: recordset of `res.partner`
        """
        return contacts_sudo.filtered(lambda contact: contact.billing_portal_role == "company").commercial_partner_id

    def _render(self, name, values, status=200):
        if name == "account_page":
            customers_sudo = self._get_customers(self._get_contacts())
            # In sudo mode because a visitor may not read the company.
            company_sudo = request.env.company.sudo()
            values = {
                "customers": customers_sudo,
                "can_save_card": bool(company_sudo._get_online_provider(company_sudo.currency_id)),
                **values,
            }
        return super()._render(name, values, status)
