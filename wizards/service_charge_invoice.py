from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_amount


class ServiceChargeInvoice(models.TransientModel):
    _name = "service.charge.invoice"
    _description = "Draft Invoices from Charges"

    charge_ids = fields.Many2many("service.charge", required=True, readonly=True)
    charge_count = fields.Integer(compute="_compute_totals")
    invoice_count = fields.Integer(compute="_compute_totals")
    total_text = fields.Char(string="Total", compute="_compute_totals")

    # === COMPUTE METHODS === #

    @api.depends("charge_ids")
    def _compute_totals(self):
        for wizard in self:
            drafts = wizard.charge_ids.grouped(lambda charge: charge._get_invoice_grouping_key()).values()
            totals = defaultdict(float)
            for charges in drafts:
                totals[charges._get_document_currency()] += charges._get_document_totals()[1]
            wizard.charge_count = len(wizard.charge_ids)
            wizard.invoice_count = len(drafts)
            wizard.total_text = " + ".join(
                format_amount(self.env, total, currency) for currency, total in totals.items()
            )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Draft the invoices of exactly the charges that were shown, and open them.

        :rtype: dict
        """
        self.ensure_one()
        return self.charge_ids._create_invoices()._get_records_action(name=self.env._("Drafts"))
