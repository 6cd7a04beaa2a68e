from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ..order.service_priced_mixin import BILLING_DECISIONS


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    billing_charge_ids = fields.One2many(
        comodel_name="service.charge",
        inverse_name="invoice_line_id",
        string="Charge",
        groups="service_billing.group_biller",
    )
    billing_past_charge_ids = fields.Many2many(
        comodel_name="service.charge",
        relation="service_charge_past_line_rel",
        string="Past Charge",
        readonly=True,
        copy=False,
        groups="service_billing.group_biller",
    )
    billing_is_charged = fields.Boolean(string="From a Charge", compute="_compute_billing_charge", compute_sudo=True)
    billing_is_changed = fields.Boolean(
        string="Changed Since Drafted", compute="_compute_billing_charge", compute_sudo=True
    )
    billing_decision = fields.Selection(
        selection=BILLING_DECISIONS, compute="_compute_billing_charge", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("billing_charge_ids.billing_decision", "billing_charge_ids.is_changed")
    def _compute_billing_charge(self):
        for line in self:
            line.billing_is_charged = bool(line.billing_charge_ids)
            line.billing_is_changed = line.billing_charge_ids.is_changed and line.parent_state == "draft"
            line.billing_decision = line.billing_charge_ids.billing_decision

    # === CRUD METHODS === #

    def write(self, vals):
        self._check_charge_figures(vals)
        res = super().write(vals)
        if self._get_charge_fields() & vals.keys():
            self._check_charge()
        return res

    def unlink(self):
        """Give deposits back what the lines deducted of them, and fit what is left on drafts to the work that is."""
        if not self:
            return True
        # In sudo mode because whoever deletes the line may not read its charge.
        charges_sudo = self.sudo().billing_charge_ids
        deductions = charges_sudo.filtered(lambda charge: charge.kind == "deduction")
        moves = (charges_sudo - deductions).invoice_id
        res = super().unlink()
        deductions.unlink()
        left = moves.exists().filtered(lambda move: move._has_deductions())
        if left:
            left._apply_deductions()
        return res

    def copy_data(self, default=None):
        """Copy no line that bills a charge, nor one that did before its draft was cancelled: the copy would bill it
        again. The taxes and the receivable of such an invoice are computed anew. A reversal copies all lines.
        """
        vals_list = super().copy_data(default)
        if "move_reverse_cancel" in self.env.context:
            return vals_list
        # In sudo mode because whoever copies the invoice may not read its charges.
        charged = self.sudo().billing_charge_ids.invoice_line_id | self.move_id.sudo().billing_released_line_ids
        moves = charged.move_id
        dropped = self.filtered(lambda line: line in charged or (line.move_id in moves and line._is_computed()))
        return [{} if line in dropped else vals for line, vals in zip(self, vals_list, strict=True)]

    # === ACTION METHODS === #

    def action_view_charge(self):
        """Open the charge that decides quantity, price and taxes of the line.

        :rtype: dict
        """
        self.ensure_one()
        return self.billing_charge_ids._get_records_action(name=self.env._("Charge"))

    # === BUSINESS METHODS - CHARGES === #

    def _check_charge(self):
        """Make sure that lines which bill a charge say what the charge says.

        :raise UserError: If one says something else.
        """
        # In sudo mode because whoever edits the line may not read the charge.
        for charge in self.sudo().billing_charge_ids:
            if charge.invoice_line_id._differs_from_charge(charge):
                raise UserError(charge._get_edit_charge_message())

    def _check_charge_figures(self, vals):
        """Make sure that nobody types the figures that follow from a charge, or turns its line into a note."""
        touched = {"price_subtotal", "price_total", "display_type"} & vals.keys()
        if not touched:
            return
        # In sudo mode because whoever edits the line may not read the charge.
        for charge in self.sudo().billing_charge_ids:
            if any(charge.invoice_line_id[name] != vals[name] for name in touched):
                raise UserError(charge._get_edit_charge_message())

    def _differs_from_charge(self, charge):
        numbers = (
            (self.quantity, charge.quantity),
            (self.price_unit, charge._get_billed_price(self.currency_id, self.move_id.invoice_date)),
            (self.discount, charge._get_billed_discount()),
        )
        records = (
            (self.tax_ids, charge.tax_ids),
            (self.product_uom_id, charge.product_uom_id),
            (self.product_id, charge.product_id),
            (self.move_id.commercial_partner_id, charge.commercial_partner_id),
        )
        return any(float_compare(own, other, precision_digits=6) for own, other in numbers) or any(
            own != other for own, other in records
        )

    # === GETTERS === #

    def _is_computed(self):
        self.ensure_one()
        return self.display_type not in ("product", "line_section", "line_subsection", "line_note")

    def _get_charge_fields(self):
        """Return the fields in which a line must agree with its charge.

        :rtype: set[str]
        """
        return {
            "quantity", "price_unit", "discount", "tax_ids", "product_uom_id", "product_id", "currency_id", "move_id",
            "billing_charge_ids",
        }  # fmt: skip

    def _get_stock_moves(self):
        """Value the goods of a service order at what left the technician's van."""
        # In sudo mode because a biller has no rights on stock.
        return super()._get_stock_moves() | self.sudo().billing_charge_ids.order_line_id.stock_move_ids.sudo(False)
