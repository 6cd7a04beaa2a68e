from odoo import fields, models
from odoo.tools import format_date

from ..logic.due_date import allowed_due_dates


class AccountMove(models.Model):
    """When an invoice may be due, and on which day it is finalized: the company's."""

    _inherit = "account.move"

    billing_is_imported = fields.Boolean(string="Imported", compute="_compute_billing_is_imported")

    # === COMPUTE METHODS === #

    def _compute_billing_is_imported(self):
        # In sudo mode because the imports of other users count too.
        lines_sudo = self.env["service.invoice.import.line"].sudo().search([("move_id", "in", self.ids)])
        imported = lines_sudo.move_id.sudo(self.env.su)
        for move in self:
            move.billing_is_imported = move in imported

    # === BUSINESS METHODS - FINALIZE === #

    def _post(self, soft=True):
        """Let the clock of the company, not that of the user or the server, say which day it is."""
        posted = self.browse()
        zones = self.grouped(lambda move: move.billing_managed and move.company_id.billing_timezone)
        for zone, moves in zones.items():
            if zone:
                moves._apply_due_on_receipt()
            in_zone = moves.with_context(tz=zone) if zone else moves
            posted |= super(AccountMove, in_zone)._post(soft).with_env(self.env)
        return posted

    def _apply_due_on_receipt(self):
        """Make invoices that are due on receipt due today, however long they were drafts."""
        for move in self.filtered(lambda move: move.state == "draft" and move._is_due_on_receipt()):
            today = move.company_id._get_billing_today()
            if move.invoice_date_due != today:
                move.invoice_date_due = today

    def _get_finalize_constraints(self):
        constraints = super()._get_finalize_constraints()
        today = self.company_id._get_billing_today()
        allowed = self.move_type == "out_invoice" and self._get_allowed_due_dates(today)
        is_allowed = not allowed or allowed[0] <= self._get_coming_due_date(today) <= allowed[1]
        if not is_allowed and not self.billing_is_imported:
            constraints["due_date"] = self.env._(
                "An invoice finalized today is due from %(first)s to %(last)s: change its due date or payment terms.",
                first=format_date(self.env, allowed[0]),
                last=format_date(self.env, allowed[1]),
            )
        return constraints

    # === GETTERS === #

    def _get_allowed_due_dates(self, today):
        """Return the first and the last day on which the invoice may be due.

        Note: `self.ensure_one()`

        :param date today: The day in the time zone of the company.
        :return: Both days, or nothing where every day is possible.
        :rtype: tuple[date, date] or None
        """
        self.ensure_one()
        company = self.company_id
        return allowed_due_dates(
            today,
            company.billing_due_limit,
            self.invoice_date or today,
            on_receipt=company.billing_due_on_receipt,
        )

    def _get_coming_due_date(self, today):
        """Return the due date that the draft has once it is finalized.

        Note: `self.ensure_one()`

        :param date today: The day in the time zone of the company.
        :rtype: date
        """
        self.ensure_one()
        if self.invoice_payment_term_id and not self.invoice_date:
            return max(line._get_due_date(today) for line in self.invoice_payment_term_id.line_ids)
        return today if self._is_due_on_receipt() else self.invoice_date_due or today

    def _is_due_on_receipt(self):
        """Tell whether nobody chose a date or payment terms: the due date is the day on which the draft was made.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        if self.invoice_date or self.invoice_payment_term_id or self.move_type != "out_invoice":
            return False
        made = self.create_date or fields.Datetime.now()
        days = {self.company_id._get_billing_time(made).date(), fields.Datetime.context_timestamp(self, made).date()}
        return self.invoice_date_due in days
