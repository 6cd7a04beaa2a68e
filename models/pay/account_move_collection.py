from odoo import api, models


class AccountMove(models.Model):
    """Where an invoice is paid: online or to a bank account, and to which one."""

    _inherit = "account.move"

    # === COMPUTE METHODS === #

    @api.depends("currency_id")
    def _compute_partner_bank_id(self):
        """Prefer an account in the currency of the invoice to one in any currency, unless a journal was chosen."""
        super()._compute_partner_bank_id()
        for move in self.filtered(lambda move: move.billing_managed and move.move_type == "out_invoice"):
            account = move.partner_bank_id
            if account and not account.currency_id and not move._get_inbound_method():
                move.partner_bank_id = move._get_accounts_in_currency()[:1] or account

    # === CRUD METHODS === #

    def write(self, vals):
        res = super().write(vals)
        if "billing_collection" in vals:
            self.filtered(lambda move: not move._is_paid_online())._expire_checkouts()
        return res

    # === GETTERS === #

    def _get_inbound_method(self):
        """Return the payment method that the customer or the firm prefers: its journal has the account.

        Note: `self.ensure_one()`

        :rtype: recordset of `account.payment.method.line`
        """
        self.ensure_one()
        return self.preferred_payment_method_line_id or self.bank_partner_id.property_inbound_payment_method_line_id

    def _get_accounts_in_currency(self):
        """Return the firm's accounts that are in the currency of the invoice.

        Note: `self.ensure_one()`

        :rtype: recordset of `res.partner.bank`
        """
        self.ensure_one()
        return self.bank_partner_id.bank_ids.filtered(
            lambda account: (
                account.currency_id == self.currency_id and account.company_id.id in (False, self.company_id.id)
            )
        )
