from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.row_lock import wait_for_rows


class ServiceCharge(models.Model):
    """One entry in the ledger of everything billable.

    A charge sits on at most one invoice line, and an invoice line holds at most one charge: the link is the row
    that makes billing twice impossible. Its amounts are in its own currency, without sign tricks: a negative
    quantity takes money off the invoice.
    """

    _name = "service.charge"
    _description = "Charge"
    _inherit = ["service.priced.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Text(
        string="Description", compute="_compute_name", store=True, readonly=False, precompute=True, required=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, check_company=True, index=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, precompute=True, index=True
    )
    fiscal_position_id = fields.Many2one(
        comodel_name="account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._get_billing_today())
    kind = fields.Selection(
        selection=[("labor", "Time"), ("part", "Part"), ("service", "Service"), ("manual", "Manual")],
        required=True,
        default="manual",
        readonly=True,
        copy=False,
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True, aggregator=None)

    # source
    order_line_id = fields.Many2one(
        comodel_name="service.order.line", ondelete="restrict", readonly=True, copy=False, index="btree_not_null"
    )
    order_id = fields.Many2one(
        comodel_name="service.order",
        compute="_compute_order_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        copy=False,
    )
    revision = fields.Integer(readonly=True, copy=False, help="0 is the original; each later difference counts one up.")
    origin_charge_id = fields.Many2one(
        comodel_name="service.charge", ondelete="set null", readonly=True, copy=False, index="btree_not_null"
    )
    source = fields.Char(compute="_compute_source")
    age_days = fields.Integer(string="Age (Days)", compute="_compute_age_days")

    # state
    is_ready = fields.Boolean(default=True, readonly=True, copy=False)
    is_waived = fields.Boolean(readonly=True, copy=False)
    waive_reason = fields.Char(readonly=True, copy=False)
    is_changed = fields.Boolean(string="Changed Since Drafted", readonly=True, copy=False)
    invoice_line_id = fields.Many2one(comodel_name="account.move.line", ondelete="set null", readonly=True, copy=False)
    invoice_id = fields.Many2one(
        related="invoice_line_id.move_id", string="Invoice", store=True, index="btree_not_null"
    )
    state = fields.Selection(
        selection=[
            ("pending", "Pending"),
            ("open", "Open"),
            ("drafted", "On a draft"),
            ("invoiced", "Invoiced"),
            ("waived", "Waived"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        precompute=True,
    )

    past_line_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="service_charge_past_line_rel",
        string="Lines That Billed It Before",
        readonly=True,
        copy=False,
    )

    # credit
    credit_ids = fields.One2many("service.charge.credit", "charge_id", string="Credits")
    credited_quantity = fields.Float(string="Credited", digits="Product Unit", compute="_compute_credited_quantity")
    invoiced_quantity = fields.Float(string="Invoiced", digits="Product Unit", compute="_compute_ledger_quantities")
    open_quantity = fields.Float(string="Open", digits="Product Unit", compute="_compute_ledger_quantities")

    _source_uniq = models.UniqueIndex(
        "(order_line_id, revision) WHERE order_line_id IS NOT NULL", "This work is charged already."
    )
    _invoice_line_uniq = models.UniqueIndex(
        "(invoice_line_id) WHERE invoice_line_id IS NOT NULL", "An invoice line bills one charge."
    )
    _open_idx = models.Index("(company_id, partner_id) WHERE state = 'open'")
    _quantity_not_zero = models.Constraint("CHECK(quantity != 0)", "The quantity of a charge is never zero.")

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_name(self):
        for charge in self:
            product = charge.product_id.with_context(lang=charge.partner_id.lang)
            charge.name = product.get_product_multiline_description_sale() if product else charge.name

    @api.depends("partner_id", "company_id")
    def _compute_currency_id(self):
        for charge in self:
            charge.currency_id = charge._get_pricelist().currency_id or charge.company_id.currency_id

    @api.depends("partner_id", "company_id")
    def _compute_fiscal_position_id(self):
        for charge in self:
            charge.fiscal_position_id = charge._get_partner_fiscal_position()

    @api.depends("quantity")
    def _compute_price_amounts(self):
        super()._compute_price_amounts()

    @api.depends("order_line_id.order_id")
    def _compute_order_id(self):
        for charge in self:
            charge.order_id = charge.order_line_id.order_id or charge.order_id

    @api.depends("order_id", "kind")
    def _compute_source(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for charge in self:
            charge.source = charge.order_id.name or kinds.get(charge.kind)

    @api.depends("date")
    def _compute_age_days(self):
        today = fields.Date.context_today(self)
        for charge in self:
            charge.age_days = (today - charge.date).days if charge.date else 0

    @api.depends("invoice_line_id.parent_state", "is_ready", "is_waived")
    def _compute_state(self):
        on_invoice = {"draft": "drafted", "posted": "invoiced"}
        for charge in self:
            waiting = "waived" if charge.is_waived else "open" if charge.is_ready else "pending"
            charge.state = on_invoice.get(charge.invoice_line_id.parent_state, waiting)

    @api.depends("credit_ids.quantity", "credit_ids.state")
    def _compute_credited_quantity(self):
        for charge in self:
            credits = charge.credit_ids.filtered(lambda credit: credit.state != "cancel")
            charge.credited_quantity = sum(credits.mapped("quantity"))

    @api.depends("state", "quantity")
    def _compute_ledger_quantities(self):
        for charge in self:
            charge.invoiced_quantity = charge.quantity if charge.state == "invoiced" else 0.0
            charge.open_quantity = 0.0 if charge.state in ("invoiced", "waived") else charge.quantity

    # === ACTION METHODS === #

    def action_waive(self, reason):
        """Decide that open charges are never billed.

        :param str reason: Why; it is kept on the charge.
        :raise UserError: If a charge is billed already or the reason is empty.
        """
        self.check_access("write")
        self._lock_billable()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the charges are waived."))
        # In sudo mode to write the decision, which forms and imports may not touch.
        self.sudo().write({"is_waived": True, "waive_reason": reason.strip()})

    def action_unwaive(self):
        """Make waived charges billable again. Later stages see to what became of their source meanwhile."""
        self.check_access("write")
        wait_for_rows(self)
        waived = self.filtered("is_waived")
        # In sudo mode to write the decision, which forms and imports may not touch.
        waived.sudo().write({"is_waived": False, "waive_reason": False})

    def action_view_invoice(self):
        """Open the invoice that bills the charge.

        :rtype: dict
        """
        self.ensure_one()
        return self.invoice_id._get_records_action()

    # === GETTERS === #

    def _get_remaining_quantity(self):
        """Return the quantity that no credit note has taken back, drafts included.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        return self.product_uom_id.round(self.quantity - self.credited_quantity)

    def _get_priced_quantity(self):
        return self.quantity

    def _get_fiscal_position(self):
        return self.fiscal_position_id
