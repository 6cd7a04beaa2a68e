from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount
from odoo.tools.sql import column_exists

from ..logic.invoice_status import DUE, SETTLED
from ..settings.row_lock import wait_for_rows


class AccountMove(models.Model):
    """How a document was paid, where that is more than money that somebody recorded."""

    _inherit = "account.move"

    billing_paid_by = fields.Selection(
        selection=[("online", "Online"), ("manual", "Marked by hand")],
        compute="_compute_billing_paid_by",
        store=True,
        copy=False,
        help="Kept by what is reconciled, so that the status need not look for it.",
    )

    def _auto_init(self):
        """Leave the documents that are there already alone: nobody paid them in one of our ways."""
        if not column_exists(self.env.cr, "account_move", "billing_paid_by"):
            self.env.cr.execute(SQL("ALTER TABLE account_move ADD COLUMN billing_paid_by varchar"))
        return super()._auto_init()

    # === COMPUTE METHODS === #

    def _compute_billing_paid_by(self):
        paid = self.filtered(lambda move: move.billing_managed and move.state == "posted")
        (self - paid).billing_paid_by = False
        for move in paid:
            lines = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
            counterparts = lines.matched_credit_ids.credit_move_id | lines.matched_debit_ids.debit_move_id
            move.billing_paid_by = counterparts.move_id._get_paid_by(move.company_id)

    @api.depends("billing_paid_by")
    def _compute_billing_status(self):
        super()._compute_billing_status()

    # === ACTION METHODS === #

    def action_billing_mark_paid(self):
        """Open the window that asks why the invoices count as paid.

        :rtype: dict
        """
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_mark_paid_action")
        return {**action, "context": {"active_ids": self.ids}}

    # === BUSINESS METHODS - PAYMENTS === #

    def _mark_paid(self, note=""):
        """Take it that the invoices are paid: a placeholder stands for the money until the bank shows it.

        :param str note: Why, for the payment and the audit trail.
        :return: A notice where all of them were paid already, else nothing.
        :rtype: dict or None
        :raise UserError: If one cannot be paid.
        """
        self.check_access("write")
        wait_for_rows(self)
        due = self.filtered(lambda move: move.billing_status not in SETTLED)
        if not due:
            return self._get_notice(self.env._("Paid already."))
        for move in due:
            if move.move_type != "out_invoice" or move.billing_status not in DUE or not move.amount_residual:
                raise UserError(self.env._("%(document)s is not open for payment.", document=move.display_name))
            for message in move._get_processing_constraints().values():
                raise UserError(message)
        for move in due:
            move._register_payment(
                amount=move.amount_residual,
                payment_date=move.company_id._get_billing_today(),
                billing_is_placeholder=True,
                billing_note=note.strip(),
            )
            if note.strip():
                move._log_event("marked_paid", {"note": note.strip()})
        return None

    def _pay_written_off(self, amount, day, journal):
        """Record money that came in after the invoice was written off, and recover as much of the bad debt.

        Note: `self.ensure_one()`

        :param float amount: In the invoice's currency.
        :param date day: When it came in.
        :param journal: The bank or cash journal.
        :return: The payment.
        :rtype: recordset of `account.payment`
        :raise UserError: If the amount is not what can be paid.
        """
        self.ensure_one()
        self.check_access("write")
        wait_for_rows(self)
        payable = self._get_payable_amount()
        if self.currency_id.compare_amounts(amount, 0.0) <= 0 or self.currency_id.compare_amounts(amount, payable) > 0:
            raise UserError(
                self.env._(
                    "Enter an amount up to %(amount)s.", amount=format_amount(self.env, payable, self.currency_id)
                )
            )
        self.env["account.payment"]._check_open_day(self.company_id, journal, day)
        self._reopen_written_off(amount - self.amount_residual)
        return self._register_payment(amount=amount, payment_date=day, journal_id=journal.id)

    def _register_payment(self, **values):
        self.ensure_one()
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=self.ids)
            .create(values)
        )
        return wizard._create_payments()

    def _update_paid_by(self):
        """Look again how the documents were paid, when what is reconciled with them changes."""
        for name in ("billing_paid_by", "billing_status"):
            self.env.add_to_compute(self._fields[name], self)

    def _note_late_payment(self, payment):
        """Leave a to-do on void documents for which money came in: it is the customer's credit.

        :param payment: The payment.
        """
        for move in self.filtered(lambda move: move.billing_managed and move._is_void()):
            move.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Money came in for a void invoice"),
                note=self.env._(
                    "%(payment)s is the customer's credit now: apply it to another invoice, or refund it.",
                    payment=payment.display_name,
                ),
                user_id=move.invoice_user_id.id or move.company_id._get_job_responsible().id,
            )

    def _note_overpayment(self, payment, amount):
        """Leave a to-do on the first document that still stands: what came in was not all due.

        :param payment: The payment.
        :param float amount: What became the customer's credit, in the payment's currency.
        """
        move = self.filtered(lambda move: move.billing_managed and not move._is_void())[:1]
        if move:
            move.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("More money came in than was due"),
                note=self.env._(
                    "%(amount)s of %(payment)s is the customer's credit: apply it to another invoice, or refund it.",
                    amount=format_amount(self.env, amount, payment.currency_id),
                    payment=payment.display_name,
                ),
                user_id=move.invoice_user_id.id or move.company_id._get_job_responsible().id,
            )

    # === GETTERS === #

    def _get_paid_by(self, company):
        """Tell in which of our ways these entries paid a document.

        :param company: The company of the document.
        :return: A value of `billing_paid_by`: online only where nothing else paid a part of it.
        :rtype: str or bool
        """
        # A difference of exchange rates pays nothing.
        entries = self.filtered(lambda entry: entry.journal_id != company.currency_exchange_journal_id)
        payments = entries.origin_payment_id
        if any(payments.mapped("billing_is_placeholder")):
            return "manual"
        online = payments.filtered(lambda payment: payment._is_online())
        return "online" if entries and online.move_id == entries else False

    def _has_to_be_paid(self):
        """Override of `account_payment`: nothing of a void or written-off document is due."""
        is_settled = self.billing_managed and self.currency_id.is_zero(self.amount_residual)
        return not is_settled and super()._has_to_be_paid()

    def _get_status_inputs(self):
        return {**super()._get_status_inputs(), "paid_by": self.billing_paid_by or ""}

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"billing_paid_by", "transaction_ids"}
