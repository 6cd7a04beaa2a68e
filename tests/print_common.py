import io

from lxml import html
from pypdf import PdfReader

from odoo.fields import Command

from .common import ServiceBillingCommon

INVOICE_REPORT = "account.account_invoices"


class PrintCommon(ServiceBillingCommon):
    """Documents are printed by the engine that prints them for customers, and read back from the PDF."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        cls.tax_of_ten = cls.tax_sale_a.copy(
            {
                "name": "Ten",
                "amount": 10,
                "invoice_label": "Ten",
                "tax_group_id": cls.tax_sale_a.tax_group_id.copy({"name": "Ten"}).id,
            }
        )

    @classmethod
    def _worked_order(cls, *, billing_decision="billable", **values):
        """Return a done order: 1:07 hours on the clock, billed as 1:15, and two valves that are billed as decided."""
        order = cls._create_order(**values)
        cls._work_order(order, hours=0, parts=2)
        order.line_ids.billing_decision = billing_decision
        order.with_user(cls.technician).line_ids = [
            Command.create({"kind": "labor", "started_at": "2026-11-20 08:04:00", "stopped_at": "2026-11-20 09:11:00"})
        ]
        order.with_user(cls.technician).action_done()
        return order

    @classmethod
    def _create_invoice_of(cls, lines, *, discount=0, move=None):
        """Return a finalized invoice that the biller wrote by hand.

        :param list lines: (name, price, tax)
        """
        commands = [
            Command.create({"name": name, "price_unit": price, "discount": discount, "tax_ids": [Command.set(tax.ids)]})
            for name, price, tax in lines
        ]
        values = {
            "move_type": "out_invoice",
            "partner_id": cls.customer.id,
            "invoice_line_ids": commands,
            **(move or {}),
        }
        invoice = cls.env["account.move"].with_user(cls.biller).create(values)
        invoice.action_billing_finalize()
        return invoice

    @classmethod
    def _load_french(cls):
        cls.env["res.lang"]._activate_lang("fr_FR")
        modules = cls.env["ir.module.module"].search([("name", "in", ("base", "web", "account", "service_billing"))])
        modules._update_translations(["fr_FR"])

    @classmethod
    def _print(cls, records, report=INVOICE_REPORT, *, user=None):
        """Return the PDF of the records, printed by a user with their own rights; the biller by default."""
        cls.env.flush_all()
        cls.env.invalidate_all()
        reports = cls.env["ir.actions.report"].with_user(user or cls.biller).with_context(force_report_rendering=True)
        content, _kind = reports._render_qweb_pdf(report, records.ids)
        return PdfReader(io.BytesIO(content))

    @classmethod
    def _print_pages(cls, records, report=INVOICE_REPORT, *, user=None):
        """Return the text of each page, white space made even."""
        pages = cls._print(records, report, user=user).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    @classmethod
    def _print_text(cls, records, report=INVOICE_REPORT, *, user=None):
        return " ".join(cls._print_pages(records, report, user=user))

    @classmethod
    def _count_pictures(cls, records, report=INVOICE_REPORT, *, user=None):
        return sum(len(page.images) for page in cls._print(records, report, user=user).pages)

    @classmethod
    def _print_html(cls, records, report=INVOICE_REPORT):
        reports = cls.env["ir.actions.report"].with_user(cls.biller)
        return html.document_fromstring(reports._render_qweb_html(report, records.ids)[0])
