from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    billing_charge_ids = fields.One2many(
        comodel_name="service.charge",
        inverse_name="invoice_id",
        string="Charges",
        groups="service_billing.group_biller",
    )
    billing_released_line_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="account_move_billing_released_line_rel",
        string="Lines Whose Charges Went Back",
        copy=False,
        readonly=True,
    )
    billing_run_line_id = fields.Many2one(
        comodel_name="service.billing.run.line",
        string="Billing Run",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        readonly=True,
        groups="service_billing.group_biller",
    )
    billing_period_start = fields.Date(
        related="billing_run_line_id.period_start", groups="service_billing.group_biller"
    )
    billing_period_stop = fields.Date(related="billing_run_line_id.period_stop", groups="service_billing.group_biller")
    billing_review_until = fields.Date(
        related="billing_run_line_id.review_until", groups="service_billing.group_biller"
    )
    billing_review_days = fields.Integer(compute="_compute_billing_review_days", groups="service_billing.group_biller")
    billing_rate_text = fields.Char(string="Exchange Rates", compute="_compute_billing_rate_text", compute_sudo=True)
    billing_has_charges = fields.Boolean(compute="_compute_billing_has_charges", compute_sudo=True)
    service_order_ids = fields.Many2many(
        comodel_name="service.order", compute="_compute_service_order_ids", groups="service_billing.group_biller"
    )
    service_order_count = fields.Integer(compute="_compute_service_order_ids", groups="service_billing.group_biller")

    # === COMPUTE METHODS === #

    @api.depends("billing_charge_ids")
    def _compute_billing_has_charges(self):
        for move in self:
            move.billing_has_charges = bool(move.billing_charge_ids)

    @api.depends("billing_review_until")
    def _compute_billing_review_days(self):
        for move in self:
            until, today = move.billing_review_until, move.company_id._get_billing_today()
            move.billing_review_days = (until - today).days if until else 0

    def _compute_billing_rate_text(self):
        for move in self:
            move.billing_rate_text = ", ".join(move._get_rate_texts()) or False

    def _compute_show_reset_to_draft_button(self):
        super()._compute_show_reset_to_draft_button()
        self._get_released().show_reset_to_draft_button = False

    @api.depends("billing_charge_ids.order_id", "reversed_entry_id")
    def _compute_service_order_ids(self):
        for move in self:
            credited = move.reversed_entry_id
            move.service_order_ids = (move._get_billed_charges() | credited._get_billed_charges()).order_id
            move.service_order_count = len(move.service_order_ids)

    # === CRUD METHODS === #

    def write(self, vals):
        if "state" in vals:
            self.filtered(lambda move: move.state == "cancel" != vals["state"])._check_draftable()
        res = super().write(vals)
        if vals.get("state") == "cancel":
            self._release_charges()
        if "invoice_date" in vals:
            # In sudo mode because whoever edits the invoice may not read its charges.
            self.sudo().billing_charge_ids._convert_draft_lines()
        if {"partner_id", "currency_id", "company_id", "move_type"} & vals.keys():
            self.invoice_line_ids._check_charge()
        return res

    def unlink(self):
        if not self:
            return True
        # In sudo mode because a run is written by nobody's hand.
        run_lines = self.sudo().billing_run_line_id
        res = super().unlink()
        run_lines._reopen()
        return res

    # === ACTION METHODS === #

    def action_view_service_orders(self):
        """Open the service orders that the document bills or credits.

        :rtype: dict
        """
        return self.service_order_ids._get_records_action(name=self.env._("Service Orders"))

    # === BUSINESS METHODS - CHARGES === #

    def _release_charges(self):
        """Open the charges of cancelled drafts and of documents that are taken back again. The documents remember their
        lines: drafts cannot be revived, and what is finalized prints what it always did.
        """
        # In sudo mode to write the link from the charge to its invoice line, which nobody may write by hand.
        for move_sudo in self.sudo().filtered("billing_charge_ids"):
            charges = move_sudo.billing_charge_ids
            move_sudo.billing_released_line_ids = charges.invoice_line_id
            for charge in charges if move_sudo.state == "posted" else ():
                charge.past_line_ids |= charge.invoice_line_id
            charges.invoice_line_id = False
            move_sudo.billing_run_line_id._reopen()
            charges.filtered(lambda charge: charge.kind == "deduction").unlink()

    def _check_draftable(self):
        super()._check_draftable()
        released = self._get_released()[:1]
        if released:
            raise UserError(
                self.env._(
                    "The charges of %(invoice)s went back when it was cancelled: draft a new invoice from them.",
                    invoice=released.display_name,
                )
            )

    # === GETTERS === #

    def _get_released(self):
        """Return the cancelled drafts whose charges went back; they stay cancelled.

        :rtype: recordset of `account.move`
        """
        return self.filtered(lambda move: move.state == "cancel" and move.billing_released_line_ids)

    def _get_billed_charges(self):
        """Return the charges that the documents bill, and those they billed until they were taken back.

        :rtype: recordset of `service.charge`
        """
        return self.billing_charge_ids | self.invoice_line_ids.billing_past_charge_ids

    def _get_rate_texts(self):
        """Return the rates at which charges were converted, as the lines have them.

        Note: `self.ensure_one()`

        :return: For instance `["1 EUR = 1.0843 USD"]`.
        :rtype: list[str]
        """
        self.ensure_one()
        converted = self._get_billed_charges().filtered(
            lambda charge: charge.currency_id != self.currency_id and charge.price_unit
        )
        rates = {}
        for charge in converted.sorted(lambda charge: -abs(charge.price_unit)):
            line = (charge.invoice_line_id | charge.past_line_ids).filtered(lambda line: line.move_id == self)
            rates.setdefault(charge.currency_id, line.price_unit / charge.price_unit)
        return [f"1 {currency.name} = {rate:.4f} {self.currency_id.name}" for currency, rate in rates.items()]
