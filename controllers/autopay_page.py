from odoo.http import Controller, request, route

from .pay_page import render_page


class AutopayPage(Controller):
    """Where a customer skips a charge or pauses autopay, by the link of the notice and without logging in."""

    @route("/service/autopay/<string:signed>", type="http", auth="public", methods=["GET"], sitemap=False)
    def show(self, signed, **_parameters):
        """Say what is charged, and when.

        :param str signed: Which charge, as the mail has it.
        :return: The page.
        :rtype: Response
        :raise NotFound: If the link is worth nothing, or not any more.
        """
        return self._answer(self._find(signed))

    @route("/service/autopay/<string:signed>", type="http", auth="public", methods=["POST"], sitemap=False)
    def choose(self, signed, choice="", **_parameters):
        """Do what the customer wants.

        :param str choice: `skip`, `pause` or `resume`.
        :return: The page.
        :rtype: Response
        :raise NotFound: If the link is worth nothing, or not any more.
        """
        item_sudo = self._find(signed)
        item_sudo._choose(choice)
        return self._answer(item_sudo)

    def _find(self, signed):
        item_sudo = request.env["service.autopay.item"]._find_by_link(signed)
        if not item_sudo:
            raise request.not_found()
        partner_sudo = item_sudo.autopay_id.partner_id
        lang = partner_sudo.lang or item_sudo.company_id.partner_id.lang
        request.update_context(lang=lang)
        return item_sudo.with_context(lang=lang)

    def _answer(self, item_sudo):
        autopay_sudo = item_sudo.autopay_id
        values = {
            "company": item_sudo.company_id,
            "item": item_sudo,
            "autopay": autopay_sudo,
            "is_open": item_sudo._is_planned(),
            "card_path": autopay_sudo.partner_id._get_card_path(item_sudo.company_id),
        }
        return render_page("service_billing.autopay_page", values)
