from collections import defaultdict

from odoo import models
from odoo.fields import Command

from ..logic.stripe_payout import DISPUTE, FEE, PAYMENT, PAYOUT, REFUND


class ServicePayout(models.Model):
    """The entry of a payout: what Stripe held for us goes to the bank, less what it kept."""

    _inherit = "service.payout"

    # === BUSINESS METHODS - ENTRY === #

    def _post_payout(self):
        """Post the entry, and tie it to the payments, refunds and disputes that it is made of. What the bank shows is
        left open on the account for transfers.

        Note: `self.ensure_one()`

        :return: The entry.
        :rtype: recordset of `account.move`
        """
        self.ensure_one()
        journal = self.provider_id.journal_id
        open_day = self.env["account.payment"]._get_first_open_day(self.company_id, journal, self.arrival_on)
        entry = self.env["account.move"].with_company(self.company_id).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": open_day or self.arrival_on,
                "ref": self.env._("Stripe payout %(ref)s", ref=self.payout_ref),
                "line_ids": [Command.create(line) for line in self._prepare_entry_lines()],
            }
        )  # fmt: skip
        entry._post(soft=False)
        moves = entry | self.line_ids._get_clearing_moves()
        self._reconcile_open(moves.line_ids, self._get_clearing_account())
        returned = self.line_ids.returned_id.entry_id.line_ids
        back = returned | entry.line_ids.filtered(lambda line: line.balance < 0)
        self._reconcile_open(back, self.company_id.transfer_account_id)
        return entry

    def _reconcile_open(self, lines, account):
        """Reconcile what is open on an account, currency by currency."""
        lines = lines.filtered(lambda line: line.account_id == account and account.reconcile and not line.reconciled)
        for same in lines.grouped("currency_id").values():
            if len(same) > 1:
                same.reconcile()

    # === GETTERS === #

    def _prepare_entry_lines(self):
        """Return the lines of the entry, one for each account and currency. What is left in the company's currency
        after rounding goes with what the bank shows.

        Note: `self.ensure_one()`

        :rtype: list[dict]
        """
        self.ensure_one()
        sums = defaultdict(lambda: [0.0, 0.0])
        for line in self.line_ids:
            for account, currency, amount, balance in self._get_postings(line):
                sums[account, currency][0] += amount
                sums[account, currency][1] += balance
        transit = self.company_id.transfer_account_id
        lines = [
            self._prepare_entry_line(account, currency, amount, balance)
            for (account, currency), (amount, balance) in sums.items()
            if not (currency.is_zero(amount) and self.company_id.currency_id.is_zero(balance))
        ]
        left = -sum(line["balance"] for line in lines)
        return [*lines, self._prepare_entry_line(transit, self.currency_id, self.amount, left)]

    def _get_postings(self, line):
        """Return what a line of the payout posts, without what reaches the bank.

        :return: Account, currency, amount in it and in the company's currency.
        :rtype: list[tuple]
        """
        clearing, fees = self._get_clearing_account(), self.company_id._get_stripe_fee_account()
        if line.kind in (PAYMENT, REFUND):
            return [self._get_gross(line), self._get_posting(fees, line.fee)]
        if line.kind == DISPUTE:
            return [self._get_gross(line), self._get_posting(clearing, line.fee)]
        account = {FEE: fees, PAYOUT: self.company_id.transfer_account_id}[line.kind]
        return [self._get_posting(account, -line.net)]

    def _get_gross(self, line):
        """Return what a payment, refund or dispute takes from the clearing account: in the currency that the customer
        paid in, which is how it came there, at the rate that Stripe used."""
        account, currency, amount, balance = self._get_posting(self._get_clearing_account(), -line.gross)
        subject = line.transaction_id or line.dispute_id
        if subject.currency_id == currency:
            return account, currency, amount, balance
        own = abs(subject.amount) * (-1 if line.gross > 0 else 1)
        is_company = subject.currency_id == self.company_id.currency_id
        return account, subject.currency_id, own, own if is_company else balance

    def _get_posting(self, account, amount):
        company = self.company_id
        balance = self.currency_id._convert(amount, company.currency_id, company, self.arrival_on)
        return account, self.currency_id, amount, balance

    def _get_clearing_account(self):
        """Return the account on which payments wait for their payout.

        Note: `self.ensure_one()`

        :rtype: recordset of `account.account`
        """
        self.ensure_one()
        return self.provider_id._get_clearing_account()

    def _prepare_entry_line(self, account, currency, amount, balance, **extra):
        return {
            "name": self.env._("Stripe payout %(ref)s", ref=self.payout_ref),
            "account_id": account.id,
            "currency_id": currency.id,
            "amount_currency": currency.round(amount),
            "balance": self.company_id.currency_id.round(balance),
            **extra,
        }
