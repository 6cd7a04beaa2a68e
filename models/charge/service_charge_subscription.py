from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import unique

from ..logic.billing_period import Period


class ServiceCharge(models.Model):
    """Charges of subscriptions: for each line and each part of a period one."""

    _inherit = "service.charge"

    kind = fields.Selection(selection_add=[("recurring", "Recurring")], ondelete={"recurring": "set default"})
    subscription_line_id = fields.Many2one(
        comodel_name="service.subscription.line",
        ondelete="restrict",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    subscription_id = fields.Many2one(
        related="subscription_line_id.subscription_id", store=True, index="btree_not_null"
    )
    period_start = fields.Date(string="From", readonly=True, copy=False)
    period_stop = fields.Date(string="To", readonly=True, copy=False)

    _subscription_uniq = models.UniqueIndex(
        "(subscription_line_id, period_start, COALESCE(revision, 0)) WHERE subscription_line_id IS NOT NULL",
        "This period is charged already.",
    )
    _period_ends_after_start = models.Constraint(
        "CHECK(period_stop >= period_start)", "A period cannot end before it starts."
    )

    # === COMPUTE METHODS === #

    @api.depends("subscription_id")
    def _compute_source(self):
        super()._compute_source()
        for charge in self.filtered("subscription_id"):
            charge.source = charge.subscription_id.name

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su:
            self._check_subscription_fields(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recurring(self):
        if not self.env.su and self.subscription_line_id:
            raise UserError(self.env._("This charge comes from a subscription: waive it, or change the subscription."))

    # === BUSINESS METHODS - LOCK === #

    @api.model
    def _get_ledger_fields(self):
        return super()._get_ledger_fields() | {"subscription_id"}

    @api.model
    def _get_source_fields(self):
        return super()._get_source_fields() | {"subscription_line_id", "period_start", "period_stop"}

    def _check_subscription_fields(self, vals):
        for charge in self if self._get_order_fields() & vals.keys() else ():
            if charge.sudo().subscription_line_id and charge._get_changed_fields(vals) & self._get_order_fields():
                raise UserError(
                    self.env._("“%(charge)s” comes from a subscription: change that.", charge=charge._get_title())
                )

    # === BUSINESS METHODS - COLLECT === #

    @api.model
    def _collect(self, partners, company, until):
        charges = super()._collect(partners, company, until)
        domain = [("commercial_partner_id", "in", partners.commercial_partner_id.ids)]
        subscriptions_sudo = self._get_subscriptions(company, domain)
        return charges | subscriptions_sudo._create_charges(until).sudo(self.env.su)

    @api.model
    def _get_collect_partners(self, company, until):
        partners = super()._get_collect_partners(company, until)
        parts = self._get_subscriptions(company, [("start_date", "<=", until)])._get_all_due_parts(until)
        due_sudo = self.env["service.subscription"].sudo().union(*(subscription for subscription, *_part in parts))
        return partners | due_sudo.commercial_partner_id.sudo(self.env.su)

    @api.model
    def _get_subscriptions(self, company, domain):
        # In sudo mode because whoever bills the customers bills their subscriptions, too.
        subscriptions_sudo = self.env["service.subscription"].sudo()
        return subscriptions_sudo.search([("activated_at", "!=", False), ("company_id", "=", company.id), *domain])

    def _get_source_key(self):
        if self.subscription_line_id:
            return f"subscription_line:{self.subscription_line_id.id}:{self.period_start}:{self.revision}"
        return super()._get_source_key()

    def _get_period(self):
        """Return the days that the charge bills.

        Note: `self.ensure_one()`

        :rtype: Period
        """
        self.ensure_one()
        return Period(self.period_start, self.period_stop)

    # === BUSINESS METHODS - INVOICING === #

    def _prepare_invoice_values(self, **extra):
        values = super()._prepare_invoice_values()
        subscriptions = self.subscription_id
        origins = [values["invoice_origin"], *subscriptions.mapped("name")]
        references = [values.get("ref"), *subscriptions.mapped("client_order_ref")]
        values["invoice_origin"] = ", ".join(filter(None, origins))
        if any(references):
            values["ref"] = ", ".join(unique(filter(None, references)))
        return {**values, **extra}
