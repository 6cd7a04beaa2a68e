from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


class ServiceBillingPortal(PortalAccount):
    def _document_check_access(self, model_name, document_id, access_token=None):
        """Hide documents that are not finalized from everyone who may not read them anyway: a link is not enough.

        :raise NotFound: If the document is one of those.
        """
        if model_name == "account.move" and self._is_hidden(request.env[model_name].browse(document_id)):
            raise request.not_found()
        return super()._document_check_access(model_name, document_id, access_token)

    def _is_hidden(self, move):
        # In sudo mode because the visitor may not know what kind of document it is.
        move_sudo = move.sudo().exists()
        return move_sudo.billing_managed and move_sudo.state != "posted" and not move.has_access("read")
