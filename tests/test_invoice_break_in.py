import json

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_status import StatusCommon


@tagged("post_install", "-at_install")
class TestInvoiceBreakIn(StatusCommon, HttpCase):
    """What a plain biller tries from outside with a finalized invoice, past every form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._open_invoice(100.0, 50.0)
        cls.other_customer = cls._create_customer("Somebody Else")

    def _get_books(self):
        """Return what the books and the document say, straight from the database."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT move.name, move.state, move.partner_id, move.narration, move.amount_total, move.amount_residual,
                   move.billing_status, line.id, line.name, line.account_id, line.quantity, line.price_unit,
                   line.balance, line.amount_currency, line.date_maturity, line.amount_residual
              FROM account_move move JOIN account_move_line line ON line.move_id = move.id
             WHERE move.id = %s
             ORDER BY line.id
            """,
            [self.invoice.id],
        )
        return self.env.cr.fetchall()

    def _ask(self, model, method, *arguments):
        """Call a method over the network, as the biller, and return the answer."""
        parameters = [self.env.cr.dbname, self.biller.id, self.biller.login, model, method, list(arguments)]
        body = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {"service": "object", "method": "execute_kw", "args": parameters},
        }
        return self.url_open("/jsonrpc", data=json.dumps(body), headers={"Content-Type": "application/json"}).json()

    def test_over_the_network(self):
        before = self._get_books()
        line, ids = self.invoice.invoice_line_ids[0], self.invoice.ids
        tries = [
            ("account.move.line", "write", line.ids, {"price_unit": 1.0}),
            ("account.move.line", "write", line.ids, {"quantity": 2.0, "name": "Something else"}),
            ("account.move.line", "write", line.ids, {"account_id": line.account_id.id + 1, "balance": -1.0}),
            ("account.move.line", "create", [{"move_id": self.invoice.id, "name": "More", "price_unit": 5.0}]),
            ("account.move.line", "unlink", line.ids),
            ("account.move", "write", ids, {"invoice_date_due": "2035-01-01"}),
            ("account.move", "write", ids, {"narration": "<p>Pay when you like</p>"}),
            ("account.move", "write", ids, {"name": "INV/2020/00001"}),
            ("account.move", "write", ids, {"line_ids": [[5, 0, 0]]}),
            ("account.move", "button_draft", ids),
            ("account.move", "button_cancel", ids),
            ("account.move", "unlink", ids),
            ("account.move", "action_switch_move_type", ids),
        ]
        for model, method, *arguments in tries:
            with self.subTest(method, model=model, arguments=arguments):
                answer = self._ask(model, method, *arguments)
                self.assertIn("exceptions", answer["error"]["data"]["name"])
                self.assertTrue(answer["error"]["data"]["message"])
        self.assertEqual(self._get_books(), before)

    def test_paid_invoice_is_not_cancelled(self):
        self._pay_invoice(self.invoice, 150.0)
        before = self._get_books()

        for method in ("button_cancel", "button_draft"):
            with self.subTest(method), self._refused():
                self._call(self.biller, "account.move", method, self.invoice.ids)

        self.assertEqual(self._get_books(), before)

    def test_legal_document_is_kept(self):
        pdf = self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": b"%PDF-1.4 as it was sent",
                "res_model": "account.move",
                "res_id": self.invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        note = self.env["ir.attachment"].create(
            {"name": "note.txt", "raw": b"a note", "res_model": "account.move", "res_id": self.invoice.id}
        )
        tries = [
            ("write", [{"raw": b"%PDF-1.4 forged"}]),
            ("write", [{"datas": "Zm9yZ2Vk"}]),
            ("write", [{"res_id": self._draft_invoice().id}]),
            ("write", [{"res_field": False}]),
            ("unlink", []),
        ]
        for user in (self.biller, self.manager):
            for method, arguments in tries:
                with self.subTest(method, arguments=arguments, user=user.login), self._refused():
                    self._call(user, "ir.attachment", method, pdf.ids, *arguments)
        self.assertEqual(pdf.raw, b"%PDF-1.4 as it was sent")
        self._call(self.biller, "ir.attachment", "unlink", note.ids)

    def test_what_is_applied_is_not_rewritten(self):
        self._pay_invoice(self.invoice, 50.0)
        partial = self.invoice.line_ids.matched_credit_ids
        before = self._get_books()

        for values in ({"amount": 150.0}, {"debit_amount_currency": 150.0}, {"credit_amount_currency": 1.0}):
            with self.subTest(values), self._refused():
                self._call(self.biller, "account.partial.reconcile", "write", partial.ids, values)

        self.assertEqual(self._get_books(), before)

    def test_new_document_carries_no_link_of_a_step(self):
        for values in (
            {"billing_origin_move_id": self.invoice.id},
            {"billing_void_move_id": self.invoice.id},
            {"billing_writeoff_move_id": self.invoice.id},
            {"billing_corrects_move_id": self.invoice.id},
            {"billing_sent_on": "2026-01-01 00:00:00"},
        ):
            with self.subTest(values), self._refused():
                self._draft_invoice(**values)
            defaults = {f"default_{name}": value for name, value in values.items()}
            with self.subTest(defaults), self._refused():
                self.env["account.move"].with_user(self.biller).with_context(**defaults).create(
                    {"move_type": "out_invoice", "partner_id": self.customer.id}
                )

    def test_entry_of_another_kind_does_not_take_lines_away(self):
        entry = self.env["account.move"].create({"move_type": "entry"})
        with self._refused():
            self._call(
                self.bookkeeper,
                "account.move",
                "write",
                entry.ids,
                {"line_ids": [Command.link(self.invoice.line_ids[0].id)]},
            )

    def _move_automatically(self, lines, action, **values):
        return (
            self.env["account.automatic.entry.wizard"]
            .with_context(active_model="account.move.line", active_ids=lines.ids, default_action=action)
            .create({"date": "2035-01-01", "journal_id": self.company_data["default_journal_misc"].id, **values})
            .do_action()
        )

    def test_income_moved_to_another_period_leaves_the_invoice_as_it_is(self):
        before = self._get_books()

        account = self.company_data["default_account_deferred_revenue"]
        self._move_automatically(self.invoice.invoice_line_ids, "change_period", revenue_accrual_account=account.id)

        self.assertEqual(self._get_books(), before)

    def test_debt_is_not_moved_to_another_account(self):
        debt = self.invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        before = self._get_books()

        account = self.company_data["default_account_receivable"].copy()
        with self._refused():
            self._move_automatically(debt, "change_account", destination_account_id=account.id)

        self.assertEqual(self._get_books(), before)
