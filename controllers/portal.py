from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.account.controllers.portal import PortalAccount


class ServiceBillingPortal(PortalAccount):
    def _document_check_access(self, model_name, document_id, access_token=None):
        """Hide documents that are not finalized from everyone who may not read them anyway: a link is not enough. Hide
        the mirrors of void documents from customers.

        :raise NotFound: If the document is one of those.
        """
        if model_name == "account.move" and self._is_hidden(request.env[model_name].browse(document_id)):
            raise request.not_found()
        return super()._document_check_access(model_name, document_id, access_token)

    @route()
    def portal_my_invoice_detail(self, invoice_id, access_token=None, report_type=None, download=False, **kw):
        response = super().portal_my_invoice_detail(
            invoice_id, access_token=access_token, report_type=report_type, download=download, **kw
        )
        if request.httprequest.method == "GET" and response.status_code == 200:
            # In sudo mode because the visitor was let in, by rights or by the link.
            request.env["account.move"].sudo().browse(invoice_id)._log_viewed()
        return response

    def _get_invoices_domain(self, m_type=None):
        """Leave out the mirrors of void documents: they are for the books."""
        return Domain(super()._get_invoices_domain(m_type)) & Domain("billing_origin_move_id", "=", False)

    def _is_hidden(self, move):
        # In sudo mode because the visitor may not know what kind of document it is.
        move_sudo = move.sudo().exists()
        if not move_sudo.billing_managed:
            return False
        is_mirror = move_sudo._is_mirror() and not request.env.user._is_internal()
        return is_mirror or (move_sudo.state != "posted" and not move.has_access("read"))
