from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_open_charge_count = fields.Integer(
        compute="_compute_billing_open_charges", groups="service_billing.group_biller"
    )
    billing_open_charge_total = fields.Monetary(
        string="Open Charges",
        compute="_compute_billing_open_charges",
        currency_field="currency_id",
        groups="service_billing.group_biller",
        help="With taxes, in the company's currency at today's rate.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_billing_open_charges(self):
        groups = self.env["service.charge"]._read_group(
            self._get_open_charges_domain(),
            ["commercial_partner_id", "currency_id"],
            ["__count", "price_total:sum"],
        )
        company, today = self.env.company, fields.Date.context_today(self)
        totals = {}
        for partner, currency, count, total in groups:
            known = totals.get(partner, (0, 0.0))
            converted = currency._convert(total, company.currency_id, company, today)
            totals[partner] = (known[0] + count, known[1] + converted)
        for partner in self:
            count, total = totals.get(partner.commercial_partner_id, (0, 0.0))
            partner.billing_open_charge_count = count
            partner.billing_open_charge_total = total

    # === ACTION METHODS === #

    def action_view_open_charges(self):
        """Open the customer's charges that wait for an invoice.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_charge_action")
        return {
            **action,
            "domain": [("commercial_partner_id", "=", self.commercial_partner_id.id)],
            "context": {"search_default_open": 1, "default_partner_id": self.id},
        }

    def action_invoice_open_charges(self):
        """Ask for confirmation before all open charges of the customers become drafts.

        :rtype: dict
        :raise UserError: If there are none.
        """
        return self.env["service.charge"].search(self._get_open_charges_domain()).action_create_invoices()

    # === GETTERS === #

    def _get_open_charges_domain(self):
        """Return the domain of the customers' charges that wait for an invoice.

        :rtype: Domain
        """
        return Domain("commercial_partner_id", "in", self.commercial_partner_id.ids) & Domain("state", "=", "open")
