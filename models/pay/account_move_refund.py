from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_amount

from ..logic.invoice_status import DUE
from ..logic.stripe_refund import plan_refund
from ..settings.row_lock import touch_rows
from .payment_provider import STRIPE

EARLY_REFUND = "service_billing.mail_activity_type_early_refund"


class AccountMove(models.Model):
    """Credit notes that are refunded to the cards that paid."""

    _inherit = "account.move"

    billing_refund_ids = fields.One2many(
        comodel_name="service.refund",
        inverse_name="move_id",
        string="Refunds",
        readonly=True,
        groups="service_billing.group_biller",
    )

    # === ACTION METHODS === #

    def action_billing_refund(self):
        """Open the window that refunds the credit note; where no card can be refunded, the one of bank payments.

        :rtype: dict
        :raise UserError: If nothing of it is left to refund.
        """
        self.ensure_one()
        self.check_access("write")
        if self._get_refundable_cards():
            return self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_refund_request_action")
        return self._get_bank_refund_action()

    # === BUSINESS METHODS - REFUND === #

    def _start_refund(self, amount):
        """Write down that the credit note is refunded to the cards that paid, and let jobs do it.

        Note: `self.ensure_one()`

        :param float amount: In the currency of the credit note.
        :return: The refunds in sudo mode, one for each payment.
        :rtype: recordset of `payment.transaction`
        :raise UserError: If it is more than is left, or than the cards paid.
        """
        self.ensure_one()
        self.check_access("write")
        touch_rows(self)
        # In sudo mode because whoever refunds need not reach payments of cards.
        touch_rows(self.sudo()._find_card_payments())
        self._check_refund(amount)
        refunds = self.env["payment.transaction"].sudo()
        for payment, share in self._plan_refund(amount).items():
            refunds |= payment._create_refund(share, invoice_ids=[Command.set(self.ids)])
        for refund in refunds:
            self._log_event("refund_asked", refund._get_refund_details())
        refunds._enqueue_refunds()
        return refunds

    def _check_refund(self, amount):
        currency = self.currency_id
        if not self.billing_managed or self.move_type != "out_refund" or self.billing_status not in DUE:
            raise UserError(self.env._("%(document)s is no open credit note.", document=self.display_name))
        most = self._get_card_refundable()
        is_amount = currency.compare_amounts(amount, 0.0) > 0 and currency.compare_amounts(amount, most) <= 0
        if not is_amount:
            raise UserError(
                self.env._("Enter an amount up to %(amount)s.", amount=format_amount(self.env, most, currency))
            )

    def _plan_refund(self, amount):
        """Return how much of an amount goes to which payment, the oldest first.

        :rtype: dict
        """
        cards = {tx: Decimal(str(left)) for tx, left in self._get_refundable_cards().items()}
        return {tx: float(share) for tx, share in plan_refund(Decimal(str(amount)), cards).items()}

    def _post(self, soft=True):
        """Let a credit note settle what was refunded for its invoice before there was one."""
        posted = super()._post(soft)
        for credit_note in posted.filtered(lambda move: move.billing_managed and move.move_type == "out_refund"):
            credit_note._use_early_refunds()
        return posted

    def _use_early_refunds(self):
        # In sudo mode because whoever finalizes need not reach payments of cards.
        payments_sudo = self.sudo().reversed_entry_id.transaction_ids.child_transaction_ids.filtered(
            lambda tx: tx.operation == "refund"
        )
        lines = payments_sudo.payment_id._get_open_receivables()
        due = self.sudo().line_ids.filtered(lambda line: line.display_type == "payment_term" and not line.reconciled)
        lines = lines.filtered(lambda line: line.account_id == due.account_id[:1])
        if lines and due:
            (lines + due).reconcile()
            used = payments_sudo.filtered(lambda tx: tx.payment_id.move_id in lines.move_id)
            used.invoice_ids = [Command.link(self.id)]
            if not payments_sudo.payment_id._get_open_receivables():
                used.source_transaction_id.invoice_ids.activity_feedback(
                    [EARLY_REFUND], feedback=self.env._("Settled by %(number)s.", number=self.name)
                )

    def _schedule_to_do(self, summary, note, *, activity_type="mail.mail_activity_data_todo"):
        """Leave a to-do on the documents.

        :param str summary: What happened.
        :param str note: What to do.
        :param str activity_type: The XML id of its type.
        """
        for move in self:
            user = move.invoice_user_id or move.company_id._get_job_responsible()
            move.activity_schedule(activity_type, summary=summary, note=note, user_id=user.id, automated=True)

    # === GETTERS === #

    def _get_bank_refund_action(self):
        """Return the window in which a payment to the customer is recorded.

        :rtype: dict
        """
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("service_billing.account_payment_register_action"),
            "context": {"active_model": self._name, "active_ids": self.ids, "dont_redirect_to_payments": True},
        }

    def _get_refund_left(self):
        """Return what is left of a credit note, and not on its way to a card yet.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        # In sudo mode because whoever refunds need not reach payments of cards.
        asked = self.sudo().transaction_ids.filtered(lambda tx: tx.operation == "refund" and tx.state == "draft")
        return self.currency_id.round(self.amount_residual + sum(asked.mapped("amount")))

    def _get_card_refundable(self):
        """Return how much of a credit note can go back to cards.

        Note: `self.ensure_one()`

        :rtype: float
        """
        return min(self._get_refund_left(), sum(self._get_refundable_cards().values()))

    def _get_refundable_cards(self):
        """Return the payments that can be refunded, the oldest first, and how much of each.

        Note: `self.ensure_one()`

        :return: Payments in sudo mode.
        :rtype: dict
        """
        self.ensure_one()
        # In sudo mode because whoever refunds need not reach payments of cards.
        payments = self.sudo()._find_card_payments()
        cards = {tx: tx._get_refundable() for tx in payments}
        return {tx: left for tx, left in cards.items() if self.currency_id.compare_amounts(left, 0.0) > 0}

    def _find_card_payments(self):
        """Return the card payments of the credited invoice; a credit note without one may go to any card of its
        customer.

        Note: `self.ensure_one()`, in sudo mode.

        :rtype: recordset of `payment.transaction`
        """
        self.ensure_one()
        domain = Domain("provider_id.code", "=", STRIPE) & Domain("state", "=", "done") & Domain("amount", ">", 0)
        domain &= Domain("company_id", "=", self.company_id.id) & Domain("currency_id", "=", self.currency_id.id)
        domain &= Domain("operation", "!=", "validation")
        if self.reversed_entry_id:
            domain &= Domain("invoice_ids", "in", self.reversed_entry_id.ids)
        else:
            domain &= Domain("partner_id", "child_of", self.commercial_partner_id.id)
        return self.env["payment.transaction"].search(domain, order="id")
