from odoo import api, models

from ..audit.service_billing_event_check import OTHER
from ..logic.invoice_event import FINALIZED


class ServiceBillingEvent(models.Model):
    _inherit = "service.billing.event"

    # === BUSINESS METHODS - CHECK === #

    @api.model
    def _find_changed(self, document):
        if document._name != "account.move":
            return super()._find_changed(document)
        event = self._get_trail(document).filtered(lambda event: event.kind == FINALIZED)[:1]
        if not event or event._get_details()["document_hash"] == document._get_printed_hash():
            return None
        return (document._name, document.id, event.sequence, OTHER)
