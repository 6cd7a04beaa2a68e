from odoo import fields, models
from odoo.fields import Domain

from ..logic.stripe_payout import DISPUTE, FEE, OTHER, PAYMENT, PAYOUT, REFUND


class ServicePayoutLine(models.Model):
    """One movement of money in a payout: a payment, a refund, a dispute or a fee."""

    _name = "service.payout.line"
    _description = "Part of a Stripe Payout"
    _rec_name = "balance_ref"

    payout_id = fields.Many2one("service.payout", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="payout_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="payout_id.currency_id")
    kind = fields.Selection(
        selection=[
            (PAYMENT, "Payment"),
            (REFUND, "Refund"),
            (DISPUTE, "Dispute"),
            (FEE, "Fee"),
            (PAYOUT, "Payout that came back"),
            (OTHER, "Something else"),
        ],
        required=True,
        readonly=True,
    )
    balance_ref = fields.Char(string="Movement", required=True, readonly=True)
    source_ref = fields.Char(string="Of", readonly=True)
    gross = fields.Monetary(readonly=True)
    fee = fields.Monetary(readonly=True)
    net = fields.Monetary(readonly=True)

    # what it is here
    transaction_id = fields.Many2one("payment.transaction", readonly=True, groups="account.group_account_readonly")
    dispute_id = fields.Many2one("service.dispute", readonly=True)
    returned_id = fields.Many2one("service.payout", string="Payout That Came Back", readonly=True)
    is_known = fields.Boolean(string="Known", readonly=True)

    _balance_uniq = models.UniqueIndex("(payout_id, balance_ref)")

    # === BUSINESS METHODS - MATCHING === #

    def _match(self):
        """Find the payments, refunds, disputes and payouts that the lines are about."""
        refs = list(filter(None, self.mapped("source_ref")))
        provider = self.payout_id.provider_id
        known = Domain("provider_reference", "in", refs) | Domain("billing_charge_ref", "in", refs)
        transactions = self.env["payment.transaction"].search(known & Domain("provider_id", "=", provider.id))
        by_ref = {tx.billing_charge_ref or tx.provider_reference: tx for tx in transactions}
        disputes = (
            self.env["service.dispute"]
            .search([("dispute_ref", "in", refs), ("provider_id", "=", provider.id)])
            .grouped("dispute_ref")
        )
        payouts = (
            self.env["service.payout"]
            .search([("payout_ref", "in", refs), ("provider_id", "=", provider.id), ("entry_id", "!=", False)])
            .grouped("payout_ref")
        )
        for line in self:
            line.transaction_id = line.kind in (PAYMENT, REFUND) and by_ref.get(line.source_ref)
            line.dispute_id = line.kind == DISPUTE and disputes.get(line.source_ref)
            line.returned_id = line.kind == PAYOUT and payouts.get(line.source_ref)
            line.is_known = line._is_known()

    # === GETTERS === #

    def _is_known(self):
        self.ensure_one()
        tx = self.transaction_id
        if self.kind in (PAYMENT, REFUND):
            is_same = tx.currency_id != self.currency_id or not self.currency_id.compare_amounts(
                abs(tx.amount), abs(self.gross)
            )
            return bool(tx.payment_id.move_id) and is_same
        return self.kind == FEE or bool(self.dispute_id or self.returned_id)

    def _get_clearing_moves(self):
        """Return the entries that put on the clearing account what the lines take from it.

        :rtype: recordset of `account.move`
        """
        payments = self.transaction_id.payment_id.move_id
        return payments | payments.reversal_move_ids | self.dispute_id.entry_ids
