import csv
import io
import json
import zipfile

from odoo import models
from odoo.fields import Domain

DELIVERY_FIELDS = ("kind", "method", "email", "state", "asked_at", "sent_at", "opened_at", "subject")


class ServiceDispute(models.Model):
    """The evidence: all that shows that the work was done, billed and received, in one file for the bank."""

    _inherit = "service.dispute"

    # === ACTION METHODS === #

    def action_evidence(self):
        """Gather the evidence, keep it with the dispute and download it.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        self.move_ids.check_access("read")
        attachment = self._create_evidence()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    # === BUSINESS METHODS - EVIDENCE === #

    def _create_evidence(self):
        """Return the file with the evidence as it is now.

        Note: `self.ensure_one()`

        :rtype: recordset of `ir.attachment`
        """
        self.ensure_one()
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self._iterate_evidence():
                archive.writestr(name, data)
        # In sudo mode to keep it with the dispute, which nobody writes by hand.
        attachments_sudo = self.env["ir.attachment"].sudo()
        return attachments_sudo.create(
            {
                "name": self.env._("Evidence %(ref)s.zip", ref=self.dispute_ref),
                "raw": content.getvalue(),
                "mimetype": "application/zip",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    # === GETTERS === #

    def _iterate_evidence(self):
        """Return the files of the evidence.

        :return: Name and content of each.
        :rtype: iterator of tuple[str, bytes]
        """
        yield "payment.json", _to_json(self._prepare_payment_evidence())
        for invoice in self.move_ids:
            folder = _to_name(invoice.name)
            yield f"{folder}/{folder}.pdf", self._get_invoice_pdf(invoice)
            yield f"{folder}/audit-trail.json", _to_json(self.env["service.billing.event"]._prepare_export(invoice))
            yield from self._iterate_mails(folder, invoice.billing_delivery_ids)
            yield from self._iterate_attachments(f"{folder}/files", invoice)
            for order in invoice.service_order_ids:
                yield from self._iterate_order(f"{folder}/{_to_name(order.name)}", order)

    def _iterate_mails(self, folder, deliveries):
        rows = io.StringIO()
        writer = csv.writer(rows)
        writer.writerow(deliveries._fields[name]._description_string(self.env) for name in DELIVERY_FIELDS)
        for delivery in deliveries.sorted("id"):
            writer.writerow([delivery[name] or "" for name in DELIVERY_FIELDS])
            if delivery.body:
                yield f"{folder}/mails/{delivery.id}.html", delivery.body.encode()
        yield f"{folder}/mails.csv", rows.getvalue().encode()

    def _iterate_order(self, folder, order):
        report = "service_billing.report_service_order"
        yield f"{folder}/report.pdf", self.env["ir.actions.report"]._render_qweb_pdf(report, order.ids)[0]
        yield from self._iterate_attachments(folder, order)

    def _iterate_attachments(self, folder, record):
        of_record = Domain("res_model", "=", record._name) & Domain("res_id", "=", record.id)
        attachments = self.env["ir.attachment"].search(of_record & Domain("type", "=", "binary"), order="id")
        for attachment in attachments:
            if attachment.raw:
                yield f"{folder}/{attachment.id}-{_to_name(attachment.name)}", attachment.raw

    def _get_invoice_pdf(self, invoice):
        kept = invoice.invoice_pdf_report_id.raw
        return kept or self.env["ir.actions.report"]._render_qweb_pdf("account.account_invoices", invoice.ids)[0]

    def _prepare_payment_evidence(self):
        """Return what is known of the disputed payment.

        :rtype: dict
        """
        # In sudo mode to read the payment, which whoever answers the bank need not reach.
        tx_sudo = self.sudo().transaction_id
        return {
            "dispute": self.dispute_ref,
            "reason": self.reason,
            "amount": f"{self.amount:.{self.currency_id.decimal_places}f}",
            "currency": self.currency_id.name,
            "customer": self.partner_id.name,
            "email": tx_sudo.partner_email,
            "payment": tx_sudo.reference,
            "payment_intent": tx_sudo.provider_reference,
            "charge": tx_sudo.billing_charge_ref,
            "paid_at": str(tx_sudo.billing_paid_at or ""),
            "invoices": self.move_ids.mapped("name"),
        }


def _to_json(content):
    return json.dumps(content, indent=2, ensure_ascii=False).encode()


def _to_name(name):
    """Return a name that is a file's everywhere."""
    return "".join(char if char.isalnum() or char in "-_. " else "_" for char in name or "").strip(". ") or "_"
