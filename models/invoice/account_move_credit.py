from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.row_lock import touch_rows

CREDIT_REASONS = [
    ("wrong_amount", "Incorrect amount"),
    ("cancelled_service", "Cancelled service"),
    ("returned_part", "Returned part"),
    ("duplicate", "Invoiced twice"),
    ("goodwill", "Goodwill"),
    ("other", "Other"),
]


class AccountMove(models.Model):
    """Credit notes: why, how much, and what they do to the invoice."""

    _inherit = "account.move"

    billing_credit_reason = fields.Selection(selection=CREDIT_REASONS, string="Reason", copy=False)
    billing_credit_text = fields.Char(string="Explanation", copy=False)
    billing_credit_due = fields.Monetary(
        string="Reduces What Is Due",
        compute="_compute_billing_credit_split",
        help="The part of the credit note that reduces what is due on its invoice.",
    )
    billing_credit_rest = fields.Monetary(
        string="Stays as Credit",
        compute="_compute_billing_credit_split",
        help="The part that the customer has paid already: it stays as credit, to be used or refunded.",
    )
    billing_paid_by_credit = fields.Boolean(compute="_compute_billing_paid_by_credit")

    # === COMPUTE METHODS === #

    @api.depends("amount_total", "reversed_entry_id", "state")
    def _compute_billing_credit_split(self):
        # Not on what the invoice leaves: every invoice that is written would look for credit notes.
        for move in self:
            is_draft = move.move_type == "out_refund" and move.state == "draft"
            due = min(move.amount_total, move.reversed_entry_id.amount_residual) if is_draft else 0.0
            move.billing_credit_due = due
            move.billing_credit_rest = move.amount_total - due if is_draft else 0.0

    @api.depends("billing_status", "payment_state")
    def _compute_billing_paid_by_credit(self):
        for move in self:
            move.billing_paid_by_credit = move.billing_status == "paid" and move.payment_state == "reversed"

    # === ACTION METHODS === #

    def js_assign_outstanding_line(self, line_id):
        """Use a credit or payment on the document, unless it belongs to another company."""
        self.ensure_one()
        line = self.env["account.move.line"].browse(line_id)
        if self.billing_managed and line.company_id.root_id != self.company_id.root_id:
            raise UserError(self.env._("%(credit)s is a credit in another company.", credit=line.move_id.display_name))
        return super().js_assign_outstanding_line(line_id)

    # === BUSINESS METHODS - FINALIZE === #

    def _check_finalizable(self):
        credits = self.filtered(lambda move: move.billing_managed and move.state == "draft" and move.reversed_entry_id)
        touch_rows(credits.reversed_entry_id)
        credits.invoice_line_ids._check_credited()
        super()._check_finalizable()

    def _get_finalize_constraints(self):
        constraints = super()._get_finalize_constraints()
        if self.move_type != "out_refund":
            return constraints
        if "negative" in constraints:
            constraints["negative"] = self.env._("The total is below zero: make an invoice instead.")
        if not self.billing_credit_reason or not (self.billing_credit_text or "").strip():
            constraints["reason"] = self.env._("Choose the reason of the credit note and explain it.")
        origin = self.reversed_entry_id
        if origin and (origin.company_id, origin.commercial_partner_id) != (
            self.company_id,
            self.commercial_partner_id,
        ):
            constraints["origin"] = self.env._("A credit note is for the customer of its invoice.")
        if self._get_excess_credit() > 0:
            constraints["credit"] = self.env._(
                "All credit notes together exceed %(invoice)s.", invoice=self.reversed_entry_id.name
            )
        return constraints

    def _get_excess_credit(self):
        """Return by how much the credit notes of an invoice, this one included, exceed its total.

        Note: `self.ensure_one()`

        :return: An amount in the document's currency; 0 or less when there is room.
        :rtype: float
        """
        self.ensure_one()
        invoice = self.reversed_entry_id
        if not invoice:
            return 0.0
        credit_notes = invoice.reversal_move_ids.filtered(lambda move: move.state == "posted" and not move._is_void())
        posted = credit_notes | self
        return self.currency_id.round(sum(posted.mapped("amount_total")) - invoice.amount_total)

    # === BUSINESS METHODS - CREDIT === #

    def _reverse_moves(self, default_values_list=None, cancel=False):
        managed = self.filtered("billing_managed")
        touch_rows(managed)
        is_void = any(values.get("billing_origin_move_id") for values in default_values_list or ())
        for move in managed if not is_void else ():
            if move.move_type == "out_refund":
                raise UserError(
                    self.env._("%(number)s is a credit note: make a new invoice instead.", number=move.name)
                )
            products = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            if products and all(line._is_credited_in_full() for line in products):
                raise UserError(self.env._("%(number)s is credited in full already.", number=move.name))
        return super()._reverse_moves(default_values_list, cancel)
