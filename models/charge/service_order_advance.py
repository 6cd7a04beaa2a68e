from decimal import Decimal

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..logic import advance_plan

OPEN_STATES = ("pending", "open", "drafted")


class ServiceOrder(models.Model):
    """The billing plan: what is billed in advance of the final invoice, and how much of all is billed."""

    _inherit = "service.order"

    milestone_ids = fields.One2many(
        "service.order.milestone", "order_id", string="Billing Plan", groups="service_billing.group_biller"
    )
    agreed_amount = fields.Monetary(
        copy=False,
        groups="service_billing.group_biller",
        help="With taxes. Empty: what is planned, else what was worked so far.",
    )
    agreed_total = fields.Monetary(compute="_compute_agreed_total", groups="service_billing.group_biller")
    billed_total = fields.Monetary(
        string="Invoiced", compute="_compute_billed_totals", groups="service_billing.group_biller"
    )
    pending_total = fields.Monetary(
        string="To Invoice Now", compute="_compute_billed_totals", groups="service_billing.group_biller"
    )
    remaining_total = fields.Monetary(
        string="Remaining", compute="_compute_billed_totals", groups="service_billing.group_biller"
    )
    billed_percent = fields.Float(
        string="Invoiced (%)", compute="_compute_billed_totals", groups="service_billing.group_biller"
    )

    billed_text = fields.Char(compute="_compute_billed_text", groups="service_billing.group_biller")

    # === COMPUTE METHODS === #

    @api.depends("agreed_amount", "planned_total", "amount_total", "state", "has_plan")
    def _compute_agreed_total(self):
        for order in self:
            planned = order.agreed_amount or (order.planned_total if order.has_plan else 0.0)
            order.agreed_total = order.amount_total if order.state == "done" else planned or order.amount_total

    @api.depends("agreed_total", "charge_ids.state", "charge_ids.price_total", "charge_ids.credit_ids.state")
    def _compute_billed_totals(self):
        for order in self:
            charges = order.charge_ids
            billed = charges.filtered(lambda charge: charge.state == "invoiced")
            credited = sum(charge._get_credited_total() for charge in billed)
            pending = charges.filtered(lambda charge: charge.state in OPEN_STATES)
            order.billed_total = order.currency_id.round(billed._get_document_totals()[1] - credited)
            order.pending_total = pending._get_document_totals()[1]
            remaining = order.agreed_total - order.billed_total - order.pending_total
            order.remaining_total = order.currency_id.round(remaining)
            order.billed_percent = 100.0 * order.billed_total / order.agreed_total if order.agreed_total else 0.0

    @api.depends("billed_total", "pending_total", "remaining_total", "agreed_total")
    def _compute_billed_text(self):
        for order in self:
            amounts = {
                name: formatLang(self.env, order[f"{name}_total"], currency_obj=order.currency_id)
                for name in ("billed", "pending", "remaining", "agreed")
            }
            order.billed_text = self.env._(
                "%(billed)s invoiced, %(pending)s to invoice now, %(remaining)s remaining of %(agreed)s", **amounts
            )

    # === ACTION METHODS === #

    def action_add_milestone(self):
        """Ask for the first row of the order's billing plan.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deposit"),
            "res_model": "service.order.milestone",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    # === BUSINESS METHODS - STATES === #

    def _set_state(self, state, *, allowed):
        super()._set_state(state, allowed=allowed)
        # In sudo mode because a technician has no rights on the billing plan.
        orders_sudo = self.sudo()
        if state == "cancelled":
            orders_sudo._withdraw_advances()
        for company, orders in orders_sudo.grouped("company_id").items():
            orders.milestone_ids._bill_reached(company._get_billing_today())

    def _set_done(self):
        # In sudo mode because a technician has no rights on charges.
        self.sudo()._withdraw_advances()
        return super()._set_done()

    def _withdraw_advances(self):
        """Take back what was to be billed in advance and is on no invoice: the final invoice bills it, or nobody."""
        advances = self.milestone_ids.charge_ids
        advances.filtered(lambda charge: charge.state in ("pending", "open")).unlink()

    # === GETTERS === #

    def _get_billing_constraints(self):
        constraints = super()._get_billing_constraints()
        advances = self.charge_ids.filtered(lambda charge: charge.milestone_id and charge.state in OPEN_STATES)
        if self.state == "done" and advances:
            constraints["advance"] = self.env._(
                "“%(advance)s” of %(order)s is not invoiced yet: finalize its draft or delete it first.",
                advance=advances[0]._get_title(),
                order=self.display_name,
            )
        return constraints

    def _get_milestone_totals(self, milestones):
        """Return what milestones of the order come to, with taxes.

        :param milestones: Milestones of the order, new ones included.
        :return: `{milestone: amount}`, in the order's currency.
        :rtype: dict
        """
        counted = (
            (self.milestone_ids | milestones)
            ._filter_counted()
            .sorted(lambda milestone: (milestone.sequence, milestone._origin.id or 0))
        )
        currency = self.currency_id or self.env.company.currency_id
        amounts = advance_plan.split(
            Decimal(str(currency.round(self.agreed_total))),
            [milestone._get_share() for milestone in counted],
            step=Decimal(str(currency.rounding)),
        )
        totals = dict(zip(counted, map(float, amounts), strict=True))
        for milestone in milestones - counted:
            totals[milestone] = sum(milestone.charge_ids.mapped("price_total"))
        return totals

    def _prepare_agreed_base_lines(self):
        """Prepare the work that was agreed, else what was worked so far, for core's tax engine; without work, one line
        with the company's usual tax.

        Note: `self.ensure_one()`

        :rtype: list[dict]
        """
        self.ensure_one()
        planned = self.line_ids.filtered("planned_quantity")
        if planned:
            return [line._prepare_planned_base_line() for line in planned]
        worked = self.line_ids.filtered("price_total")
        if worked:
            return [line._prepare_base_line() for line in worked]
        taxes = self.company_id.account_sale_tax_id
        return [
            self.env["account.tax"]._prepare_base_line_for_taxes_computation(
                self,
                tax_ids=self.fiscal_position_id.map_tax(taxes),
                price_unit=self.agreed_total,
                quantity=1.0,
                currency_id=self.currency_id,
                rate=1.0,
            )
        ]
