import json

from odoo import api, models
from odoo.exceptions import UserError

from .service_billing_event import CONTENT


class ServiceBillingEvent(models.Model):
    """The export: what happened to a document, for whoever asks for proof."""

    _inherit = "service.billing.event"

    # === ACTION METHODS === #

    def action_export_json(self):
        """Download the events of the document that the list shows.

        :rtype: dict
        :raise UserError: If the list shows more than one document.
        """
        document = self._get_exported_document()
        return {
            "type": "ir.actions.act_url",
            "url": f"/service_billing/audit_trail/{document._name}/{document.id}",
            "target": "download",
        }

    def action_export_pdf(self):
        """Print the events of the document that the list shows.

        :rtype: dict
        :raise UserError: If the list shows more than one document.
        """
        events = self._get_trail(self._get_exported_document())
        return self.env.ref("service_billing.service_billing_event_action_print").report_action(events)

    # === GETTERS === #

    @api.model
    def _get_trail(self, document):
        """Return the events of a document, the first one first.

        :rtype: ServiceBillingEvent
        """
        return self.search([("res_model", "=", document._name), ("res_id", "=", document.id)], order="sequence")

    @api.model
    def _prepare_export(self, document):
        """Return the events of a document, with all that it takes to compute their hashes elsewhere.

        :param document: The document, which has events.
        :rtype: dict
        """
        return {
            "document": document.display_name,
            "intact": not self._find_broken(document)["broken"],
            "hash": "SHA-256 of previous_hash|sequence|payload, in UTF-8",
            "events": [self._prepare_exported_event(self._get_link(row)) for row in self._iterate_rows(document)],
        }

    @api.model
    def _prepare_exported_event(self, link):
        return {
            "sequence": link.sequence,
            **dict(zip(CONTENT, json.loads(link.payload), strict=True)),
            "previous_hash": link.previous_hash,
            "hash": link.hash,
            "payload": link.payload,
        }

    def _get_printed_chains(self):
        """Return the events by document, each document's first one first.

        :rtype: list[ServiceBillingEvent]
        """
        return list(self.sorted("sequence").grouped(lambda event: (event.res_model, event.res_id)).values())

    def _get_company(self):
        """Return the company whose letterhead the events are printed on.

        :rtype: ResCompany
        """
        # In sudo mode because the letterhead is printed for whoever may read the events.
        return self.env["res.company"].sudo().browse(self[:1].company_id)

    @api.model
    def _get_exported_document(self):
        self.check_access("read")
        document = self._get_shown_document()
        if not document:
            raise UserError(self.env._("Open the audit trail of one document first."))
        return document
