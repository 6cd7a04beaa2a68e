from odoo.http import request, route

from .portal import ServiceBillingPortal


class DeliveryPortal(ServiceBillingPortal):
    @route()
    def portal_my_invoice_detail(self, *args, delivery=None, **kwargs):
        """Override of `account` to note who opened the document, where the recipient's own link says so."""
        answer = super().portal_my_invoice_detail(*args, **kwargs)
        if delivery and answer.status_code == 200 and request.httprequest.method == "GET":
            self._note_opened(kwargs.get("invoice_id") or args[0], delivery)
        return answer

    def _note_opened(self, invoice_id, token):
        """Note that a recipient opened the page; a colleague who follows the link is not the recipient."""
        if request.env.user._is_internal():
            return
        # In sudo mode because the visitor may not see deliveries; the token is the recipient's own.
        deliveries_sudo = request.env["service.delivery"].sudo()
        deliveries_sudo.search([("access_token", "=", token), ("move_id", "=", invoice_id)])._set_opened()
