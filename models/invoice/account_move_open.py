from odoo import fields, models
from odoo.fields import Domain


class AccountMove(models.Model):
    """What is left to pay of a document: due and overdue today, instalment by instalment."""

    _inherit = "account.move"

    # Without dependencies: every payment and every line that is written would look for what is due.
    billing_overdue = fields.Boolean(
        string="Overdue",
        compute="_compute_billing_due",
        compute_sudo=True,
        search="_search_billing_overdue",
        help="An instalment is overdue from the day after its due date, in the company's time zone.",
    )
    billing_amount_overdue = fields.Monetary(string="Overdue Amount", compute="_compute_billing_due", compute_sudo=True)
    billing_amount_due_now = fields.Monetary(
        string="Due Now",
        compute="_compute_billing_due",
        compute_sudo=True,
        help="What is overdue, and what is due today.",
    )
    billing_next_due_date = fields.Date(
        string="Next Due",
        compute="_compute_billing_due",
        compute_sudo=True,
        help="The due date of the first instalment that is not paid.",
    )
    billing_balance_due = fields.Monetary(
        string="Balance Due",
        compute="_compute_billing_balance_due",
        help="The total less payments and credits; nothing on documents that are void, uncollectible or cancelled.",
    )
    billing_open_item_ids = fields.One2many(
        comodel_name="service.open.item",
        inverse_name="move_id",
        string="Instalments",
        readonly=True,
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    # === COMPUTE METHODS === #

    def _compute_billing_due(self):
        due = self._get_due()
        for move in self:
            days = due.get(move._origin, {})
            overdue, today = (days.get(status, (0.0, None)) for status in ("overdue", "due"))
            move.billing_overdue = "overdue" in days
            move.billing_amount_overdue = overdue[0]
            move.billing_amount_due_now = overdue[0] + today[0]
            move.billing_next_due_date = min((day for _amount, day in days.values()), default=False)

    def _search_billing_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        # In sudo mode because whoever sees the document may see that it is overdue.
        items_sudo = self.env["service.open.item"].sudo()
        overdue = items_sudo._search(items_sudo._get_overdue_domain())
        found = Domain("id", "in", overdue.subselect("move_id"))
        return found if True in value else ~found

    def _compute_billing_balance_due(self):
        for move in self:
            move.billing_balance_due = move.amount_residual if move.state == "posted" else 0.0

    # === GETTERS === #

    def _get_due(self):
        """Return what is left to pay of the invoices, by its status today.

        :return: For each invoice with something left `{status: (amount, first due date)}`, with the statuses `overdue`,
            `due`, `partly` and `upcoming` of `service.open.item`; the amount is in the currency of the document.
        :rtype: dict
        """
        finalized = self.filtered(lambda move: move.billing_managed and move.state == "posted")
        groups = self.env["service.open.item"]._read_group(
            [("move_id", "in", finalized.ids), ("status", "in", ("overdue", "due", "partly", "upcoming"))],
            ["move_id", "status"],
            ["residual:sum", "date_due:min"],
        )
        due = {}
        for move, status, amount, day in groups:
            due.setdefault(move, {})[status] = (amount, day)
        return due


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # What is open among all that was ever invoiced, for whoever asks what is overdue.
    _billing_open_term_idx = models.Index(
        "(date_maturity, company_id, move_id) "
        "WHERE display_type = 'payment_term' AND parent_state = 'posted' AND reconciled IS NOT TRUE"
    )

    # === GETTERS === #

    def _get_installments_data(self, payment_currency=None, payment_date=None, next_payment_date=None):
        """Override of `account`: what is overdue or discounted of a document of ours follows the day of its company, or
        that of the payment in the context."""
        if not payment_date and self.move_id.billing_managed:
            day = self.env.context.get("billing_payment_day")
            payment_date = day or self.move_id.company_id._get_billing_today()
        return super()._get_installments_data(payment_currency, payment_date, next_payment_date)
