from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from .pay_page import SECONDS, render_page

PAGES_PER_ADDRESS = 10


class CardPage(Controller):
    """Where a customer saves a card by a link, without logging in. It shows no card of anybody."""

    @route("/service/card/<string:signed>", type="http", auth="public", methods=["GET"], sitemap=False)
    def show(self, signed, saved=None, **_parameters):
        """Say what the customer agrees to.

        :param str signed: Who it is, as the mail has it.
        :param str saved: Set when the customer comes back from the hosted page.
        :return: The page.
        :rtype: Response
        :raise NotFound: If the link is worth nothing, or not any more.
        """
        partner_sudo, company_sudo = self._find(signed)
        return self._answer(partner_sudo, company_sudo, is_saved=bool(saved))

    @route("/service/card/<string:signed>", type="http", auth="public", methods=["POST"], sitemap=False)
    def save(self, signed, autopay=None, **_parameters):
        """Lead to the hosted page on which the card is saved.

        :param str autopay: Set where the customer agrees to be charged on each due date.
        :return: A redirection; the page again where no card can be saved now.
        :rtype: Response
        :raise NotFound: If the link is worth nothing, or not any more.
        """
        partner_sudo, company_sudo = self._find(signed)
        visitor = request.httprequest.remote_addr
        if not request.env["service.portal.limit"]._allows(f"card from {visitor}", PAGES_PER_ADDRESS, SECONDS):
            error = request.env._("Too many tries: please wait some minutes.")
            return self._answer(partner_sudo, company_sudo, error=error)
        try:
            with request.env.cr.savepoint():
                address = partner_sudo._start_card_setup(
                    company_sudo, f"/service/card/{signed}?saved=1", visitor, billing_is_autopay=bool(autopay)
                )
        except UserError as error:
            return self._answer(partner_sudo, company_sudo, error=str(error))
        return request.redirect(address, code=303, local=False)

    def _find(self, signed):
        partner_sudo, company_sudo = request.env["res.partner"]._find_by_card_link(signed)
        if not partner_sudo or not company_sudo:
            raise request.not_found()
        request.update_context(lang=partner_sudo.lang or company_sudo.partner_id.lang)
        return partner_sudo, company_sudo

    def _answer(self, partner_sudo, company_sudo, **values):
        consent = request.env["payment.token"]._get_consent_text(company_sudo, partner_sudo)
        autopay = request.env["service.autopay"]._get_consent_text(company_sudo, partner_sudo)
        values = {"company": company_sudo, "consent": consent, "autopay_consent": autopay, **values}
        return render_page("service_billing.card_page", values)
