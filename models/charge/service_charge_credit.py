from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.row_lock import touch_rows, wait_for_rows


class ServiceChargeCredit(models.Model):
    """What a credit note takes back of a charge; never more than was charged."""

    _name = "service.charge.credit"
    _description = "Credited Charge"
    _order = "id"

    charge_id = fields.Many2one("service.charge", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="charge_id.company_id", store=True, index=True)
    credit_line_id = fields.Many2one(
        comodel_name="account.move.line", string="Credit Note Line", required=True, ondelete="cascade", index=True
    )
    credit_note_id = fields.Many2one(related="credit_line_id.move_id", string="Credit Note")
    quantity = fields.Float(digits="Product Unit", required=True)
    state = fields.Selection(related="credit_line_id.parent_state")
    is_billed_again = fields.Boolean(string="Bill Again")
    again_charge_id = fields.Many2one(
        comodel_name="service.charge",
        string="Billed Again By",
        ondelete="set null",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    _credit_line_uniq = models.UniqueIndex("(credit_line_id)", "A credit note line takes back one charge.")

    # === CONSTRAINT METHODS === #

    @api.constrains("quantity", "charge_id")
    def _check_quantity(self):
        wait_for_rows(self.charge_id)
        for charge in self.charge_id:
            sign = -1 if charge.quantity < 0 else 1
            if charge.product_uom_id.compare(sign * charge._get_remaining_quantity(), 0.0) < 0:
                raise UserError(
                    self.env._(
                        "Only %(remaining)s %(unit)s of “%(charge)s” can still be credited.",
                        remaining=self._get_remaining_without(charge),
                        unit=charge.product_uom_id.name,
                        charge=charge._get_title(),
                    )
                )

    @api.constrains("quantity", "charge_id")
    def _check_deposits(self):
        """Make sure that a deposit is credited only as far as no invoice deducted it."""
        # In sudo mode to see the invoices that deduct it.
        self.sudo().charge_id.filtered("milestone_id")._check_deductible()

    # === BUSINESS METHODS - BILL AGAIN === #

    def _bill_again(self):
        """Open a charge of what was taken back, where that was decided; once only."""
        decided = self.filtered(
            lambda credit: credit.is_billed_again and credit.quantity and not credit.again_charge_id
        )
        touch_rows(decided.charge_id.order_line_id)
        charges = self.env["service.charge"].create(
            [
                credit.charge_id._prepare_again_values(
                    quantity=credit.quantity, revision=credit.charge_id._get_next_revision() + number
                )
                for number, credit in enumerate(decided)
            ]
        )
        for credit, charge in zip(decided, charges, strict=True):
            credit.again_charge_id = charge

    # === GETTERS === #

    def _get_remaining_without(self, charge):
        own = sum(self.filtered(lambda credit: credit.charge_id == charge).mapped("quantity"))
        return charge.product_uom_id.round(charge._get_remaining_quantity() + own)
