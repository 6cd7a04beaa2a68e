from odoo import api, fields, models


class ServiceDepositUse(models.Model):
    """What an invoice deducts of a deposit; all of them together never more than the deposit."""

    _name = "service.deposit.use"
    _description = "Deducted Deposit"
    _order = "id"

    deposit_charge_id = fields.Many2one(
        comodel_name="service.charge", string="Deposit", required=True, ondelete="restrict", index=True
    )
    deduction_charge_id = fields.Many2one(
        comodel_name="service.charge", string="Deduction", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="deposit_charge_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="deposit_charge_id.currency_id")
    invoice_id = fields.Many2one(related="deduction_charge_id.invoice_id")
    amount = fields.Monetary(required=True, help="With taxes.")

    _deduction_uniq = models.UniqueIndex("(deduction_charge_id)", "A deduction is of one deposit.")
    _amount_positive = models.Constraint("CHECK(amount > 0)", "What is deducted of a deposit is above zero.")

    # === CONSTRAINT METHODS === #

    @api.constrains("amount", "deposit_charge_id")
    def _check_amount(self):
        self.deposit_charge_id._check_deductible()

    # === GETTERS === #

    def _get_effective_amount(self):
        """Return what the deduction takes of the deposit: less what finalized credit notes gave back.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        given_back = self.deduction_charge_id.credit_ids.filtered(lambda credit: credit.state == "posted")
        return self.amount + sum(given_back.credit_line_id.mapped("price_total"))
