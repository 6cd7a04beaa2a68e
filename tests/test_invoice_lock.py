from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestInvoiceLock(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._draft_invoice(100.0, 50.0)
        cls.invoice.invoice_line_ids.tax_ids = cls.company_data["default_tax_sale"]
        cls.invoice.action_billing_finalize()
        cls.other_customer = cls._create_customer("Somebody Else")

    # === WHAT THE CUSTOMER HAS SEEN STAYS === #

    def _assert_not_written(self, records, values):
        """Expect that neither the biller nor the system itself writes any of the values."""
        before = records.read()
        for name, value in values.items():
            with self.subTest(name, user="biller"), self._refused():
                self._call(self.biller, records._name, "write", records.ids, {name: value})
            with self.subTest(name, user="system"), self._refused():
                records.sudo().write({name: value})
        self.assertEqual(records.read(), before)

    def test_printed_document_stays(self):
        self._assert_not_written(
            self.invoice,
            {
                "name": "INV/2020/00001",
                "partner_id": self.other_customer.id,
                "partner_shipping_id": self.other_customer.id,
                "partner_bank_id": self.env["res.partner.bank"]
                .create({"acc_number": "12345", "partner_id": self.company.partner_id.id})
                .id,
                "invoice_date": "2026-01-05",
                "invoice_date_due": "2030-01-05",
                "delivery_date": "2026-01-05",
                "invoice_payment_term_id": self.pay_terms_b.id,
                "ref": "Another order",
                "payment_reference": "Another reference",
                "invoice_origin": "Another order",
                "narration": "<p>Pay when you like</p>",
                "currency_id": self.env.ref("base.EUR").id,
                "fiscal_position_id": self.fiscal_pos_a.id,
                "invoice_incoterm_id": self.env.ref("account.incoterm_EXW").id,
                "invoice_line_ids": [Command.clear()],
                "invoice_pdf_report_file": "AAAA",
            },
        )

    def test_document_in_the_ledger_stays(self):
        self._assert_not_written(
            self.invoice,
            {
                "date": "2026-01-05",
                "journal_id": self.company_data["default_journal_misc"].id,
                "move_type": "entry",
                "reversed_entry_id": self.invoice.id,
                "line_ids": [Command.create({"name": "More", "price_unit": 5.0})],
                "state": "draft",
                "posted_before": False,
                "amount_total": 1.0,
                "amount_residual": 0.0,
                "sequence_number": 77,
            },
        )

    def test_lines_stay(self):
        tax = self.env["account.tax"].create({"name": "Other", "amount": 1.0})
        self._assert_not_written(
            self.invoice.invoice_line_ids[0],
            {
                "name": "Something else",
                "product_id": self.service.id,
                "quantity": 2.0,
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                "price_unit": 1.0,
                "discount": 50.0,
                "tax_ids": [Command.set(tax.ids)],
                "price_subtotal": 1.0,
                "price_total": 1.0,
                "account_id": self.company_data["default_account_expense"].id,
                "balance": -1.0,
                "credit": 1.0,
                "amount_currency": -1.0,
                "partner_id": self.other_customer.id,
                "sequence": 77,
                "display_type": "line_note",
                "parent_state": "draft",
                "move_id": self._draft_invoice().id,
            },
        )

    def test_receivable_line_stays(self):
        line = self.invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self._assert_not_written(line, {"date_maturity": "2030-01-05", "amount_residual": 0.0, "reconciled": True})

    def test_tax_line_stays(self):
        line = self.invoice.line_ids.filtered(lambda line: line.display_type == "tax")
        self._assert_not_written(line, {"balance": -1.0, "account_id": self.company_data["default_account_expense"].id})

    def test_no_line_joins(self):
        receivable, income = (
            self.company_data["default_account_receivable"],
            self.company_data["default_account_revenue"],
        )
        for line in (
            {"name": "More", "price_unit": 5.0, "account_id": income.id},
            {"display_type": "line_note", "name": "More"},
            {"display_type": "cogs", "name": "More", "balance": 5.0, "account_id": receivable.id},
        ):
            for context in ({}, {"skip_readonly_check": True, "skip_invoice_sync": True, "check_move_validity": False}):
                with self.subTest(line=line, context=context), self._refused():
                    self._call(
                        self.biller,
                        "account.move.line",
                        "create",
                        [{**line, "move_id": self.invoice.id}],
                        context=context,
                    )
        self.assertEqual(len(self.invoice.line_ids), 4)

    def test_no_line_moves_in_from_a_draft(self):
        draft = self._draft_invoice(0.0)

        with self._refused():
            self._call(
                self.biller, "account.move.line", "write", draft.invoice_line_ids.ids, {"move_id": self.invoice.id}
            )

    def test_no_line_leaves(self):
        for line in self.invoice.line_ids:
            for context in ({}, {"force_delete": True, "dynamic_unlink": True}):
                with self.subTest(line.display_type, context=context), self.assertRaises(UserError):
                    self._call(self.biller, "account.move.line", "unlink", line.ids, context=context)
        self.assertEqual(len(self.invoice.line_ids), 4)

    def test_writing_what_is_there_is_no_change(self):
        invoice = self.invoice
        values = {
            "ref": invoice.ref,
            "invoice_date_due": Date.to_string(invoice.invoice_date_due),
            "narration": invoice.narration,
            "partner_shipping_id": invoice.partner_shipping_id.id,
        }

        self._call(self.biller, "account.move", "write", invoice.ids, values)
        self._call(self.biller, "account.move.line", "write", invoice.invoice_line_ids[0].ids, {"quantity": 1.0})

        self.assertEqual(invoice.amount_total, 172.5)

    # === NO WAY BACK === #

    def test_no_way_back_to_draft(self):
        for user in (self.biller, self.bookkeeper, self.manager, self.env.ref("base.user_admin")):
            for method in ("button_draft", "button_cancel"):
                with self.subTest(method, user=user.login), self._refused():
                    getattr(self.invoice.with_user(user), method)()
        with self._refused():
            self.invoice.sudo().button_draft()
        self.assertEqual(self.invoice.state, "posted")

    def test_nobody_deletes(self):
        for user in (self.biller, self.bookkeeper, self.manager, self.env.ref("base.user_admin")):
            for context in ({}, {"force_delete": True}):
                with self.subTest(user=user.login, context=context), self._refused():
                    self.invoice.with_user(user).with_context(**context).unlink()
        with self._refused():
            self.invoice.sudo().unlink()
        self.assertTrue(self.invoice.exists())

    def test_finalized_among_drafts_is_not_deleted(self):
        draft = self._draft_invoice()

        with self._refused():
            (draft + self.invoice).unlink()

        self.assertTrue(draft.exists())

    def test_numbers_are_not_dealt_anew(self):
        wizard = (
            self.env["account.resequence.wizard"]
            .with_context(active_model="account.move", active_ids=self.invoice.ids)
            .create({"ordering": "date", "first_name": "INV/2026/00077"})
        )

        with self._refused():
            wizard.resequence()

    def test_import_changes_nothing(self):
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "invoice", "model": "account.move", "res_id": self.invoice.id}
        )

        result = self._call(
            self.biller, "account.move", "load", ["id", "invoice_date_due"], [["__import__.invoice", "2030-01-05"]]
        )

        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])
        self.assertEqual(self.invoice.invoice_date_due, Date.today())

    # === NOBODY STEPS OUT OF THE RULES === #

    def test_draft_stays_managed(self):
        draft = self._draft_invoice()
        for name, value in {"billing_managed": False, "billing_status": "paid", "payment_state": "paid"}.items():
            with self.subTest(name), self._refused():
                self._call(self.biller, "account.move", "write", draft.ids, {name: value})

    def test_new_invoice_is_managed_whatever_the_caller_says(self):
        draft = self._draft_invoice(billing_managed=False, billing_status="paid")
        other = (
            self.env["account.move"]
            .with_user(self.biller)
            .with_context(default_billing_managed=False)
            .create({"move_type": "out_invoice"})
        )

        self.assertEqual((draft + other).mapped("billing_managed"), [True, True])
        self.assertEqual(draft.billing_status, "draft")

    def test_writing_the_state_checks_what_finalize_checks(self):
        draft = self._draft_invoice(invoice_line_ids=[])

        with self._refused():
            self._call(self.biller, "account.move", "write", draft.ids, {"state": "posted"})

    # === WHAT STILL WORKS === #

    def test_payment_and_its_removal(self):
        payment = self._pay_invoice(self.invoice, 172.5)
        self.assertEqual(self.invoice.billing_status, "paid")

        payment.action_billing_remove()

        self.assertRecordValues(self.invoice, [{"billing_status": "open", "amount_residual": 172.5}])

    def test_blocking_the_payment(self):
        self.invoice.action_toggle_block_payment()
        self.assertEqual(self.invoice.payment_state, "blocked")

        self.invoice.action_toggle_block_payment()

        self.assertRecordValues(self.invoice, [{"payment_state": "not_paid", "billing_status": "open"}])

    def test_inner_notes_and_files(self):
        self.invoice.message_post(body="Called, will pay on Friday")
        self.env["ir.attachment"].with_user(self.biller).create(
            {"name": "order.txt", "raw": b"order", "res_model": "account.move", "res_id": self.invoice.id}
        )
        self.invoice.invoice_user_id = self.manager
        self.invoice.is_move_sent = True

        self.assertEqual(self.invoice.invoice_user_id, self.manager)

    def test_analytic_distribution(self):
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        account = self.env["account.analytic.account"].create({"name": "Account", "plan_id": plan.id})

        self.invoice.sudo().invoice_line_ids.analytic_distribution = {str(account.id): 100}

        self.assertTrue(self.invoice.sudo().invoice_line_ids.analytic_line_ids)
