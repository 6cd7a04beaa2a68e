from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

HOURS_OF_A_FORGOTTEN_TIMER = 12
# name -> the youngest and the oldest age in days
AGES = {"day": (0, 1), "week": (2, 7), "month": (8, 30), "older": (31, None)}


class ServiceBillingRadar(models.TransientModel):
    """What was worked and not billed, by age, and what never reached the charges."""

    _name = "service.billing.radar"
    _description = "Unbilled Work"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    open_count = fields.Integer(compute="_compute_charges")
    open_total = fields.Monetary(compute="_compute_charges")
    day_count = fields.Integer(compute="_compute_charges")
    day_total = fields.Monetary(compute="_compute_charges")
    week_count = fields.Integer(compute="_compute_charges")
    week_total = fields.Monetary(compute="_compute_charges")
    month_count = fields.Integer(compute="_compute_charges")
    month_total = fields.Monetary(compute="_compute_charges")
    older_count = fields.Integer(compute="_compute_charges")
    older_total = fields.Monetary(compute="_compute_charges")
    draft_count = fields.Integer(compute="_compute_work")
    uncharged_count = fields.Integer(compute="_compute_work")
    timer_count = fields.Integer(compute="_compute_work")

    # === COMPUTE METHODS === #

    def _compute_display_name(self):
        self.display_name = self.env._("Unbilled Work")

    @api.depends("company_id")
    def _compute_charges(self):
        for radar in self:
            radar.open_count, radar.open_total = 0, 0.0
            for name in AGES:
                count, total = radar._get_sums(radar._get_charges_domain(name))
                radar[f"{name}_count"], radar[f"{name}_total"] = count, total
                radar.open_count += count
                radar.open_total += total

    @api.depends("company_id")
    def _compute_work(self):
        for radar in self:
            radar.draft_count = self.env["account.move"].search_count(radar._get_drafts_domain())
            radar.uncharged_count = self.env["service.order"].search_count(radar._get_uncharged_domain())
            radar.timer_count = self.env["service.order.line"].search_count(radar._get_timers_domain())

    # === ACTION METHODS === #

    def action_view_charges(self):
        """Open the open charges of the age that the button's context names.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_charge_action")
        domain = self._get_charges_domain(self.env.context.get("age"))
        return {**action, "name": self.env._("Unbilled Charges"), "domain": list(domain), "context": {"create": False}}

    def action_view_drafts(self):
        """Open the drafts that wait to be finalized.

        :rtype: dict
        """
        self.ensure_one()
        drafts = self.env["account.move"].search(self._get_drafts_domain())
        return self._open(drafts, name=self.env._("Drafts"))

    def action_view_uncharged_orders(self):
        """Open the finished orders that made no charge.

        :rtype: dict
        """
        self.ensure_one()
        orders = self.env["service.order"].search(self._get_uncharged_domain())
        return self._open(orders, name=self.env._("Done Without a Charge"))

    def action_view_timers(self):
        """Open the orders on which a timer runs that somebody must have forgotten.

        :rtype: dict
        """
        self.ensure_one()
        lines = self.env["service.order.line"].search(self._get_timers_domain())
        return self._open(lines.order_id, name=self.env._("Forgotten Timers"))

    def action_bill(self):
        """Preview a billing run over all that is open.

        :rtype: dict
        :raise UserError: If nothing is.
        """
        self.ensure_one()
        run = self.env["service.billing.run"].create({"company_id": self.company_id.id})
        run.action_preview()
        if not run.line_ids:
            raise UserError(self.env._("Nothing is due: what is open waits for its customers' billing days."))
        return run._get_records_action(name=run.name)

    # === GETTERS === #

    def _open(self, records, *, name):
        """Return the action that opens records, without any an empty list."""
        empty = {} if records else {"views": [(False, "list"), (False, "form")], "domain": [("id", "in", [])]}
        return records._get_records_action(name=name, context={"create": False}, **empty)

    def _get_sums(self, domain):
        """Return how many charges there are and what they amount to, in company currency at today's rate.

        :rtype: tuple[int, float]
        """
        today = self.company_id._get_billing_today()
        groups = self.env["service.charge"]._read_group(domain, ["currency_id"], ["__count", "price_total:sum"])
        return (
            sum(count for _currency, count, _total in groups),
            sum(currency._convert(total, self.currency_id, self.company_id, today) for currency, _n, total in groups),
        )

    def _get_charges_domain(self, age=None):
        """Return the domain of the open charges of an age.

        :param str age: One of `AGES`; nothing for all.
        :rtype: Domain
        """
        domain = Domain("company_id", "=", self.company_id.id) & Domain("state", "=", "open")
        if age not in AGES:
            return domain
        today = self.company_id._get_billing_today()
        youngest, oldest = AGES[age]
        if youngest:
            domain &= Domain("date", "<=", fields.Date.subtract(today, days=youngest))
        if oldest:
            domain &= Domain("date", ">=", fields.Date.subtract(today, days=oldest))
        return domain

    def _get_drafts_domain(self):
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "draft")
            & Domain("move_type", "=", "out_invoice")
        )

    def _get_uncharged_domain(self):
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "done")
            & Domain("charge_ids", "=", False)
        )

    def _get_timers_domain(self):
        started_before = fields.Datetime.subtract(fields.Datetime.now(), hours=HOURS_OF_A_FORGOTTEN_TIMER)
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("stopped_at", "=", False)
            & Domain("started_at", "<", started_before)
        )
