from odoo import api, fields, models


class ServiceLatePayment(models.TransientModel):
    _name = "service.late.payment"
    _description = "Late Payment of an Invoice That Was Written Off"

    move_id = fields.Many2one(
        comodel_name="account.move",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    company_id = fields.Many2one(related="move_id.company_id")
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False, precompute=True, required=True)
    date = fields.Date(required=True, default=lambda self: self.env.company._get_billing_today())
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', 'parent_of', company_id)]",
    )

    # === COMPUTE METHODS === #

    @api.depends("move_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.move_id._get_payable_amount()

    @api.depends("move_id")
    def _compute_journal_id(self):
        for wizard in self:
            journals = self.env["account.journal"].with_company(wizard.company_id)
            domain = [*journals._check_company_domain(wizard.company_id), ("type", "in", ("bank", "cash"))]
            wizard.journal_id = journals.search(domain, limit=1)

    # === ACTION METHODS === #

    def action_confirm(self):
        """Record the payment, and recover as much of the bad debt.

        :rtype: dict
        """
        self.ensure_one()
        self.move_id._pay_written_off(self.amount, self.date, self.journal_id)
        return {"type": "ir.actions.act_window_close"}
