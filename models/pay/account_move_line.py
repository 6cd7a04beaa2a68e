from decimal import Decimal

from odoo import models

from ..logic.credit_plan import plan_uses
from .payment_provider import STRIPE


class AccountMoveLine(models.Model):
    """Lines of receivables: what is due, and the credit that pays it."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS - CREDIT === #

    def _apply_credits(self, credits):
        """Let credits pay what is due on the lines, oldest first, each with those of its customer and currency.

        :param credits: Open credit lines, oldest first, locked.
        """
        plan = []
        by_due = self.sorted(lambda line: (line.date_maturity or line.date, line.id)).grouped(_get_credit_key)
        for key, lines in credits.grouped(_get_credit_key).items():
            uses = plan_uses(_get_open_amounts(lines), _get_open_amounts(by_due.get(key, self.browse())))
            plan += [credit + due for credit, due, _amount in uses]
        if plan:
            self._reconcile_plan(plan)

    def _pay_back(self, values):
        """Pay out as much of the credit on the lines as the payment says.

        :param dict values: What the payment is made of; not more than is left of the credit.
        :rtype: recordset of `account.payment`
        """
        payment = self.env["account.payment"].create(values)
        payment.action_post()
        account = self.account_id
        (self + payment.move_id.line_ids.filtered(lambda line: line.account_id == account)).reconcile()
        return payment

    # === GETTERS === #

    def _find_credits(self):
        """Return the open credits that may pay what is due on the lines, oldest first. What follows an invoice that is
        being corrected stays with it.

        :rtype: recordset of `account.move.line`
        """
        credits = self.search(
            [
                ("account_id", "in", self.account_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("currency_id", "in", self.currency_id.ids),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("balance", "<", 0),
                ("move_id.move_type", "in", ("entry", "out_refund")),
            ],
            order="date, id",
        )
        if not credits:
            return credits
        corrected = self.env["account.move"].search(
            [("billing_carried_line_ids", "in", credits.ids), ("state", "=", "draft")]
        )
        return credits - corrected.billing_carried_line_ids

    def _get_card_payments(self):
        """Return the card payments whose credit is on the lines, in their order.

        :return: In sudo mode.
        :rtype: recordset of `payment.transaction`
        """
        # In sudo mode because whoever refunds need not reach payments of cards.
        payments_sudo = self.sudo().move_id.origin_payment_id.payment_transaction_id
        return payments_sudo.filtered(
            lambda tx: tx.provider_code == STRIPE and tx.state == "done" and tx.operation != "refund"
        )


def _get_credit_key(line):
    return (line.company_id, line.account_id, line.partner_id, line.currency_id)


def _get_open_amounts(lines):
    """Return what is open on lines of one currency, for `plan_uses`.

    :rtype: list[tuple]
    """
    return [(line, Decimal(str(line.currency_id.round(abs(line.amount_residual_currency))))) for line in lines]
