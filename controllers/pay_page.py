import functools
import hashlib

from odoo.exceptions import UserError
from odoo.http import Controller, content_disposition, request, route
from odoo.tools import file_open

from .portal_delivery import find_delivery

FOLDER = "service_billing/static/src/portal"
SECONDS = 15 * 60
LINKS_PER_INVOICE, LINKS_PER_ADDRESS = 1, 10
# Only what comes with the page runs on it, and no other page learns its address, which is the key to it.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@functools.cache
def get_static_address(name):
    """Return the address of a file of the pages, another one whenever its content is another.

    :param str name: The file.
    :rtype: str
    """
    with file_open(f"{FOLDER}/{name}", "rb") as file:
        version = hashlib.sha256(file.read()).hexdigest()[:8]
    return f"/{FOLDER}/{name}?v={version}"


def render_page(template, values, status=200):
    """Answer with one of our slim pages.

    :param str template: The page.
    :param dict values: What it shows.
    :param int status: The HTTP status.
    :rtype: Response
    """
    lang = request.env["res.lang"]._get_data(code=request.env.lang or "en_US")
    values = {
        "page_lang": lang.code.replace("_", "-"),
        "direction": lang.direction,
        "style": get_static_address("portal.css"),
        "script": get_static_address("portal.js"),
        **values,
    }
    return request.render(template, values, status=status, headers=HEADERS)


class PayPage(Controller):
    """The page of one document, for whoever has its link: anonymous, and without any other data of the customer."""

    @route("/service/pay/<int:invoice_id>/<string:token>", type="http", auth="public", methods=["GET"], sitemap=False)
    def show(self, invoice_id, token, delivery=None, **_parameters):
        """Show the document and what can be paid of it.

        :return: The page; where the link is worth nothing, one that says so, whether or not there is such a document.
        :rtype: Response
        """
        invoice_sudo = self._find(invoice_id, token)
        if not invoice_sudo:
            return self._answer_not_found(invoice_id)
        delivery_sudo = find_delivery(invoice_id, delivery)
        invoice_sudo.with_context(billing_delivery_id=delivery_sudo.id)._log_viewed()
        delivery_sudo._set_opened()
        return self._answer(invoice_sudo, token)

    @route("/service/pay/<int:invoice_id>/<string:token>", type="http", auth="public", methods=["POST"], sitemap=False)
    def pay(self, invoice_id, token, *, choice="", amount="", **parameters):
        """Lead to the hosted page that takes the payment.

        :param str choice: What the customer wants to pay.
        :param str amount: What was typed, if it is another amount.
        :return: A redirection; the page again where the amount cannot be paid.
        :rtype: Response
        """
        invoice_sudo = self._find(invoice_id, token)
        if not invoice_sudo:
            return self._answer_not_found(invoice_id)
        try:
            with request.env.cr.savepoint():
                address = self._start_payment(invoice_sudo, choice, amount, **parameters)
        except UserError as error:
            return self._answer(invoice_sudo, token, status=400, error=str(error), choice=choice, typed=amount)
        return request.redirect(address, code=303, local=False)

    @route(
        "/service/pay/<int:invoice_id>/<string:token>/pdf", type="http", auth="public", methods=["GET"], sitemap=False
    )
    def download(self, invoice_id, token, **_parameters):
        """Send the document as it was sent, or as it would be.

        :rtype: Response
        """
        invoice_sudo = self._find(invoice_id, token)
        if not invoice_sudo:
            return self._answer_not_found(invoice_id)
        document = invoice_sudo._get_invoice_legal_documents("pdf", allow_fallback=True)
        headers = {
            "Content-Type": "application/pdf",
            "Content-Disposition": content_disposition(document["filename"]),
            "Cache-Control": "no-store",
        }
        return request.make_response(document["content"], list(headers.items()))

    @route("/service/pay/<int:invoice_id>/request", type="http", auth="public", methods=["POST"], sitemap=False)
    def request_link(self, invoice_id, **_parameters):
        """Have a new link mailed to the contact on file. The answer is the same whether or not there is such a
        document.

        :rtype: Response
        """
        limits = request.env["service.portal.limit"]
        if limits._allows(f"link:{invoice_id}", LINKS_PER_INVOICE, SECONDS) and limits._allows(
            f"link from {request.httprequest.remote_addr}", LINKS_PER_ADDRESS, SECONDS
        ):
            request.env["account.move"].browse(invoice_id)._request_link()
        return render_page("service_billing.pay_page_requested", {})

    def _start_payment(self, invoice_sudo, choice, amount, **_parameters):
        """Start what the customer chose. Later files add other ways.

        :return: Where it goes on.
        :rtype: str
        :raise UserError: If that cannot be paid; the sentence is for the customer.
        """
        return invoice_sudo._pay_online(choice, amount)

    def _find(self, invoice_id, token):
        invoice_sudo = request.env["account.move"]._find_by_link(invoice_id, token)
        if invoice_sudo:
            request.update_context(lang=invoice_sudo.env.lang)
        return invoice_sudo

    def _answer(self, invoice_sudo, token, *, status=200, **extra):
        values = {**invoice_sudo._get_pay_page_values(), "path": f"/service/pay/{invoice_sudo.id}/{token}", **extra}
        return render_page("service_billing.pay_page", values, status)

    def _answer_not_found(self, invoice_id):
        return render_page("service_billing.pay_page_not_found", {"invoice_id": invoice_id}, 404)
