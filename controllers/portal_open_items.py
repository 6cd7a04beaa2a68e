from odoo.fields import Domain
from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


class OpenItemPortal(PortalAccount):
    """What the customer has to pay now, by the same answer as everywhere else."""

    def _invoice_get_page_view_values(self, invoice, access_token, **kwargs):
        values = super()._invoice_get_page_view_values(invoice, access_token, **kwargs)
        # In sudo mode because whoever may see the invoice may see when it is due.
        return {**values, "open_items": invoice.sudo().billing_open_item_ids}

    def _get_overdue_invoices_domain(self, partner_id=None):
        others = Domain(super()._get_overdue_invoices_domain(partner_id)) & Domain("billing_managed", "=", False)
        partner_id = partner_id or request.env.user.partner_id.id
        return list(others | (Domain("billing_overdue", "=", True) & Domain("partner_id", "=", partner_id)))
