from odoo.http import request, route

from .portal import ServiceBillingPortal


class DeliveryPortal(ServiceBillingPortal):
    @route()
    def portal_my_invoice_detail(
        self, invoice_id, access_token=None, report_type=None, download=False, *, delivery=None, **kw
    ):
        """Override of `account` to note who opened the document, where the recipient's own link says so."""
        delivery_sudo = find_delivery(invoice_id, delivery)
        request.update_context(billing_delivery_id=delivery_sudo.id)
        answer = super().portal_my_invoice_detail(
            invoice_id, access_token=access_token, report_type=report_type, download=download, **kw
        )
        if answer.status_code == 200 and request.httprequest.method == "GET":
            delivery_sudo._set_opened()
        return answer


def find_delivery(invoice_id, token):
    """Return the delivery whose link was followed; a colleague who follows it is not the recipient.

    :param int invoice_id: The document.
    :param str token: The recipient's own.
    :return: In sudo mode; empty where the link is nobody's own.
    :rtype: recordset of `service.delivery`
    """
    # In sudo mode because the visitor may not see deliveries; the token is the recipient's own.
    deliveries_sudo = request.env["service.delivery"].sudo()
    if not token or request.env.user._is_internal():
        return deliveries_sudo
    return deliveries_sudo.search([("access_token", "=", token), ("move_id", "=", invoice_id)])
