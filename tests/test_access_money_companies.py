from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestAccessMoneyCompanies(MoneyCommon):
    """One customer in two firms: nothing of the one reaches the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_second_company()
        cls.both = cls._create_user("both", "service_billing.group_biller")
        cls.both.company_ids += cls.second_company
        cls.here = cls._open_invoice(100.0)
        cls.there = cls._open_invoice(100.0, user=cls.second_biller)

    def _window(self, model, invoices, **values):
        return (
            self.env[model]
            .with_user(self.both)
            .with_context(
                active_model="account.move", active_ids=invoices.ids, allowed_company_ids=self.both.company_ids.ids
            )
            .create(values)
        )

    def test_documents_stay_in_their_company(self):
        self.assertEqual(self.here.company_id, self.company)
        self.assertEqual(self.there.company_id, self.second_company)
        self.assertEqual(self.here.line_ids.account_id.company_ids, self.company)
        self.assertEqual(self.there.line_ids.account_id.company_ids, self.second_company)

    def test_numbers_run_apart(self):
        third, fourth = self._open_invoice(1.0), self._open_invoice(1.0, user=self.second_biller)

        self.assertEqual(self.here.name, self.there.name)
        self.assertEqual(third.sequence_number, self.here.sequence_number + 1)
        self.assertEqual(fourth.sequence_number, self.there.sequence_number + 1)

    def test_biller_of_the_one_finds_nothing_of_the_other(self):
        payment = self._pay_invoice(self.here, 40.0)
        credit_note = self._credit_invoice(self.here)
        for records in (self.here, self.here.line_ids, payment, credit_note):
            with self.subTest(records._name):
                found = self._call(self.second_biller, records._name, "search", [("id", "in", records.ids)])
                self.assertEqual(found, [])
                with self.assertRaises(AccessError):
                    self._call(self.second_biller, records._name, "read", records.ids, ["id"])

    def test_biller_of_the_one_does_nothing_in_the_other(self):
        payment = self._pay_invoice(self.here, 40.0)
        draft = self._draft_invoice()
        for model, method, arguments in (
            ("account.move", "action_billing_finalize", [draft.ids]),
            ("account.move", "write", [draft.ids, {"narration": "x"}]),
            ("account.move", "unlink", [draft.ids]),
            ("account.payment", "action_billing_remove", [payment.ids]),
            ("account.move", "js_assign_outstanding_line", [self.there.ids, payment.move_id.line_ids.ids[0]]),
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                self._call(self.second_biller, model, method, *arguments)
        self.assertEqual(self.here.amount_residual, 60.0)

    def test_money_of_the_one_is_not_offered_in_the_other(self):
        self._window(
            "account.payment.register", self.here, amount=150.0, billing_keep_credit=True
        ).action_create_payments()
        invoice = self.there.with_user(self.both).with_context(allowed_company_ids=self.both.company_ids.ids)

        self.assertFalse(invoice.invoice_outstanding_credits_debits_widget)

    def test_one_payment_does_not_pay_in_both(self):
        with self.assertRaises(UserError):
            self._window("account.payment.register", self.here + self.there).action_create_payments()
        self.assertEqual((self.here + self.there).sudo().mapped("amount_residual"), [100.0, 100.0])

    def test_one_credit_note_does_not_credit_in_both(self):
        with self.assertRaises(UserError):
            self._window("account.move.reversal", self.here + self.there)

    def test_credit_note_does_not_change_its_company(self):
        credit_note = self._credit_invoice(self.here)
        journal = self.there.journal_id

        with self.assertRaises(UserError):
            self._call(self.both, "account.move", "write", credit_note.ids, {"journal_id": journal.id})
            self._call(self.both, "account.move", "action_billing_finalize", credit_note.ids)
        self.assertEqual(self.here.amount_residual, 100.0)

    def test_credit_note_is_not_linked_to_the_other_company(self):
        credit_note = self._draft_invoice(
            100.0, move_type="out_refund", billing_credit_reason="goodwill", billing_credit_text="Late"
        )

        with self.assertRaises(UserError):
            self._call(self.both, "account.move", "write", credit_note.ids, {"reversed_entry_id": self.there.id})
            self._call(self.both, "account.move", "action_billing_finalize", credit_note.ids)
        self.assertEqual(self.there.amount_residual, 100.0)

    def test_charges_of_the_one_go_on_drafts_of_the_one(self):
        product = self.service.id
        charges = self.env["service.charge"].create(
            [
                {"partner_id": self.customer.id, "product_id": product, "company_id": company.id}
                for company in (self.company, self.second_company)
            ]
        )

        drafts = (
            charges.with_user(self.both).with_context(allowed_company_ids=self.both.company_ids.ids)._create_invoices()
        )

        self.assertEqual(drafts.mapped("company_id"), charges.mapped("company_id"))
        self.assertEqual([len(draft.invoice_line_ids) for draft in drafts], [1, 1])
