from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_repr

from ..settings.row_lock import touch_rows


class AccountMoveLine(models.Model):
    """Credit note lines: which invoice line they take back, and that they never take back more."""

    _inherit = "account.move.line"

    billing_credited_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Credited Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    billing_credit_line_ids = fields.One2many(
        "account.move.line", "billing_credited_line_id", string="Credit Note Lines"
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if any(vals.get("billing_credited_line_id") for vals in vals_list):
            lines._apply_credited_quantity()
        return lines

    def write(self, vals):
        if "billing_credited_line_id" in vals and not self.env.su:
            raise UserError(self.env._("Which line a credit note takes back cannot be changed by hand."))
        res = super().write(vals)
        if {"quantity", "product_uom_id", "price_unit", "discount", "billing_credited_line_id"} & vals.keys():
            self._apply_credited_quantity()
        return res

    def copy_data(self, default=None):
        """Let a reversal take back what is left of each line, and leave out what is credited in full."""
        vals_list = super().copy_data(default)
        if "move_reverse_cancel" not in self.env.context:
            return vals_list
        return [
            {} if vals and vals.get("quantity") == 0 and line._is_credited_in_full() else vals
            for line, vals in zip(self, vals_list, strict=True)
        ]

    def _copy_data_extend_business_fields(self, values):
        super()._copy_data_extend_business_fields(values)
        is_reversal = "move_reverse_cancel" in self.env.context
        if is_reversal and self.move_id.billing_managed and self.display_type == "product":
            values["billing_credited_line_id"] = self.id
            values["quantity"] = self._get_creditable_quantity()

    # === BUSINESS METHODS - CREDIT === #

    def _apply_credited_quantity(self):
        """Check the credited lines, and tell the ledger of charges what each credit note line takes back."""
        credit_lines = self.filtered("billing_credited_line_id")
        if not credit_lines:
            return
        credit_lines._check_credited()
        # In sudo mode to write the ledger, which nobody may write by hand.
        ledger = self.env["service.charge.credit"].sudo()
        known = ledger.search([("credit_line_id", "in", credit_lines.ids)]).grouped("credit_line_id")
        values = []
        for line in credit_lines.sudo():
            charge = line.billing_credited_line_id.billing_charge_ids
            credit = known.get(line)
            if credit and credit.quantity != line.quantity:
                credit.quantity = line.quantity
            elif charge and not credit:
                values.append({"charge_id": charge.id, "credit_line_id": line.id, "quantity": line.quantity})
        ledger.create(values)

    def _check_credited(self):
        """Make sure that credit notes never take back more of a line than it has.

        :raise UserError: If they do; the sentence says what is left.
        """
        touch_rows(self.billing_credited_line_id)
        for line in self.billing_credited_line_id:
            line._check_credit_lines(self & line.billing_credit_line_ids)

    def _check_credit_lines(self, credit_lines):
        title = (self.name or "").split("\n", 1)[0]
        if credit_lines.move_id.reversed_entry_id != self.move_id or credit_lines.product_uom_id - self.product_uom_id:
            raise UserError(
                self.env._("“%(line)s” is credited on a credit note of its invoice, in the same unit.", line=title)
            )
        left = self._get_creditable_quantity(self._get_active_credit_lines() - credit_lines)
        if not self._has_room(left, credit_lines):
            digits = self.env["decimal.precision"].precision_get("Product Unit")
            raise UserError(
                self.env._(
                    "Only %(left)s of “%(line)s” can still be credited.", left=float_repr(left, digits), line=title
                )
            )
        if self.currency_id.compare_amounts(self._get_credited_amount(), abs(self.price_subtotal)) > 0:
            raise UserError(self.env._("“%(line)s” cannot be credited with more than it was invoiced for.", line=title))

    # === GETTERS === #

    def _get_active_credit_lines(self):
        return self.billing_credit_line_ids.filtered(lambda line: line.parent_state != "cancel")

    def _get_creditable_quantity(self, credit_lines=None):
        """Return the quantity of an invoice line that no credit note takes back, drafts included.

        Note: `self.ensure_one()`

        :param credit_lines: The credit note lines to count; all of them by default.
        :rtype: float
        """
        self.ensure_one()
        lines = self._get_active_credit_lines() if credit_lines is None else credit_lines
        left = self.quantity - sum(lines.mapped("quantity"))
        return self.product_uom_id.round(left) if self.product_uom_id else left

    def _get_credited_amount(self):
        return abs(sum(self._get_active_credit_lines().mapped("price_subtotal")))

    def _is_credited_in_full(self):
        return self.display_type == "product" and bool(self.quantity) and not self._get_creditable_quantity()

    def _has_room(self, left, credit_lines):
        """Tell whether the credit note lines take back the line's quantity, and no more than what is left of it.

        Note: `self.ensure_one()`

        :param float left: What is left, with the sign of the line's quantity.
        :param credit_lines: Credit note lines of this line.
        :rtype: bool
        """
        self.ensure_one()
        sign = -1 if self.quantity < 0 else 1
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        quantities = [sign * quantity for quantity in credit_lines.mapped("quantity")]
        return min(quantities, default=0.0) >= 0.0 and float_compare(sum(quantities), sign * left, digits) <= 0
