from odoo.fields import Command

from .print_common import PrintCommon

WHITE_PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="


class TemplateCommon(PrintCommon):
    """A template with everything that one can have, and a draft to use it on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = (
            cls.env["service.invoice.template"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "Contracts",
                    "layout_id": cls.env.ref("web.report_layout_boxed").id,
                    "primary_color": "#1f4e79",
                    "secondary_color": "#c55a11",
                    "logo": WHITE_PIXEL,
                    "footer": "<p>Court of registration 4711</p>",
                    "payment_term_id": cls.pay_terms_b.id,
                    "note": "<p>Thank you for your contract.</p>",
                    "line_ids": [
                        Command.create({"display_type": "line_section", "name": "Contract"}),
                        Command.create({"product_id": cls.service.id, "quantity": 2}),
                        Command.create({"name": "Flat rate for travel", "price_unit": 35.0}),
                    ],
                    "field_ids": [
                        Command.create({"name": "Cost centre"}),
                        Command.create({"name": "Approved", "kind": "boolean"}),
                        Command.create({"name": "Valid until", "kind": "date"}),
                        Command.create({"name": "Site", "kind": "selection", "choices": "North\nSouth"}),
                    ],
                }
            )
        )
        cls.keys = cls.template.field_ids.mapped("key")

    def _draft(self, **values):
        lines = [Command.create({"name": "Maintenance", "price_unit": 100.0, "tax_ids": [Command.clear()]})]
        return (
            self.env["account.move"]
            .with_user(self.biller)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": lines,
                    **values,
                }
            )
        )

    def _use(self, draft, template=None):
        action = draft.action_billing_choose_template()
        template = (template or self.template).with_user(self.biller).with_context(**action["context"])
        return template.action_use()

    def _get_html(self, invoice):
        self.env.flush_all()
        self.env.invalidate_all()
        reports = self.env["ir.actions.report"].with_user(self.biller)
        return reports._render_qweb_html("account.account_invoices", invoice.ids)[0]
