from odoo.tests import Form, tagged

from .common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestPayCredit(CreditCommon):
    # === WHAT COMES IN === #

    def test_nobody_has_credit_without_money(self):
        self._open_invoice(100.0)

        self.assertEqual(self._get_balance(), {})
        self.assertFalse(self.customer.with_user(self.biller).billing_credit_text)

    def test_what_is_paid_beyond_the_invoice_is_credit(self):
        invoice = self._open_invoice(100.0)

        self._pay_invoice(invoice, 120.0, billing_keep_credit=True)

        self.assertRecordValues(invoice, [{"billing_status": "paid", "amount_residual": 0.0}])
        self.assertEqual(self._get_balance(), {"USD": 20.0})
        self.assertIn("20.00", self.customer.with_user(self.biller).billing_credit_text)

    def test_prepayment_is_credit_with_all_that_is_known_of_it(self):
        payment = self._prepay(80.0, date="2026-05-04", external_ref=" CHQ-7 ", note="At the counter")

        self.assertRecordValues(
            payment,
            [
                {
                    "amount": 80.0,
                    "partner_id": self.customer.id,
                    "payment_type": "inbound",
                    "billing_external_ref": "CHQ-7",
                    "billing_note": "At the counter",
                    "state": "in_process",
                }
            ],
        )
        self.assertEqual(self._get_balance(), {"USD": 80.0})

    def test_prepayment_is_recorded_once(self):
        wizard = (
            self.env["service.prepayment"]
            .with_user(self.biller)
            .create({"partner_id": self.customer.id, "amount": 5.0})
        )
        wizard.action_confirm()

        notice = wizard.action_confirm()

        self.assertEqual(notice["tag"], "display_notification")
        self.assertEqual(self._get_balance(), {"USD": 5.0})

    def test_prepayment_has_an_amount(self):
        for amount in (0.0, -5.0):
            with self._refused():
                self._prepay(amount)

    def test_prepayment_window_fills_itself(self):
        form = Form(self.env["service.prepayment"].with_user(self.biller).with_context(active_id=self.customer.id))

        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(form.currency_id, self.company.currency_id)
        self.assertTrue(form.journal_id)
        self.assertTrue(form.payment_method_line_id)

    def test_branch_takes_and_pays_back_money_by_the_journals_of_its_parent(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        for name in ("service.prepayment", "service.credit.refund"):
            window = self.env[name].new({"partner_id": self.customer.id, "company_id": branch.id})
            self.assertEqual(window.journal_id.company_id, self.company)

    def test_goodwill_is_credit_and_a_contact_of_the_firm_shares_it(self):
        self._goodwill(30.0)
        contact = self._create_customer("Mrs. Alpina", parent_id=self.customer.id)

        self.assertEqual(contact._get_credit_balance(), self.customer._get_credit_balance())
        self.assertEqual(self._get_balance(), {"USD": 30.0})

    def test_void_and_written_off_documents_are_no_credit(self):
        invoice, lost = self._open_invoice(100.0), self._open_invoice(70.0)

        invoice.action_billing_void("duplicate", "Billed before.")
        lost.with_user(self.manager).action_billing_write_off("insolvent", "No quota.")

        self.assertEqual(self._get_balance(), {})
        self.assertFalse(self.env["service.credit.item"].search([("commercial_partner_id", "=", self.customer.id)]))

    # === WHAT USES IT === #

    def test_finalizing_uses_the_oldest_credit_first(self):
        new = self._prepay(50.0, date="2026-03-01")
        old = self._prepay(30.0, date="2026-02-01")

        invoice = self._open_invoice(60.0)

        self.assertRecordValues(invoice, [{"billing_status": "paid", "amount_residual": 0.0}])
        self.assertEqual(self._get_receivable(old.move_id).amount_residual, 0.0)
        self.assertEqual(self._get_receivable(new.move_id).amount_residual, -20.0)
        self.assertEqual(self._get_balance(), {"USD": 20.0})

    def test_never_more_is_used_than_there_is(self):
        self._prepay(30.0)

        invoice = self._open_invoice(100.0)

        self.assertRecordValues(invoice, [{"billing_status": "partially_paid", "amount_residual": 70.0}])
        self.assertEqual(self._get_balance(), {})

    def test_several_invoices_share_the_credit_what_is_due_first_before(self):
        self._prepay(100.0)
        later = self._draft_invoice(80.0, invoice_date="2026-03-01", invoice_date_due="2026-06-01")
        sooner = self._draft_invoice(60.0, invoice_date="2026-03-01", invoice_date_due="2026-04-01")

        (later + sooner).action_billing_finalize()

        self.assertRecordValues(later + sooner, [{"amount_residual": 40.0}, {"amount_residual": 0.0}])
        self.assertEqual(self._get_balance(), {})

    def test_credit_of_another_customer_is_not_used(self):
        self._prepay(50.0, partner_id=self._create_customer("Somebody Else").id)

        self.assertEqual(self._open_invoice(100.0).amount_residual, 100.0)

    def test_customer_who_does_not_want_it_keeps_the_credit(self):
        self._prepay(50.0)
        self.customer.billing_use_credit = "no"

        self.assertEqual(self._open_invoice(100.0).amount_residual, 100.0)
        self.assertEqual(self._get_balance(), {"USD": 50.0})

    def test_customer_goes_before_the_company(self):
        self._prepay(50.0)
        self.company.billing_use_credit = False
        untouched = self._open_invoice(100.0)
        self.customer.billing_use_credit = "yes"

        self.assertEqual(untouched.amount_residual, 100.0)
        self.assertEqual(self._open_invoice(100.0).amount_residual, 50.0)

    def test_credit_in_another_currency_waits(self):
        euro = self.setup_other_currency("EUR")
        self._prepay(50.0, currency_id=euro.id)

        invoice = self._open_invoice(100.0)

        self.assertEqual(invoice.amount_residual, 100.0)
        self.assertEqual(self._get_balance(), {"EUR": 50.0})
        self.assertEqual(self._open_invoice(80.0, currency_id=euro.id).amount_residual, 30.0)

    def test_credit_in_another_company_is_neither_used_nor_shown(self):
        self._set_up_second_company()
        self._prepay(50.0, user=self.second_biller)
        self.biller.company_ids += self.second_company

        self.assertEqual(self._open_invoice(100.0).amount_residual, 100.0)
        self.assertEqual(self._get_balance(), {})
        self.assertEqual(self._get_balance(self.second_company), {"USD": 50.0})

    def test_payments_of_an_invoice_that_is_corrected_stay_with_it(self):
        invoice = self._open_invoice(100.0)
        self._pay_invoice(invoice, 100.0)
        action = invoice.action_billing_correct("wrong_amount", "Wrong price.")

        other = self._open_invoice(40.0)
        right = self.env["account.move"].browse(action["res_id"])
        right.with_user(self.biller).action_billing_finalize()

        self.assertEqual((other.amount_residual, right.amount_residual), (40.0, 0.0))

    def test_taking_the_credit_off_restores_it(self):
        self._prepay(100.0)
        invoice = self._open_invoice(100.0)
        partial = self._get_receivable(invoice).matched_credit_ids

        self._call(self.biller, "account.move", "js_remove_outstanding_partial", invoice.ids, partial.id)

        self.assertRecordValues(invoice, [{"billing_status": "open", "amount_residual": 100.0}])
        self.assertEqual(self._get_balance(), {"USD": 100.0})

    def test_without_credit_finalizing_asks_once_for_all_invoices(self):
        few = self._draft_invoice(10.0)
        many = self.env["account.move"].union(*(self._draft_invoice(10.0) for _index in range(5)))
        (few + many).action_billing_finalize()

        for invoices in (few, few + many):
            with self.subTest(count=len(invoices)):
                invoices._use_credit()
                with self.assertQueryCount(1):
                    invoices._use_credit()
