from odoo import models
from odoo.fields import Command

from ..logic.stripe_amount import from_minor_units
from ..logic.stripe_dispute import read_funds


class ServiceDispute(models.Model):
    """Disputes in the books: what the bank took is owed by the customer, until it is given back or decided."""

    _inherit = "service.dispute"

    # === BUSINESS METHODS - ENTRIES === #

    def _book_funds(self, movements):
        """Post what the dispute moved since it was looked at last: what was taken, or given back, and the fee.

        Note: `self.ensure_one()`, with the lock on the dispute.

        :param list movements: Stripe's balance transactions of the dispute, all of them.
        """
        self.ensure_one()
        if not movements:
            return
        code = movements[0]["currency"].upper()
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)], limit=1)
        taken, fee = (from_minor_units(amount, code) for amount in read_funds(movements))
        if currency != self.currency_id:
            # Taken in another currency than the customer paid in: all of it, or nothing any more.
            taken = self.amount if taken else 0.0
        amounts = (taken - self.taken, fee - self.fee)
        if self.currency_id.is_zero(amounts[0]) and currency.is_zero(amounts[1]):
            return
        self.write({"taken": taken, "fee": fee, "fee_currency_id": currency.id})
        self.entry_ids |= self._post_funds(*amounts)
        self._get_receivables().filtered(lambda line: not line.reconciled).reconcile()

    def _post_funds(self, amount, fee):
        journal = self.provider_id.journal_id
        today = self.company_id._get_billing_today()
        open_day = self.env["account.payment"]._get_first_open_day(self.company_id, journal, today)
        clearing = self.provider_id._get_clearing_account()
        owed = self.transaction_id.payment_id.destination_account_id
        fees = self.company_id._get_stripe_fee_account()
        lines = [
            *self._prepare_pair(owed, clearing, self.currency_id, amount),
            *self._prepare_pair(fees, clearing, self.fee_currency_id, fee),
        ]
        entry = self.env["account.move"].with_company(self.company_id).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": open_day or today,
                "ref": self.env._("Dispute %(ref)s", ref=self.dispute_ref),
                "line_ids": [Command.create(line) for line in lines],
            }
        )  # fmt: skip
        entry._post(soft=False)
        return entry

    def _make_due(self):
        """Take as much of the payment off the invoices as the dispute took, so that they are due again.

        Note: `self.ensure_one()`
        """
        self.ensure_one()
        paid = self.transaction_id.payment_id._get_counterparts()
        paid.remove_move_reconcile()
        (paid + self._get_receivables()).filtered(lambda line: not line.reconciled).reconcile()
        due = self.move_ids.line_ids.filtered(lambda line: line.display_type == "payment_term")
        (paid + due).filtered(lambda line: line.account_id == paid.account_id and not line.reconciled).reconcile()

    # === GETTERS === #

    def _get_receivables(self):
        """Return what the customer owes because of the dispute.

        :rtype: recordset of `account.move.line`
        """
        return self.entry_ids.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def _prepare_pair(self, debited, credited, currency, amount):
        """Return the two lines that move an amount, none for nothing.

        :param float amount: In the currency; below zero moves it back.
        :rtype: list[dict]
        """
        if currency.is_zero(amount):
            return []
        company = self.company_id
        balance = currency._convert(amount, company.currency_id, company, company._get_billing_today())
        return [
            {
                "name": self.env._("Dispute %(ref)s", ref=self.dispute_ref),
                "account_id": account.id,
                "partner_id": self.partner_id.id,
                "currency_id": currency.id,
                "amount_currency": sign * amount,
                "balance": sign * balance,
            }
            for account, sign in ((debited, 1), (credited, -1))
        ]
