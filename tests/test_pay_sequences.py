from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings, strategies as st

from odoo import models
from odoo.fields import Command
from odoo.tests import tagged

from .common_money import MoneyCommon

TOTAL = 100.0
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "pay", "credit", "apply", "apply", "apply", "apply", "unapply", "unapply", "remove"]),
        st.integers(min_value=1, max_value=12000).map(lambda cents: cents / 100),
        st.integers(min_value=0, max_value=7),
    ),
    min_size=25,
    max_size=25,
)


@dataclass
class Source:
    """Money or credit that can stand on the invoice, as a bookkeeper would keep it on paper."""

    record: models.Model
    amount: float
    applied: float = 0.0


@tagged("post_install", "-at_install")
class TestPaySequences(MoneyCommon):
    """Whatever is done with payments and credits, in whatever order, the invoice says what the sums say."""

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(STEPS)
    def test_status_follows_the_sums(self, steps):
        """Each example checks the 25 sequences with which it begins: 1,000 in all."""
        savepoint = self.env.cr.savepoint()
        try:
            self.invoice = self._draft_invoice(TOTAL)
            self.invoice.action_billing_finalize()
            self.sources = []
            for name, amount, index in steps:
                getattr(self, f"_do_{name}")(amount, index)
                self._check_sums()
        finally:
            savepoint.close(rollback=True)

    # === STEPS === #

    def _do_pay(self, amount, _index):
        payment = self._pay_invoice(self.invoice, amount) if self._get_due() else self._pay_ahead(amount)
        self._add(payment, amount)

    def _pay_ahead(self, amount):
        payment = self.env["account.payment"].create({"partner_id": self.customer.id, "amount": amount})
        payment.action_post()
        return payment

    def _do_credit(self, amount, _index):
        credited = sum(source.amount for source in self.sources if source.record._name == "account.move")
        amount = min(amount, round(TOTAL - credited, 2))
        if not amount:
            return
        line = Command.create({"name": "Credit", "price_unit": amount, "tax_ids": [Command.clear()]})
        credit_note = self._draft_invoice(
            move_type="out_refund",
            reversed_entry_id=self.invoice.id,
            billing_credit_reason="goodwill",
            billing_credit_text="Late",
            invoice_line_ids=[line],
        )
        credit_note.action_billing_finalize()
        self._add(credit_note, amount)

    def _do_remove(self, _amount, index):
        payments = [source for source in self.sources if source.record._name == "account.payment"]
        if payments:
            payment = payments[index % len(payments)]
            payment.record.action_billing_remove()
            self.sources.remove(payment)

    def _do_unapply(self, _amount, index):
        applied = [source for source in self.sources if source.applied]
        if applied:
            source = applied[index % len(applied)]
            partials = self._get_receivable(source).matched_debit_ids
            for partial in partials:
                self.invoice.js_remove_outstanding_partial(partial.id)
            source.applied = 0.0

    def _do_apply(self, _amount, index):
        unapplied = [source for source in self.sources if round(source.amount - source.applied, 2)]
        if unapplied and self._get_due():
            source = unapplied[index % len(unapplied)]
            self.invoice.js_assign_outstanding_line(self._get_receivable(source).id)
            self._apply(source)

    # === THE PAPER === #

    def _get_due(self):
        return round(TOTAL - sum(source.applied for source in self.sources), 2)

    def _add(self, record, amount):
        source = Source(record, amount)
        self._apply(source)
        self.sources.append(source)

    def _apply(self, source):
        source.applied = round(source.applied + min(source.amount - source.applied, self._get_due()), 2)

    def _get_receivable(self, source):
        move = source.record if source.record._name == "account.move" else source.record.move_id
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def _check_sums(self):
        due = self._get_due()
        status = "paid" if not due else "open" if due == TOTAL else "partially_paid"
        self.assertRecordValues(self.invoice, [{"amount_residual": due, "billing_status": status}])
        self.assertTrue(0.0 <= self.invoice.amount_residual <= TOTAL)
        lines = self.env["account.move.line"].search(
            [("partner_id", "=", self.customer.id), ("parent_state", "=", "posted")]
        )
        receivable = lines.filtered(lambda line: line.account_type == "asset_receivable")
        owed = TOTAL - sum(source.amount for source in self.sources)
        self.assertAlmostEqual(sum(lines.mapped("balance")), 0.0, 2)
        self.assertAlmostEqual(sum(receivable.mapped("balance")), owed, 2)
        self.assertAlmostEqual(sum(receivable.mapped("amount_residual")), owed, 2)
