from odoo.http import Controller, content_disposition, request, route


class AuditTrail(Controller):
    @route("/service_billing/audit_trail/<string:model>/<int:document_id>", type="http", auth="user", methods=["GET"])
    def download(self, model, document_id):
        """Send the audit trail of a document as a JSON file.

        :raise NotFound: If there is none.
        :raise AccessError: If the user may not read the document or the audit trail.
        """
        events = request.env["service.billing.event"]
        events.check_access("read")
        document = request.env[model].browse(document_id).exists() if model in request.env else None
        if not document:
            raise request.not_found()
        document.check_access("read")
        name = f"{document.display_name} - {document_id}.json".replace("/", "_")
        return request.make_json_response(
            events._prepare_export(document), headers={"Content-Disposition": content_disposition(name)}
        )
