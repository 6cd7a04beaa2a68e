from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.settings.row_lock import wait_for_rows


class ServicePrepayment(models.TransientModel):
    _name = "service.prepayment"
    _inherit = ["service.customer.money.mixin"]
    _description = "Payment Without an Invoice"

    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    payment_method_line_id = fields.Many2one(
        comodel_name="account.payment.method.line",
        string="Method",
        compute="_compute_payment_method_line_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('journal_id', '=', journal_id), ('payment_type', '=', 'inbound')]",
    )
    external_ref = fields.Char(
        string="External Reference", help="The bank's, cheque's or provider's own number of the payment."
    )
    payment_id = fields.Many2one("account.payment", readonly=True)

    # === COMPUTE METHODS === #

    @api.depends("journal_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.journal_id.currency_id or wizard.company_id.currency_id

    @api.depends("journal_id")
    def _compute_payment_method_line_id(self):
        for wizard in self:
            wizard.payment_method_line_id = wizard.journal_id.inbound_payment_method_line_ids[:1]

    # === ACTION METHODS === #

    def action_confirm(self):
        """Record the payment: it is the customer's credit until an invoice uses it.

        :return: A notice where it is recorded already.
        :rtype: dict
        :raise UserError: If the amount is not above zero.
        """
        self.ensure_one()
        self.check_access("write")
        wait_for_rows(self)
        if self.payment_id:
            message = self.env._("Recorded already as %(payment)s.", payment=self.payment_id.display_name)
            return self.env["account.move"]._get_notice(message)
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(self.env._("Enter an amount above zero."))
        self.payment_id = self.env["account.payment"].create(self._prepare_payment_values())
        self.payment_id.action_post()
        return {"type": "ir.actions.act_window_close"}

    # === GETTERS === #

    def _prepare_payment_values(self, **extra):
        """Prepare the payment.

        :rtype: dict
        """
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.partner_id.commercial_partner_id.id,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "date": self.date,
            "journal_id": self.journal_id.id,
            "payment_method_line_id": self.payment_method_line_id.id,
            "billing_external_ref": (self.external_ref or "").strip() or False,
            "billing_note": self.note,
            **extra,
        }
