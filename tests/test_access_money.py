from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common_money import MoneyCommon

OFFICE = ("biller", "bookkeeper", "manager")
# model -> what the office may do: read, write, create, unlink; a technician may do nothing
MATRIX = {
    "account.move": "rwcu",
    "account.move.line": "rwcu",
    "account.payment": "rwcu",
    "account.payment.register": "rwc",
    "account.move.reversal": "rwc",
    "account.partial.reconcile": "rwcu",
    "service.charge.credit": "r",
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccessMoney(MoneyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._done_order(hours=1.0, parts=1)
        cls.invoice = cls._finalize_order(cls.order)
        cls.payment = cls._pay_invoice(cls.invoice, 10.0)

    # === ROLES === #

    def test_office_works_with_money_and_a_technician_does_not(self):
        for model, rights in MATRIX.items():
            for code, operation in OPERATIONS.items():
                for login in (*OFFICE, "technician"):
                    with self.subTest(model, operation=operation, user=login):
                        allowed = self.env[model].with_user(getattr(self, login)).has_access(operation)
                        self.assertEqual(allowed, login != "technician" and code in rights)

    def test_technician_reads_no_invoice(self):
        for records in (self.invoice, self.invoice.line_ids, self.payment):
            for method, arguments in (("read", [["display_name"]]), ("web_read", [{"display_name": {}}])):
                with self.subTest(records._name, method=method), self.assertRaises(AccessError):
                    self._call(self.technician, records._name, method, records.ids, *arguments)

    def test_technician_runs_nothing_on_an_invoice(self):
        draft = self._draft_invoice()
        for method in (
            "action_billing_finalize",
            "action_post",
            "action_reverse",
            "action_register_payment",
            "button_cancel",
            "action_view_journal_items",
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                self._call(self.technician, "account.move", method, draft.ids)
        with self.assertRaises(AccessError):
            self._call(self.technician, "account.payment", "action_billing_remove", self.payment.ids)

    def test_technician_opens_no_invoice_by_its_address(self):
        self.authenticate("technician", "technician")
        for address in (
            f"/my/invoices/{self.invoice.id}",
            f"/report/pdf/account.account_invoices/{self.invoice.id}",
            f"/report/html/account.account_invoices/{self.invoice.id}",
            f"/account/download_invoice_documents/{self.invoice.id}/pdf",
            f"/web/content/account.move/{self.invoice.id}/invoice_pdf_report_file",
        ):
            with self.subTest(address):
                answer = self.url_open(address, allow_redirects=False)
                self.assertNotEqual(answer.status_code, 200)
                self.assertNotIn(self.invoice.name, answer.text)

    def test_technician_sees_no_invoice_through_the_order(self):
        for name in ("charge_ids", "invoice_ids", "invoice_count"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._call(self.technician, "service.order", "read", self.order.ids, [name])

    # === NO WAY UP === #

    def test_biller_gives_nobody_more_rights(self):
        manager = self.env.ref("service_billing.group_manager")
        for model, ids, values in (
            ("res.users", self.biller.ids, {"group_ids": [(4, manager.id)]}),
            ("res.groups", manager.ids, {"user_ids": [(4, self.biller.id)]}),
            ("res.groups", self.env.ref("service_billing.group_biller").ids, {"implied_ids": [(4, manager.id)]}),
            ("ir.rule", self.env.ref("service_billing.service_charge_rule_company").ids, {"active": False}),
            (
                "ir.model.access",
                self.env.ref("service_billing.access_service_charge_credit_biller").ids,
                {"perm_write": True},
            ),
            ("res.company", self.company.ids, {"billing_enabled": False}),
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self._call(self.biller, model, "write", ids, values)
        self.assertFalse(self.biller.has_group("service_billing.group_manager"))

    def test_no_context_opens_the_ledger(self):
        charge = self.order.sudo().charge_ids[:1]
        credit_values = {"charge_id": charge.id, "credit_line_id": self.invoice.invoice_line_ids[0].id, "quantity": 1.0}
        for context in ({}, {"install_mode": True}, {"force_delete": True, "skip_readonly_check": True, "su": True}):
            for model, method, arguments in (
                ("service.charge", "write", [charge.ids, {"invoice_line_id": False}]),
                ("service.charge", "write", [charge.ids, {"state": "open"}]),
                ("service.charge", "write", [charge.ids, {"quantity": 9.0}]),
                ("service.charge", "unlink", [charge.ids]),
                ("service.charge.credit", "create", [[credit_values]]),
                (
                    "account.move",
                    "write",
                    [self.invoice.ids, {"billing_released_line_ids": [(4, charge.invoice_line_id.id)]}],
                ),
                ("account.move.line", "write", [charge.invoice_line_id.ids, {"parent_state": "draft"}]),
            ):
                with self.subTest(f"{model}.{method}", context=context), self.assertRaises(UserError):
                    self._call(self.biller, model, method, *arguments, context=context)
        self.assertEqual(charge.state, "invoiced")

    def test_cancelled_draft_is_not_revived_by_forgetting_its_lines(self):
        order = self._done_order()
        draft = self._invoice_order(order)
        draft.button_cancel()

        with self._refused():
            self._call(self.biller, "account.move", "write", draft.ids, {"billing_released_line_ids": [(5, 0, 0)]})
        with self._refused():
            self._call(self.biller, "account.move", "button_draft", draft.ids)

    # === CARD NUMBERS === #

    def test_card_number_reaches_neither_database_nor_log(self):
        number = "4242424242424242"
        self.authenticate("biller", "biller")
        values = {
            "billing_note": f"Card {number}",
            "line_ids": [[6, 0, self.invoice.line_ids.filtered("date_maturity").ids]],
        }
        call = {
            "model": "account.payment.register",
            "method": "web_save",
            "args": [[], values],
            "kwargs": {
                "specification": {},
                "context": {"active_model": "account.move", "active_ids": self.invoice.ids},
            },
        }

        with self.assertLogs(level="DEBUG") as logs:
            answer = self.url_open("/web/dataset/call_kw/account.payment.register/web_save", json={"params": call})

        self.assertRegex(answer.json()["error"]["data"]["message"], "last four digits")
        self.assertNotIn(number, answer.text)
        self.assertFalse([line for line in logs.output if number in line and "odoo.sql_db" not in line])
        for table in ("account_payment", "account_payment_register"):
            self.env.cr.execute(f"SELECT count(*) FROM {table} WHERE billing_note LIKE %s", [f"%{number}%"])
            self.assertEqual(self.env.cr.fetchone(), (0,))
