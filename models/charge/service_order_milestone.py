from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..logic import advance_plan

ADVANCE_KINDS = [("deposit", "Deposit"), ("progress", "Progress")]


class ServiceOrderMilestone(models.Model):
    """A row of an order's billing plan: what is billed in advance of the final invoice, how much of it and when."""

    _name = "service.order.milestone"
    _description = "Milestone of a Billing Plan"
    _order = "order_id, sequence, id"
    _check_company_auto = True

    order_id = fields.Many2one("service.order", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True, precompute=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, default=lambda self: self.env._("Deposit"))
    kind = fields.Selection(selection=ADVANCE_KINDS, required=True, default="deposit")

    # how much
    share_type = fields.Selection(
        selection=[("percent", "Percentage"), ("amount", "Amount")], string="Share", required=True, default="percent"
    )
    percentage = fields.Float(digits=(5, 2), default=30.0)
    amount = fields.Monetary(help="With taxes.")
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        string="Taxes",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('company_id', 'parent_of', company_id)]",
        help="Empty: the taxes of the work, each with its share.",
    )
    total = fields.Monetary(compute="_compute_total", help="With taxes.")

    # when
    due_on = fields.Selection(
        selection=[
            ("manual", "By hand"),
            ("date", "On a date"),
            ("confirmed", "When the visit is scheduled"),
            ("started", "When the work starts"),
            ("done", "With the final invoice"),
        ],
        string="Due",
        required=True,
        default="manual",
        help="The final invoice bills all work less what was billed in advance; a milestone that is due with it needs "
        "no charge of its own.",
    )
    date = fields.Date(string="Due Date")
    is_due = fields.Boolean(compute="_compute_is_due")
    shared_order_ids = fields.Many2many(
        comodel_name="service.order",
        string="Also for",
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id), ('id', '!=', order_id)]",
        help="Other orders of the customer whose invoices may deduct what this one leaves of it.",
    )

    # state
    charge_ids = fields.One2many("service.charge", "milestone_id", string="Charges", readonly=True)
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("open", "To invoice"),
            ("drafted", "On a draft"),
            ("invoiced", "Invoiced"),
            ("credited", "Credited"),
            ("waived", "Waived"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
    )

    _percentage_in_range = models.Constraint(
        "CHECK(share_type != 'percent' OR (percentage > 0 AND percentage <= 100))",
        "The percentage of a milestone is above 0 and at most 100.",
    )
    _amount_positive = models.Constraint(
        "CHECK(share_type != 'amount' OR amount > 0)", "The amount of a milestone is above zero."
    )
    _date_given = models.Constraint(
        "CHECK(due_on != 'date' OR date IS NOT NULL)", "Enter the date on which the milestone is due."
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "order_id.agreed_total", "order_id.milestone_ids.percentage", "order_id.milestone_ids.amount", "share_type",
        "order_id.milestone_ids.state", "sequence",
    )  # fmt: skip
    def _compute_total(self):
        for order, milestones in self.grouped("order_id").items():
            totals = order._get_milestone_totals(milestones)
            for milestone in milestones:
                milestone.total = totals[milestone]

    @api.depends("state", "due_on", "date", "order_id.state")
    def _compute_is_due(self):
        for milestone in self:
            milestone.is_due = milestone.state == "planned" and milestone._is_reached(
                (milestone.company_id or self.env.company)._get_billing_today()
            )

    @api.depends("charge_ids.state", "charge_ids.credit_ids.state", "charge_ids.credit_ids.quantity")
    def _compute_state(self):
        for milestone in self:
            states = set(milestone.charge_ids.mapped("state"))
            ranked = (("pending", "open"), ("open", "open"), ("drafted", "drafted"), ("waived", "waived"))
            found = next((status for state, status in ranked if state in states), None)
            credited = states and not any(charge._get_remaining_quantity() for charge in milestone.charge_ids)
            milestone.state = found or ("credited" if credited else "invoiced" if states else "planned")

    # === CONSTRAINT METHODS === #

    @api.constrains("percentage", "amount", "share_type", "order_id")
    def _check_not_over(self):
        for order in self.order_id:
            milestones = order.milestone_ids._filter_counted()
            shares = [milestone._get_share() for milestone in milestones]
            totals = order._get_milestone_totals(milestones)
            excess = order.agreed_total and order.currency_id.compare_amounts(
                sum(totals[milestone] for milestone in milestones), order.agreed_total
            )
            if advance_plan.is_over([share.percentage for share in shares if share.percentage]) or excess > 0:
                raise ValidationError(
                    self.env._(
                        "The billing plan of %(order)s comes to more than 100 %% of what was agreed.",
                        order=order.display_name,
                    )
                )

    @api.constrains("shared_order_ids", "order_id")
    def _check_shared_orders(self):
        for milestone in self:
            customers = milestone.shared_order_ids.partner_id.commercial_partner_id
            if customers - milestone.partner_id.commercial_partner_id or (
                milestone.shared_order_ids.company_id - milestone.company_id
            ):
                raise ValidationError(self.env._("A deposit is shared by orders of the same customer and company."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_kept_fields({name for vals in vals_list for name in vals})
        milestones = super().create(vals_list)
        milestones.order_id.check_access("write")
        return milestones

    def write(self, vals):
        self._check_kept_fields(vals)
        if vals.keys() - {"sequence", "shared_order_ids"}:
            self._check_planned()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_planned()

    # === BUSINESS METHODS - LOCK === #

    def _check_kept_fields(self, names):
        if {"state", "company_id", "charge_ids"}.intersection(names):
            raise UserError(self.env._("The status of a milestone follows from its charges."))

    def _check_planned(self):
        billed = self.filtered(lambda milestone: milestone.state != "planned")[:1]
        if billed:
            raise UserError(self.env._("“%(milestone)s” is billed already and cannot change.", milestone=billed.name))

    # === GETTERS === #

    def _filter_counted(self):
        """Return those of the milestones that count towards what was agreed.

        :rtype: recordset of `service.order.milestone`
        """
        return self.filtered(lambda milestone: milestone.state not in ("credited", "waived"))

    def _is_reached(self, today):
        """Tell whether the milestone is due; what is due by hand or with the final invoice never is by itself.

        Note: `self.ensure_one()`

        :param date today: The day that counts.
        :rtype: bool
        """
        self.ensure_one()
        if self.due_on == "date":
            return bool(self.date) and self.date <= today
        reached_states = {"confirmed": ("scheduled", "in_progress"), "started": ("in_progress",)}
        return self.order_id.state in reached_states.get(self.due_on, ())
