import re
from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_status import StatusCommon

LEGAL = (
    "pay some", "pay all", "pay too much", "pay late", "mark paid", "remove a payment", "take a payment off",
    "use a credit", "credit all", "credit some", "void", "write off", "recover", "correct", "mark sent",
    "mark delivered", "block",
)  # fmt: skip
FORBIDDEN = (
    "write price", "write quantity", "write text", "write balance", "write due date", "write narration",
    "write customer", "write lines", "delete", "delete a line", "reset", "cancel", "switch type",
)  # fmt: skip
WITHOUT_EFFECT = ("finalize", "write status", "delete the mirror", "reset the mirror")
STEPS = st.lists(
    st.tuples(
        # What is legal comes more often: a sequence that is refused all along shows little.
        st.one_of(st.sampled_from(LEGAL), st.sampled_from(LEGAL), st.sampled_from(FORBIDDEN + WITHOUT_EFFECT)),
        st.integers(min_value=100, max_value=6000).map(lambda cents: cents / 100),
    ),
    min_size=8,
    max_size=8,
)


@tagged("post_install", "-at_install")
class TestInvoiceStatusSequences(StatusCommon):
    """Every button, window, write and deletion there is, in any order: the books and the document stay right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_customer = cls._create_customer("Somebody Else")

    def test_books_and_document_stay_right_whatever_is_done(self):
        self.accepted, self.refused = Counter(), Counter()

        self._play()

        self.assertFalse(set(self.accepted) & set(FORBIDDEN), self.accepted)
        self.assertGreater(len(set(self.accepted) & set(LEGAL)), len(LEGAL) * 2 // 3, self.accepted)

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS, st.booleans())
    def _play(self, steps, is_taxed):
        savepoint = self.env.cr.savepoint()
        try:
            self._open(is_taxed)
            for name, self.amount in steps:
                self._take(name)
                self._check()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _open(self, is_taxed):
        self.invoice = self._draft_invoice(100.0, 50.0)
        if is_taxed:
            self.invoice.invoice_line_ids.tax_ids = self.company_data["default_tax_sale"]
        self.invoice.action_billing_finalize()
        self.printed = self._print(self.invoice)

    def _take(self, name):
        try:
            with self.env.cr.savepoint():
                self._get_steps()[name]()
            self.accepted[name] += 1
        except UserError:
            self.refused[name] += 1
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    # === STEPS === #

    def _get_steps(self):
        invoice = self.invoice
        return {
            "finalize": invoice.action_billing_finalize,
            "pay some": lambda: self._pay_invoice(invoice, self.amount),
            "pay all": lambda: self._pay_invoice(invoice, invoice.amount_residual),
            "pay too much": lambda: self._pay_invoice(invoice, 500.0, billing_keep_credit=True),
            "pay late": lambda: self._pay_late(invoice, self.amount),
            "mark paid": invoice._mark_paid,
            "remove a payment": invoice.reconciled_payment_ids[:1].action_billing_remove,
            "take a payment off": lambda: self._take_off(invoice),
            "use a credit": lambda: self._use_credit(invoice),
            "credit all": lambda: self._credit_invoice(invoice).action_billing_finalize(),
            "credit some": lambda: self._credit_some(invoice),
            "void": lambda: self._void(invoice),
            "write off": lambda: self._write_off(invoice),
            "recover": invoice.with_user(self.manager).action_billing_recover,
            "correct": lambda: self._correct_invoice(invoice),
            "mark sent": invoice.action_billing_mark_sent,
            "mark delivered": invoice.action_billing_mark_delivered,
            "block": invoice.action_toggle_block_payment,
            **self._get_break_ins(invoice),
        }

    def _get_break_ins(self, invoice):
        line = invoice.invoice_line_ids[0]
        mirror = invoice.billing_void_move_id or invoice.billing_writeoff_move_id
        return {
            "write price": lambda: self._rpc(line, "write", {"price_unit": 1.0}),
            "write quantity": lambda: self._rpc(line, "write", {"quantity": 5.0}),
            "write text": lambda: self._rpc(line, "write", {"name": "Something else"}),
            "write balance": lambda: self._rpc(line, "write", {"balance": -1.0}),
            "write due date": lambda: self._rpc(invoice, "write", {"invoice_date_due": "2035-01-01"}),
            "write narration": lambda: self._rpc(invoice, "write", {"narration": "Anything"}),
            "write customer": lambda: self._rpc(invoice, "write", {"partner_id": self.other_customer.id}),
            "write status": lambda: self._rpc(invoice, "write", {"billing_status": "open"}),
            "write lines": lambda: self._rpc(invoice, "write", {"line_ids": [Command.clear()]}),
            "delete": lambda: self._rpc(invoice, "unlink"),
            "delete a line": lambda: self._rpc(line, "unlink"),
            "delete the mirror": lambda: self._rpc(mirror, "unlink"),
            "reset": lambda: self._rpc(invoice, "button_draft"),
            "reset the mirror": lambda: self._rpc(mirror, "button_draft"),
            "cancel": lambda: self._rpc(invoice, "button_cancel"),
            "switch type": lambda: self._rpc(invoice, "action_switch_move_type"),
        }

    def _rpc(self, records, method, *arguments):
        self._call(self.manager, records._name, method, records.ids, *arguments)

    def _take_off(self, invoice):
        partials = invoice.line_ids.matched_credit_ids
        if partials:
            invoice.js_remove_outstanding_partial(partials[int(self.amount) % len(partials)].id)

    def _use_credit(self, invoice):
        credits = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", "<", 0),
            ],
            limit=1,
        )
        if credits:
            invoice.js_assign_outstanding_line(credits.id)

    def _credit_some(self, invoice):
        credit_note = self._credit_invoice(invoice)
        credit_note.invoice_line_ids[0].unlink()
        credit_note.action_billing_finalize()

    # === WHAT ALWAYS HOLDS === #

    def _check(self):
        invoice = self.invoice.sudo()
        self._assert_balanced(*self.env["account.move"].search([("partner_id", "=", self.customer.id)]))
        applied = sum(invoice.line_ids.matched_credit_ids.mapped("debit_amount_currency"))
        self.assertAlmostEqual(invoice.amount_residual, invoice.amount_total - applied)
        self.assertEqual(invoice.billing_status, self._get_expected_status(invoice, applied))
        if invoice.billing_status in ("void", "uncollectible"):
            self.assertEqual(invoice.amount_residual, 0.0)
        self.assertEqual(self._print(invoice), self.printed)
        self.assertIsNone(self.env["service.billing.event"]._find_broken(invoice)["broken"])

    def _get_expected_status(self, invoice, applied):
        if invoice.billing_void_move_id:
            return "void"
        if invoice.billing_writeoff_move_id:
            return "partially_paid" if invoice.billing_is_recovering else "uncollectible"
        if invoice.currency_id.is_zero(invoice.amount_residual):
            placeholders = invoice.line_ids.matched_credit_ids.credit_move_id.move_id.origin_payment_id
            return "manual_paid" if any(placeholders.mapped("billing_is_placeholder")) else "paid"
        return "partially_paid" if applied else "open"

    def _print(self, invoice):
        """Return what the document says, but for what settled it."""
        lines = invoice.invoice_line_ids.sorted("id")
        return (
            invoice.name,
            invoice.partner_id.id,
            invoice.invoice_date,
            invoice.invoice_date_due,
            invoice.narration,
            invoice.amount_total,
            invoice.tax_totals and re.sub(r"\s+", " ", str(invoice.tax_totals.get("total_amount_currency"))),
            tuple((line.name, line.quantity, line.price_unit, line.tax_ids.ids, line.price_total) for line in lines),
        )
