from odoo import api, fields, models
from odoo.exceptions import ValidationError

UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("year", "Years")]


class ServiceSubscription(models.Model):
    """What a customer agreed to pay again and again, from a first day on, until it ends."""

    _name = "service.subscription"
    _description = "Subscription"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "partner_id.name", "client_order_ref"]
    _check_company_auto = True

    name = fields.Char(string="Number", default="", copy=False, readonly=True, index="trigram")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        check_company=True,
        domain=lambda self: [("all_group_ids", "in", self.env.ref("service_billing.group_biller").id)],
        index="btree_not_null",
        tracking=True,
    )
    client_order_ref = fields.Char(string="Customer Reference", tracking=True)
    note = fields.Text(string="Notes")

    # customer
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, check_company=True, index=True, tracking=True
    )
    partner_invoice_id = fields.Many2one(
        comodel_name="res.partner",
        string="Invoice Address",
        compute="_compute_partner_invoice_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_invoice_id.commercial_partner_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", store=True, precompute=True)
    fiscal_position_id = fields.Many2one(
        comodel_name="account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )

    # rhythm
    interval = fields.Integer(string="Every", default=1, required=True)
    unit = fields.Selection(selection=UNITS, default="month", required=True)
    rhythm_text = fields.Char(string="Rhythm", compute="_compute_rhythm_text")
    billing_time = fields.Selection(
        selection=[("advance", "When the period begins"), ("arrears", "When the period has ended")],
        string="Billed",
        default="advance",
        required=True,
    )
    start_date = fields.Date(
        string="Start",
        required=True,
        copy=False,
        default=lambda self: self.env.company._get_billing_today(),
        tracking=True,
    )
    anchor_date = fields.Date(
        string="Periods Count From",
        compute="_compute_anchor_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
        help="The day on which a period begins; all others follow from it. "
        "Where it is not the start, the first period is a part of one, billed by days.",
    )
    end_date = fields.Date(string="End", copy=False, tracking=True, help="The last day that is billed.")
    line_ids = fields.One2many("service.subscription.line", "subscription_id", string="Lines")
    amount_untaxed = fields.Monetary(string="Amount per Period", compute="_compute_amounts")
    amount_total = fields.Monetary(string="With Taxes", compute="_compute_amounts")

    _name_uniq = models.UniqueIndex("(company_id, name) WHERE name != ''", "The number of a subscription is unique.")
    _interval_in_range = models.Constraint(
        "CHECK(interval BETWEEN 1 AND 366)", "A period is between 1 and 366 days, weeks, months or years long."
    )
    _ends_after_start = models.Constraint(
        "CHECK(end_date IS NULL OR end_date >= start_date)", "A subscription cannot end before it starts."
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for subscription in self:
            subscription.display_name = subscription.name or self.env._("New subscription")

    @api.depends("partner_id")
    def _compute_partner_invoice_id(self):
        for subscription in self:
            partner = subscription.partner_id
            subscription.partner_invoice_id = partner and partner.address_get(["invoice"])["invoice"]

    @api.depends("partner_id", "company_id")
    def _compute_currency_id(self):
        for subscription in self:
            pricelist = subscription.partner_id.with_company(subscription.company_id).property_product_pricelist
            subscription.currency_id = pricelist.currency_id or subscription.company_id.currency_id

    @api.depends("partner_id", "company_id")
    def _compute_fiscal_position_id(self):
        positions = self.env["account.fiscal.position"]
        for subscription in self:
            subscription.fiscal_position_id = positions.with_company(subscription.company_id)._get_fiscal_position(
                subscription.partner_id
            )

    @api.depends("interval", "unit")
    def _compute_rhythm_text(self):
        texts = {
            ("day", 1): self.env._("Day"),
            ("week", 1): self.env._("Week"),
            ("month", 1): self.env._("Month"),
            ("month", 3): self.env._("Quarter"),
            ("year", 1): self.env._("Year"),
        }
        units = dict(self._fields["unit"]._description_selection(self.env))
        for subscription in self:
            plural = f"{subscription.interval} {units.get(subscription.unit, '')}"
            subscription.rhythm_text = texts.get((subscription.unit, subscription.interval), plural)

    @api.depends("start_date")
    def _compute_anchor_date(self):
        for subscription in self:
            subscription.anchor_date = subscription.start_date

    @api.depends("line_ids.price_subtotal", "line_ids.price_total", "line_ids.valid_from", "line_ids.valid_to")
    def _compute_amounts(self):
        self.mapped("line_ids.tax_ids")  # read for all lines at once
        for subscription in self:
            lines = subscription._get_current_lines()
            subscription.amount_untaxed, subscription.amount_total = lines._get_document_totals()

    # === CONSTRAINT METHODS === #

    @api.constrains("user_id")
    def _check_user_id(self):
        for subscription in self:
            if subscription.user_id and not subscription.with_user(subscription.user_id).has_access("read"):
                raise ValidationError(
                    self.env._(
                        "%(user)s has no access to subscriptions: choose somebody of the office.",
                        user=subscription.user_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            vals["name"] = self.env["ir.sequence"].with_company(company).sudo().next_by_code("service.subscription")
        return super().create(vals_list)

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        for subscription, values in zip(self, copies, strict=True):
            lines = subscription._get_current_lines().copy_data()
            values.setdefault("line_ids", [fields.Command.create(line) for line in lines])
        return copies

    # === GETTERS === #

    def _get_current_lines(self):
        """Return the lines that are billed today; of what has not begun, those it begins with.

        Note: `self.ensure_one()`

        :rtype: recordset of `service.subscription.line`
        """
        self.ensure_one()
        day = max(self._get_today(), self.start_date or self._get_today())
        day = min(day, self.end_date or day)
        return self.line_ids.filtered(lambda line: (line.valid_from or day) <= day <= (line.valid_to or day))

    def _get_today(self):
        """Return the day that it is for the company.

        Note: `self.ensure_one()`

        :rtype: date
        """
        return (self.company_id or self.env.company)._get_billing_today()

    def _get_notice(self, message):
        """Return the action that tells the user something, and shows the record as it is now.

        :param str message: One sentence.
        :rtype: dict
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "warning", "message": message, "next": {"type": "ir.actions.act_window_close"}},
        }
