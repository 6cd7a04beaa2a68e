from odoo import models
from odoo.fields import Command, Date


class AccountMove(models.Model):
    """The entries of bad debts: what is written off, tied to what it was due on, and what is recovered of it."""

    _inherit = "account.move"

    # === BUSINESS METHODS - BAD DEBTS === #

    def _post_bad_debt(self, reason, text):
        """Post what is due as a bad debt, and settle the invoice with it.

        Note: `self.ensure_one()`

        :param str reason: One of `WRITE_OFF_REASONS`.
        :param str text: The explanation.
        :return: The entry.
        :rtype: recordset of `account.move`
        """
        self.ensure_one()
        # What is left of an earlier bad debt joins this one, so that one entry holds all of it.
        self._post_recovery(self.billing_amount_written_off)
        due_lines = self._get_due_lines()
        dues = [(line, -line.amount_residual_currency, -line.amount_residual) for line in due_lines]
        entry = self._post_entry(
            self.env._("Bad debt of %(number)s", number=self.name),
            [self._prepare_due_values(*due) for due in dues],
            self._prepare_loss_values(sum(due_lines.mapped("amount_residual"))),
        )
        # Before the two are reconciled, so that nobody takes it for a payment.
        self.write(
            {
                "billing_writeoff_move_id": entry.id,
                "billing_writeoff_reason": reason,
                "billing_writeoff_text": text,
                "billing_is_recovering": False,
            }
        )
        self._reconcile_pairs(due_lines, entry._get_due_lines())
        return entry

    def _post_recovery(self, amount):
        """Make some of a bad debt due again, what was due first before the rest.

        Note: `self.ensure_one()`

        :param float amount: How much at most, in the invoice's currency.
        :return: The entry; empty where nothing was to be recovered.
        :rtype: recordset of `account.move`
        """
        self.ensure_one()
        bad_debts = self._get_bad_debts()
        shares = self._split_among(bad_debts, amount)
        if not shares:
            return self.browse()
        parted = bad_debts.browse(partial.id for partial in shares)
        losses, dues = parted.credit_move_id, parted.debit_move_id
        values = [self._prepare_recovered_values(partial, share) for partial, share in shares.items()]
        bad_debt = parted.credit_move_id.move_id
        is_whole = self._is_whole(bad_debts, shares)
        # Without the link, what holds the two together may be taken apart.
        self.write({"billing_writeoff_move_id": False, "billing_is_recovering": not is_whole})
        parted.unlink()
        counterparts = bad_debt._prepare_counterpart_values(sum(value["balance"] for value in values))
        entry = self._post_entry(self.env._("Recovery of %(number)s", number=self.name), values, counterparts)
        self._reconcile_pairs(losses, entry._get_due_lines())
        if not is_whole:
            self.billing_writeoff_move_id = bad_debt
            self._reconcile_pairs(losses, dues)
        return entry

    def _post_entry(self, ref, *values):
        """Post an entry that belongs to the document, today or on the first open day.

        :param str ref: What it is.
        :param values: Lists of values of its lines.
        :return: The entry.
        :rtype: recordset of `account.move`
        """
        company, journal = self.company_id, self._get_bad_debt_journal()
        day = company._get_billing_today()
        violated = company._get_violated_lock_dates(day, company.billing_bad_debt_tax_relief, journal)
        entry = self.with_company(company).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": Date.add(violated[-1][0], days=1) if violated else day,
                "ref": ref,
                "billing_origin_move_id": self.id,
                "line_ids": [Command.create(line) for lines in values for line in lines],
            }
        )
        entry._post(soft=False)
        return entry

    def _reconcile_pairs(self, lines, counterparts):
        """Reconcile lines with their counterparts, one by one, as far as they are open."""
        pairs = [pair[0] + pair[1] for pair in zip(lines, counterparts, strict=True)]
        plan = [pair for pair in pairs if not any(pair.mapped("reconciled"))]
        # Nobody paid: taxes that are due on payment are not due now.
        lines.with_context(no_cash_basis=True)._reconcile_plan(plan)

    # === BUSINESS METHODS - VALUES === #

    def _prepare_due_values(self, line, amount, balance):
        """Prepare the line of an entry that settles a line of the invoice, or makes it due again.

        :param line: The line with what is due.
        :param float amount: In the line's currency; above zero makes it due.
        :param float balance: The same in company currency.
        :rtype: dict
        """
        return {
            "account_id": line.account_id.id,
            "partner_id": line.partner_id.id,
            "currency_id": line.currency_id.id,
            "amount_currency": amount,
            "balance": balance,
            "name": self.name,
        }

    def _prepare_recovered_values(self, partial, share):
        """Prepare the line that takes a share of a bad debt back.

        :param partial: What holds the bad debt and the invoice together.
        :param float share: How much of it, in the invoice's currency.
        :rtype: dict
        """
        balance = self.company_currency_id.round(partial.amount * share / partial.debit_amount_currency)
        return self._prepare_due_values(partial.debit_move_id, share, balance)

    def _prepare_loss_values(self, balance):
        """Prepare the lines that hold the loss: the tax in it too, where the company takes that back.

        :param float balance: What is lost, in company currency.
        :rtype: list[dict]
        """
        account = self.company_id._get_bad_debt_account()
        values = []
        if self.company_id.billing_bad_debt_tax_relief:
            share = balance / sum(
                self.line_ids.filtered(lambda line: line.display_type == "payment_term").mapped("balance")
            )
            values = [self._prepare_relief_values(line, share) for line in self.line_ids.filtered("tax_line_id")]
        rest = balance - sum(value["balance"] for value in values)
        return [*values, {"account_id": account.id, "partner_id": self.commercial_partner_id.id, "balance": rest}]

    def _prepare_relief_values(self, line, share):
        """Prepare the line that takes tax back which the customer never paid.

        :param line: The tax line of the invoice.
        :param float share: The lost share of the invoice.
        :rtype: dict
        """
        repartition = line.tax_repartition_line_id
        refund = line.tax_line_id.refund_repartition_line_ids.filtered(
            lambda other: other.repartition_type == "tax" and other.factor_percent == repartition.factor_percent
        )[:1]
        return {
            "account_id": line.account_id.id,
            "partner_id": self.commercial_partner_id.id,
            "balance": self.company_currency_id.round(-line.balance * share),
            "tax_repartition_line_id": refund.id,
            "tax_tag_ids": [Command.set(refund.tag_ids.ids)],
            "name": line.name,
        }

    def _prepare_counterpart_values(self, balance):
        """Prepare the lines that take back a part of what a bad debt entry holds as loss.

        :param float balance: How much is recovered, in company currency.
        :rtype: list[dict]
        """
        losses = self.line_ids - self._get_due_lines()
        total, left, values = sum(losses.mapped("balance")), balance, []
        for loss in losses:
            share = self.company_currency_id.round(loss.balance * balance / total) if loss != losses[-1] else left
            left -= share
            values.append(
                {
                    "account_id": loss.account_id.id,
                    "partner_id": loss.partner_id.id,
                    "balance": -share,
                    "tax_repartition_line_id": loss.tax_repartition_line_id.id,
                    "tax_tag_ids": [Command.set(loss.tax_tag_ids.ids)],
                    "name": loss.name,
                }
            )
        return values

    # === GETTERS === #

    def _get_bad_debts(self):
        """Return what holds an invoice and its bad debt together, in the order in which it was due.

        :rtype: recordset of `account.partial.reconcile`
        """
        partials = self.billing_writeoff_move_id.line_ids.matched_debit_ids
        own = partials.filtered(lambda partial: partial.debit_move_id.move_id == self)
        return own.sorted(lambda partial: (partial.debit_move_id.date_maturity, partial.debit_move_id.id))

    def _get_due_lines(self):
        """Return the lines with what is or was due, of an invoice only those on which something is.

        :rtype: recordset of `account.move.line`
        """
        lines = self.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        if self.move_type != "entry":
            lines = lines.filtered(lambda line: not line.reconciled)
        return lines.sorted(lambda line: (line.date_maturity or line.date, line.id))

    def _split_among(self, partials, amount):
        """Return how much of an amount falls on each partial, in their order.

        :param float amount: In the invoice's currency.
        :rtype: dict
        """
        shares, left = {}, amount
        for partial in partials:
            share = self.currency_id.round(min(left, partial.debit_amount_currency))
            left -= share
            if self.currency_id.compare_amounts(share, 0.0) > 0:
                shares[partial] = share
        return shares

    def _is_whole(self, bad_debts, shares):
        rest = sum(bad_debts.mapped("debit_amount_currency")) - sum(shares.values())
        return self.currency_id.is_zero(rest)

    def _get_bad_debt_journal(self):
        """Return the journal of bad debts: the first one for entries that serves nothing else.

        :rtype: recordset of `account.journal`
        """
        company = self.company_id
        others = company.currency_exchange_journal_id | company.tax_cash_basis_journal_id
        domain = [
            *self.env["account.journal"]._check_company_domain(company),
            ("type", "=", "general"),
            ("id", "not in", others.ids),
        ]
        return self.env["account.journal"].search(domain, limit=1)
