from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..logic import invoice_status
from ..settings.res_company import get_local_time


class ServiceOpenItem(models.Model):
    """What is due, when, and how much of it is left: one row for each instalment of a finalized document.

    Everybody who asks what is due or overdue reads it, so that no two answers differ. Its key is (`kind`, line): what
    keeps something about a row keeps these two and never the id.
    """

    _name = "service.open.item"
    _description = "Open Item"
    _auto = False
    _order = "date_due, id"
    _rec_name = "move_id"
    _depends = {
        "account.move": ["billing_managed", "billing_status", "commercial_partner_id", "move_type", "partner_id"],
        "account.move.line": [
            "amount_currency",
            "amount_residual",
            "amount_residual_currency",
            "balance",
            "company_currency_id",
            "company_id",
            "currency_id",
            "date_maturity",
            "display_type",
            "move_id",
            "parent_state",
            "reconciled",
        ],
    }

    # what
    kind = fields.Selection(selection=[("term", "Payment terms")], readonly=True)
    line_id = fields.Many2one("account.move.line", string="Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    move_type = fields.Char(string="Type of Document", readonly=True)
    billing_status = fields.Char(string="Status of Document", readonly=True)
    position = fields.Integer(readonly=True, help="Which instalment of its document it is, by due date.")
    position_text = fields.Char(string="Instalment", compute="_compute_position_text")

    # how much: below zero on credit notes
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
    residual = fields.Monetary(string="Left", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_company = fields.Monetary(
        string="Amount in Company Currency", currency_field="company_currency_id", readonly=True
    )
    residual_company = fields.Monetary(
        string="Left in Company Currency", currency_field="company_currency_id", readonly=True
    )

    # when
    date_due = fields.Date(string="Due Date", readonly=True)
    is_settled = fields.Boolean(string="Settled", readonly=True)
    status = fields.Selection(
        selection=[
            ("paid", "Paid"),
            ("partly", "Partly paid"),
            ("due", "Due today"),
            ("overdue", "Overdue"),
            ("upcoming", "Upcoming"),
            ("credit", "Credit"),
            ("closed", "Closed"),
        ],
        readonly=True,
        help="As of today where the company is. A credit is what is left of a credit note; "
        "nothing of a closed document is to be paid.",
    )

    # === COMPUTE METHODS === #

    @api.depends("position", "move_id")
    def _compute_position_text(self):
        counts = dict(self._read_group([("move_id", "in", self.move_id.ids)], ["move_id"], ["__count"]))
        for item in self:
            item.position_text = self.env._(
                "%(position)s of %(count)s", position=item.position, count=counts.get(item.move_id, 1)
            )

    # === GETTERS === #

    @property
    def _table_query(self):
        return self._get_query(self._get_today_sql())

    @api.model
    def _get_query(self, today):
        """Return the query of all open items, due and overdue as of a day. What is left of them is what is left now.

        :param SQL today: The day, for each `line.company_id`.
        :rtype: SQL
        """
        columns = SQL("%s, %s", self._select(), self._select_status(today))
        return SQL("SELECT %s FROM %s WHERE %s", columns, self._from(), self._where())

    @api.model
    def _select(self):
        return SQL(
            """
            line.id,
            'term' AS kind,
            line.id AS line_id,
            line.move_id,
            move.partner_id,
            move.commercial_partner_id,
            line.company_id,
            line.currency_id,
            line.company_currency_id,
            line.amount_currency AS amount,
            line.amount_residual_currency AS residual,
            line.balance AS amount_company,
            line.amount_residual AS residual_company,
            line.date_maturity AS date_due,
            line.reconciled AS is_settled,
            move.move_type,
            move.billing_status,
            (SELECT count(*)
               FROM account_move_line other
              WHERE other.move_id = line.move_id
                AND other.display_type = 'payment_term'
                AND (other.date_maturity, other.id) <= (line.date_maturity, line.id)) AS position
            """
        )

    @api.model
    def _select_status(self, today):
        return SQL(
            """
            CASE WHEN move.billing_status IN %(closed)s THEN 'closed'
                 WHEN line.reconciled OR move.billing_status NOT IN %(due)s THEN 'paid'
                 WHEN move.move_type = 'out_refund' THEN 'credit'
                 WHEN line.date_maturity < %(today)s THEN 'overdue'
                 WHEN line.date_maturity = %(today)s THEN 'due'
                 WHEN line.amount_residual_currency <> line.amount_currency THEN 'partly'
                 ELSE 'upcoming'
             END AS status
            """,
            closed=(invoice_status.VOID, invoice_status.UNCOLLECTIBLE),
            due=invoice_status.DUE,
            today=today,
        )

    @api.model
    def _from(self):
        return SQL("account_move_line line JOIN account_move move ON move.id = line.move_id")

    @api.model
    def _where(self):
        return SQL(
            """
            line.display_type = 'payment_term'
            AND line.parent_state = 'posted'
            AND move.billing_managed
            AND move.move_type IN ('out_invoice', 'out_refund')
            """
        )

    @api.model
    def _get_today_sql(self):
        """Return the day that it is for each `line.company_id`; a constant where it is the same for all."""
        days = self._get_companies_by_day()
        *others, last = (SQL("%s::date", day) for day in days)
        if not others:
            return last
        cases = [
            SQL("WHEN line.company_id = ANY(%s) THEN %s", company_ids, day)
            for day, company_ids in zip(others, days.values(), strict=False)
        ]
        return SQL("(CASE %s ELSE %s END)", SQL(" ").join(cases), last)

    @api.model
    def _get_companies_by_day(self):
        """Return which day it is where: a company's own time zone decides.

        :return: `{day: ids of companies}`
        :rtype: dict[date, list[int]]
        """
        now, days = fields.Datetime.now(), {}
        for zone, company_ids in self.env["res.company"]._get_billing_zones().items():
            days.setdefault(get_local_time(now, zone).date(), []).extend(company_ids)
        return days

    @api.model
    def _get_overdue_domain(self):
        """Return the domain of what is overdue today: what has the status "overdue", but found by index.

        :rtype: Domain
        """
        late = Domain.OR(
            Domain("company_id", "in", company_ids) & Domain("date_due", "<", day)
            for day, company_ids in self._get_companies_by_day().items()
        )
        due = Domain("move_type", "=", "out_invoice") & Domain("billing_status", "in", invoice_status.DUE)
        return Domain("is_settled", "=", False) & due & late
