from odoo import fields, models
from odoo.tools import SQL


class ServiceCreditUse(models.Model):
    """What a customer's credit was used for: an invoice that it paid, or money that was paid back."""

    _name = "service.credit.use"
    _description = "Use of a Customer Credit"
    _auto = False
    _order = "used_on, id"
    _rec_name = "move_id"
    _depends = {
        "account.move.line": ["company_id", "move_id"],
        "account.partial.reconcile": [
            "credit_amount_currency",
            "credit_currency_id",
            "credit_move_id",
            "debit_move_id",
        ],
    }

    item_id = fields.Many2one("service.credit.item", string="Credit", readonly=True)
    move_id = fields.Many2one("account.move", string="Used For", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    used_on = fields.Datetime(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)

    # === GETTERS === #

    @property
    def _table_query(self):
        # A difference of exchange rates uses nothing in the credit's own currency.
        return SQL(
            """
            SELECT partial.id,
                   partial.credit_move_id AS item_id,
                   due.move_id,
                   due.company_id,
                   partial.create_date AS used_on,
                   partial.credit_currency_id AS currency_id,
                   partial.credit_amount_currency AS amount
              FROM account_partial_reconcile partial
              JOIN account_move_line due ON due.id = partial.debit_move_id
             WHERE partial.credit_amount_currency <> 0
            """
        )
