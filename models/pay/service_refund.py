from odoo import fields, models
from odoo.tools import SQL


class ServiceRefund(models.Model):
    """A refund to a card, as those see it who may not see payments of cards: the transaction is the only book."""

    _name = "service.refund"
    _description = "Refund to a Card"
    _auto = False
    _order = "id desc"
    _rec_name = "reference"
    _depends = {
        "payment.transaction": [
            "amount",
            "company_id",
            "currency_id",
            "invoice_ids",
            "operation",
            "provider_reference",
            "reference",
            "source_transaction_id",
            "state",
            "state_message",
        ]
    }

    move_id = fields.Many2one("account.move", string="Credit Note", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    reference = fields.Char(readonly=True)
    external_ref = fields.Char(string="Stripe's Number", readonly=True)
    asked_at = fields.Datetime(string="Asked For", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("pending", "Pending at the bank"),
            ("succeeded", "Succeeded"),
            ("failed", "Failed"),
        ],
        readonly=True,
    )
    reason = fields.Char(readonly=True)

    # === GETTERS === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT tx.id,
                   (SELECT min(rel.invoice_id) FROM account_invoice_transaction_rel rel
                     WHERE rel.transaction_id = tx.id) AS move_id,
                   tx.company_id,
                   tx.reference,
                   tx.provider_reference AS external_ref,
                   tx.create_date AS asked_at,
                   tx.currency_id,
                   -tx.amount AS amount,
                   CASE tx.state WHEN 'draft' THEN 'waiting'
                                 WHEN 'pending' THEN 'pending'
                                 WHEN 'done' THEN 'succeeded'
                                 ELSE 'failed'
                    END AS state,
                   tx.state_message AS reason
              FROM payment_transaction tx
             WHERE tx.operation = 'refund'
            """
        )
