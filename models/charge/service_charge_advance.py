from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.row_lock import touch_rows


class ServiceCharge(models.Model):
    """What is billed in advance of the work, and what the work's invoice deducts of it."""

    _inherit = "service.charge"

    kind = fields.Selection(
        selection_add=[("deposit", "Deposit"), ("progress", "Progress"), ("deduction", "Deduction")],
        ondelete={"deposit": "cascade", "progress": "cascade", "deduction": "cascade"},
    )
    milestone_id = fields.Many2one(
        comodel_name="service.order.milestone", ondelete="restrict", readonly=True, copy=False, index="btree_not_null"
    )
    milestone_part = fields.Integer(readonly=True, copy=False, help="A milestone has a charge for each tax.")
    extra_tax_data = fields.Json(readonly=True, copy=False)
    deposit_use_ids = fields.One2many("service.deposit.use", "deposit_charge_id", string="Deducted")
    deduction_use_ids = fields.One2many("service.deposit.use", "deduction_charge_id", string="Deducts")

    _milestone_uniq = models.UniqueIndex(
        "(milestone_id, milestone_part) WHERE milestone_id IS NOT NULL", "This milestone is billed already."
    )

    # === COMPUTE METHODS === #

    @api.depends("milestone_id.order_id")
    def _compute_order_id(self):
        super()._compute_order_id()

    @api.depends("extra_tax_data")
    def _compute_price_amounts(self):
        super()._compute_price_amounts()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get("kind") in self._get_advance_kinds() for vals in vals_list):
            raise UserError(self.env._("Deposits and their deductions come from the billing plan of a service order."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and (self._get_billed_fields() - {"name", "date"}) & vals.keys():
            advance = self.filtered(lambda charge: charge.kind in self._get_advance_kinds())[:1]
            if advance or vals.get("kind") in self._get_advance_kinds():
                raise UserError(
                    self.env._("“%(charge)s” comes from a billing plan: change that.", charge=self[:1]._get_title())
                )
        return super().write(vals)

    # === BUSINESS METHODS - LOCK === #

    @api.model
    def _get_ledger_fields(self):
        return super()._get_ledger_fields() | {"milestone_id", "milestone_part", "extra_tax_data"}

    @api.model
    def _get_billed_fields(self):
        return super()._get_billed_fields() | {"extra_tax_data"}

    # === BUSINESS METHODS - INVOICING === #

    def _create_invoices(self, **extra):
        moves = super()._create_invoices(**extra)
        moves._apply_deductions(strict=True)
        return moves

    def _join_drafts(self, drafts):
        others = super()._join_drafts(drafts)
        (self - others).invoice_id._apply_deductions(strict=True)
        return others

    def _update_draft_lines(self, names):
        super()._update_draft_lines(names)
        # In sudo mode because a technician who corrects the time has no rights on invoices.
        work_sudo = self.sudo().filtered(lambda charge: charge.state == "drafted" and charge.order_line_id)
        work_sudo.invoice_id._apply_deductions()

    def _get_invoice_grouping_key(self):
        """Bill in advance on an invoice of its own: the work's invoice deducts it."""
        return (*super()._get_invoice_grouping_key(), bool(self.milestone_id))

    def _prepare_invoice_line_values(self, **extra):
        values = super()._prepare_invoice_line_values(**extra)
        account = self.company_id.downpayment_account_id
        if account and self.kind in self._get_advance_kinds():
            values["account_id"] = account.id
        return values

    def _prepare_locked_line_values(self):
        values = super()._prepare_locked_line_values()
        if self.extra_tax_data:
            values["extra_tax_data"] = self.extra_tax_data
        return values

    # === BUSINESS METHODS - DEPOSITS === #

    @api.model
    def _collect(self, partners, company, until):
        """Bill the milestones that have become due."""
        due = self.env["service.order.milestone"]._search_due(company, until)
        due = due.filtered(lambda milestone: milestone._get_billed_address().commercial_partner_id in partners)
        return super()._collect(partners, company, until) | due._bill_reached(until)

    @api.model
    def _get_collect_partners(self, company, until):
        due = self.env["service.order.milestone"]._search_due(company, until)
        partners = self.env["res.partner"].union(
            *(milestone._get_billed_address().commercial_partner_id for milestone in due)
        )
        return super()._get_collect_partners(company, until) | partners

    def _waits_for_done(self):
        """What is billed in advance waits for no work."""
        return bool(self.order_line_id) and super()._waits_for_done()

    def _check_deductible(self):
        """Make sure that deposits are not deducted and credited beyond themselves.

        :raise UserError: If one is.
        """
        touch_rows(self)
        for deposit in self:
            if deposit.currency_id.compare_amounts(deposit._get_deductible(), 0.0) < 0:
                raise UserError(
                    self.env._(
                        "“%(deposit)s” is deducted on other invoices already: less of it is left.",
                        deposit=deposit._get_title(),
                    )
                )

    # === GETTERS === #

    def _get_source_key(self):
        if self.milestone_id:
            return f"milestone:{self.milestone_id.id}:{self.milestone_part}"
        return super()._get_source_key()

    @api.model
    def _get_advance_kinds(self):
        """Return the kinds of charges that only the billing plan of an order makes.

        :rtype: tuple[str]
        """
        return ("deposit", "progress", "deduction")

    def _get_credited_total(self):
        """Return what credit notes took back of an invoiced charge, with taxes and with the charge's sign; drafts of
        credit notes count, so that nobody uses meanwhile what they take back.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        credits = self.credit_ids.filtered(lambda credit: credit.state != "cancel")
        return sum(credits.credit_line_id.mapped("price_total"))

    def _get_deductible(self):
        """Return what is left of a deposit to deduct from the work's invoices, with taxes.

        Note: `self.ensure_one()`

        :return: Zero unless the deposit is invoiced.
        :rtype: float
        """
        self.ensure_one()
        if self.state != "invoiced":
            return 0.0
        used = sum(use._get_effective_amount() for use in self.deposit_use_ids)
        return self.currency_id.round(self.price_total - self._get_credited_total() - used)
