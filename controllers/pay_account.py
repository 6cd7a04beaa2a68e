from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import Controller, request, route
from odoo.tools import email_normalize

from ..models.logic.invoice_status import DUE
from ..models.pay.service_portal_device import DAYS
from .pay_page import render_page

PATH, COOKIE = "/service/account", "service_device"
QUARTER, DAY = 15 * 60, 24 * 60 * 60
CODES, CODES_A_DAY, CODES_PER_ADDRESS, TRIES_PER_ADDRESS = 3, 10, 20, 60
PAGE = 20


def find_page(count, asked):
    """Return the page of a list that is nearest to the one that was asked for.

    :param int count: How long the list is.
    :param str asked: A number, as it came with the address.
    :return: `number`, `count` of pages, and the `start` and `stop` of what is on it.
    :rtype: dict[str, int]
    """
    pages = max(1, -(-count // PAGE))
    number = min(max(int(asked) if asked.isdecimal() else 1, 1), pages)
    return {"number": number, "count": pages, "start": (number - 1) * PAGE, "stop": number * PAGE}


def find_device():
    """Return the device of the visitor, if it is remembered.

    :rtype: recordset of `service.portal.device`
    """
    return request.env["service.portal.device"]._recognize(request.cookies.get(COOKIE))


def find_contacts():
    """Return the contacts that the visitor is, logged in or on a device that is remembered.

    :return: In sudo mode; empty where the visitor is not known.
    :rtype: recordset of `res.partner`
    """
    user = request.env.user
    # In sudo mode because a customer reads little of contacts.
    contacts_sudo = request.env["res.partner"].sudo()
    if user._is_portal():
        return user.partner_id.sudo()
    device_sudo = find_device()
    return contacts_sudo._find_account_contacts(device_sudo.email) if device_sudo else contacts_sudo


class PayAccount(Controller):
    """The account area: all documents of a customer, for portal users and for whoever gets the contact's mails."""

    # === WAY IN === #

    @route(PATH, type="http", auth="public", methods=["GET"], sitemap=False)
    def show(self, page="1", group="", part="1", **_parameters):
        """Show what is open and what was; ask for an e-mail address where the visitor is not known.

        :param str page: Which page of all documents.
        :param str group: The key of a group of open invoices, of which
        :param str part: this page is shown; of all others the first.
        :rtype: Response
        """
        contacts_sudo = self._get_contacts()
        if not contacts_sudo:
            return self._render("account_email", {})
        return self._answer(contacts_sudo, page=page, parts={group: part})

    @route(PATH, type="http", auth="public", methods=["POST"], sitemap=False)
    def request_code(self, email="", **_parameters):
        """Have a code mailed to the contact on file; the answer is the same for every address.

        :param str email: What was typed.
        :rtype: Response
        """
        normalized = email_normalize(email)
        if not normalized:
            error = request.env._("Enter your e-mail address, such as name@example.com.")
            return self._render("account_email", {"error": error, "email": email}, 400)
        visitor = f"codes to {request.httprequest.remote_addr}"
        checks = (
            (visitor, CODES_PER_ADDRESS, QUARTER),
            (f"codes for {normalized}", CODES, QUARTER),
            (f"codes a day for {normalized}", CODES_A_DAY, DAY),
        )
        if all(request.env["service.portal.limit"]._allows(*check) for check in checks):
            request.env["service.portal.code"]._request(normalized)
        return self._render("account_code", {"email": normalized})

    @route(f"{PATH}/open", type="http", auth="public", methods=["POST"], sitemap=False)
    def open(self, email="", code="", **_parameters):
        """Open the account area with a code, and remember the device.

        :param str email: To whom the code was mailed.
        :param str code: What was typed.
        :rtype: Response
        """
        visitor = f"tries from {request.httprequest.remote_addr}"
        may_try = request.env["service.portal.limit"]._allows(visitor, TRIES_PER_ADDRESS, QUARTER)
        if not may_try or not request.env["service.portal.code"]._redeem(email, code):
            error = request.env._("This code is wrong, or no longer valid. Check it, or ask for a new one.")
            return self._render("account_code", {"error": error, "email": email}, 400)
        answer = request.redirect(PATH)
        answer.set_cookie(
            COOKIE,
            request.env["service.portal.device"]._remember(email),
            max_age=DAYS * DAY,
            path="/service",
            secure=request.httprequest.scheme == "https",
            httponly=True,
            samesite="Lax",
        )
        return answer

    @route(f"{PATH}/leave", type="http", auth="public", methods=["POST"], sitemap=False)
    def leave(self, **_parameters):
        """Forget the device.

        :rtype: Response
        """
        find_device().unlink()
        answer = request.redirect(PATH)
        answer.delete_cookie(COOKIE, path="/service")
        return answer

    # === INSIDE === #

    @route(f"{PATH}/documents/<int:document_id>", type="http", auth="public", methods=["GET"], sitemap=False)
    def open_document(self, document_id, **_parameters):
        """Lead to the page of a document that the visitor may see.

        :rtype: Response
        """
        found_sudo = self._search(self._get_contacts(), Domain("id", "=", document_id))
        return request.redirect(found_sudo._get_pay_path() if found_sudo else PATH)

    @route(f"{PATH}/pay", type="http", auth="public", methods=["POST"], sitemap=False)
    def pay(self, company="", customer="", currency="", **_parameters):
        """Lead to the hosted page that takes one payment for all that is open in a group.

        :param str company: To whom it is owed, as an id.
        :param str customer: Who owes it, as an id.
        :param str currency: In which currency, as an id.
        :rtype: Response
        """
        contacts_sudo = self._get_contacts()
        asked = [company, customer, currency]
        for group in self._get_open(contacts_sudo):
            if [str(group[name].id) for name in ("company", "customer", "currency")] == asked and group["payable"]:
                try:
                    with request.env.cr.savepoint():
                        address = group["payable"]._pay_all_online()
                except UserError as error:
                    return self._answer(contacts_sudo, status=400, error=str(error))
                return request.redirect(address, local=False)
        return request.redirect(PATH)

    # === WHO AND WHAT === #

    def _get_contacts(self):
        """Return the contacts whose documents the visitor may see, as they are on file now.

        :return: In sudo mode; empty where the visitor is not known.
        :rtype: recordset of `res.partner`
        """
        contacts_sudo = find_contacts()
        if contacts_sudo:
            request.update_context(lang=contacts_sudo[0].lang or request.env.lang)
        return contacts_sudo.with_env(request.env(su=True))

    def _search(self, contacts_sudo, domain, **options):
        moves_sudo = request.env["account.move"].sudo()
        if not contacts_sudo:
            return moves_sudo
        return moves_sudo.search(contacts_sudo._get_account_domain() & domain, **options)

    def _get_open(self, contacts_sudo):
        is_due = Domain("billing_status", "in", DUE)
        return self._search(contacts_sudo, is_due, order="invoice_date_due, id")._get_open_account()

    def _answer(self, contacts_sudo, *, page="1", parts=None, status=200, error=""):
        groups = self._get_open(contacts_sudo)
        for group in groups:
            group["pager"] = find_page(len(group["invoices"]), (parts or {}).get(group["key"], "1"))
        count = request.env["account.move"].sudo().search_count(contacts_sudo._get_account_domain())
        pager = find_page(count, page)
        values = {
            "contact": contacts_sudo[0],
            "groups": groups,
            "documents": self._search(
                contacts_sudo, Domain.TRUE, order="invoice_date desc, id desc", limit=PAGE, offset=pager["start"]
            ),
            "pager": pager,
            "is_remembered": request.env.user._is_public(),
            "error": error,
        }
        return self._render("account_page", values, status)

    def _render(self, name, values, status=200):
        # In sudo mode because a visitor may not read the company.
        company_sudo = request.env.company.sudo()
        return render_page(f"service_billing.{name}", {"company": company_sudo, "path": PATH, **values}, status)
