from odoo import api, fields, models
from odoo.fields import Domain

from .service_billing_profile import CYCLES, DAYS

CYCLE_FIELDS = {
    "billing_profile_id", "billing_cycle", "billing_cycle_day", "billing_cycle_anchor", "billing_cycle_summary",
}  # fmt: skip


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

    # billing cycle, in the company of the user
    billing_profile_id = fields.Many2one(
        comodel_name="service.billing.profile",
        compute="_compute_billing_profile",
        groups="service_billing.group_biller",
    )
    billing_cycle = fields.Selection(
        selection=CYCLES,
        compute="_compute_billing_profile",
        inverse="_inverse_billing_cycle",
        groups="service_billing.group_biller",
    )
    billing_cycle_day = fields.Selection(
        selection=DAYS,
        string="Billing Day",
        compute="_compute_billing_profile",
        inverse="_inverse_billing_cycle_day",
        groups="service_billing.group_biller",
    )
    billing_cycle_anchor = fields.Date(
        string="First Billing Day",
        compute="_compute_billing_profile",
        inverse="_inverse_billing_cycle_anchor",
        groups="service_billing.group_biller",
    )
    billing_cycle_summary = fields.Char(
        string="Cycle", compute="_compute_billing_profile", groups="service_billing.group_biller"
    )

    # === COMPUTE METHODS === #

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "lang")
    def _compute_billing_profile(self):
        profiles = self.env["service.billing.profile"].search(
            [("partner_id", "in", self.commercial_partner_id.ids), ("company_id", "=", self.env.company.id)]
        )
        profile_by_partner = {profile.partner_id: profile for profile in profiles}
        for partner in self:
            profile = profile_by_partner.get(partner.commercial_partner_id, profiles.browse())
            partner.billing_profile_id = profile
            partner.billing_cycle = profile.cycle or "none"
            partner.billing_cycle_day = profile.day
            partner.billing_cycle_anchor = profile.anchor
            partner.billing_cycle_summary = profile.summary

    def _inverse_billing_cycle(self):
        self._write_profile("billing_cycle", "cycle")

    def _inverse_billing_cycle_day(self):
        self._write_profile("billing_cycle_day", "day")

    def _inverse_billing_cycle_anchor(self):
        self._write_profile("billing_cycle_anchor", "anchor")

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

    # === CRUD METHODS === #

    def write(self, vals):
        res = super().write(vals)
        if vals.get("active") is False:
            self._pause_billing_cycles()
        if CYCLE_FIELDS & vals.keys():
            self.invalidate_recordset(CYCLE_FIELDS)
        return res

    # === ACTION METHODS === #

    def action_view_billing_profile(self):
        """Open the customer's billing cycle with all its settings.

        :rtype: dict
        """
        self.ensure_one()
        profile = self.billing_profile_id or self.env["service.billing.profile"].create(
            {"partner_id": self.commercial_partner_id.id}
        )
        return {**profile._get_records_action(name=self.env._("Billing Cycle")), "target": "new"}

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

    # === BUSINESS METHODS - CYCLE === #

    def _write_profile(self, own_name, name):
        """Take over a field of the customer's form into the billing cycle of the user's company."""
        values_by_partner = {partner.commercial_partner_id: partner[own_name] for partner in self}
        profiles = self.env["service.billing.profile"].search(
            [("partner_id", "in", self.commercial_partner_id.ids), ("company_id", "=", self.env.company.id)]
        )
        for profile in profiles:
            profile[name] = values_by_partner.pop(profile.partner_id)
        self.env["service.billing.profile"].create(
            [{"partner_id": partner.id, name: value} for partner, value in values_by_partner.items() if value]
        )

    def _pause_billing_cycles(self):
        """Pause the cycles of archived customers, and have somebody decide about the charges that are still open."""
        # In sudo mode because whoever archives a customer may not read charges, nor those of other companies.
        customers_sudo = self.sudo()
        self.env["service.billing.profile"].sudo().search([("partner_id", "in", self.ids)]).is_paused = True
        groups = (
            self.env["service.charge"]
            .sudo()
            ._read_group(
                [("commercial_partner_id", "in", self.ids), ("state", "in", ("pending", "open"))],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner, count in groups:
            (customers_sudo & partner).activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Archived with open charges"),
                note=self.env._("%(count)s charges are still open: bill them or waive them.", count=count),
                user_id=partner.user_id.id or self.env.uid,
            )

    # === GETTERS === #

    def _search_open_charges(self, company, until):
        """Return the customers' charges that a company can bill.

        :param company: The company that bills.
        :param date until: The last day whose charges count.
        :rtype: recordset of `service.charge`
        """
        domain = Domain("company_id", "in", company.ids) & Domain("date", "<=", until)
        return self.env["service.charge"].search(self._get_open_charges_domain() & domain)

    def _get_open_charges_domain(self):
        """Return the domain of the customers' charges that wait for an invoice.

        :rtype: Domain
        """
        return Domain("commercial_partner_id", "in", self.commercial_partner_id.ids) & Domain("state", "=", "open")
