from odoo import api, fields, models
from odoo.tools import SQL

from ..logic import invoice_status


class ServiceCreditItem(models.Model):
    """Money and credit notes of customers: what came in, what used it, and what is left of it.

    The ledger is the only book: a row is a credit line on a receivable account, and the customer's balance is what is
    not reconciled of them.
    """

    _name = "service.credit.item"
    _description = "Customer Credit"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.account": ["account_type"],
        "account.move": [
            "billing_origin_move_id",
            "billing_status",
            "move_type",
            "origin_payment_id",
            "statement_line_id",
        ],
        "account.move.line": [
            "account_id",
            "amount_currency",
            "amount_residual",
            "amount_residual_currency",
            "balance",
            "company_currency_id",
            "company_id",
            "currency_id",
            "date",
            "move_id",
            "parent_state",
            "partner_id",
            "reconciled",
            "ref",
        ],
        "res.partner": ["commercial_partner_id"],
    }

    # what
    kind = fields.Selection(
        selection=[("payment", "Payment"), ("credit_note", "Credit note"), ("entry", "Journal entry")], readonly=True
    )
    line_id = fields.Many2one("account.move.line", string="Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(readonly=True)
    reference = fields.Char(readonly=True)

    # how much
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
    used = fields.Monetary(readonly=True)
    residual = fields.Monetary(string="Left", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    residual_company = fields.Monetary(
        string="Left in Company Currency", currency_field="company_currency_id", readonly=True
    )
    is_used = fields.Boolean(string="Used Up", readonly=True)
    use_ids = fields.One2many("service.credit.use", "item_id", string="Used For", readonly=True)

    # === ACTION METHODS === #

    def action_open_document(self):
        """Open the payment or the credit note.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return (self.payment_id or self.move_id).get_formview_action()

    # === GETTERS === #

    @property
    def _table_query(self):
        return SQL("SELECT %s FROM %s WHERE %s", self._select(), self._from(), self._where())

    @api.model
    def _select(self):
        return SQL(
            """
            line.id,
            CASE WHEN move.origin_payment_id IS NOT NULL THEN 'payment'
                 WHEN move.move_type = 'out_refund' THEN 'credit_note'
                 ELSE 'entry'
             END AS kind,
            line.id AS line_id,
            line.move_id,
            move.origin_payment_id AS payment_id,
            customer.commercial_partner_id,
            line.company_id,
            line.date,
            line.ref AS reference,
            line.currency_id,
            -line.amount_currency AS amount,
            line.amount_residual_currency - line.amount_currency AS used,
            -line.amount_residual_currency AS residual,
            line.company_currency_id,
            -line.amount_residual AS residual_company,
            line.reconciled AS is_used
            """
        )

    @api.model
    def _from(self):
        return SQL(
            """
            account_move_line line
            JOIN account_move move ON move.id = line.move_id
            JOIN account_account account ON account.id = line.account_id
            JOIN res_partner customer ON customer.id = line.partner_id
            """
        )

    @api.model
    def _where(self):
        return SQL(
            """
            account.account_type = 'asset_receivable'
            AND line.parent_state = 'posted'
            AND line.balance < 0
            AND move.move_type IN ('entry', 'out_refund')
            AND move.billing_origin_move_id IS NULL
            AND move.billing_status IS DISTINCT FROM %s
            AND (move.origin_payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL
                 OR move.move_type = 'out_refund' OR line.reconciled IS NOT TRUE)
            """,
            invoice_status.VOID,
        )
