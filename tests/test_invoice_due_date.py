from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_import import ImportCommon

TODAY, NOW = date(2026, 11, 21), "2026-11-21 10:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestInvoiceDueDate(ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_due_limit = 180
        cls.immediate, cls.term_30, cls.term_200 = cls.env["account.payment.term"].create(
            [
                {"name": f"{days} days", "line_ids": [Command.create({"value": "percent", "nb_days": days})]}
                for days in (0, 30, 200)
            ]
        )

    def _draft_due(self, due_date, **values):
        return self._draft_made(NOW, invoice_payment_term_id=False, invoice_date_due=due_date, **values)

    def _draft_made(self, moment, **values):
        """Return a draft that was made at a moment, as its user saw it."""
        with freeze_time(moment):
            invoice = self._draft_invoice(**values)
        self.env.cr.execute("UPDATE account_move SET create_date = %s WHERE id = %s", [moment, invoice.id])
        invoice.invalidate_recordset(["create_date"])
        return invoice

    def _assert_due_date_refused(self, invoice, *days):
        """Expect that finalizing is refused, and that the sentence names the days."""
        self.assertEqual(list(invoice._get_finalize_constraints()), ["due_date"])
        with self._refused() as caught:
            invoice.action_billing_finalize()
        for day in days:
            self.assertIn(day, str(caught.exception))
        self.assertRecordValues(invoice, [{"state": "draft", "name": False}])

    def _assert_finalized(self, invoice, due_date):
        invoice.action_billing_finalize()
        self.assertEqual(invoice.invoice_date_due, date.fromisoformat(due_date))

    # === THE RANGE === #

    def test_due_yesterday(self):
        self._assert_due_date_refused(self._draft_due("2026-11-20"), "11/21/2026", "05/20/2027")

    def test_due_tomorrow(self):
        self._assert_finalized(self._draft_due("2026-11-22"), "2026-11-22")

    def test_due_on_the_last_day(self):
        self._assert_finalized(self._draft_due("2027-05-20"), "2027-05-20")

    def test_due_a_day_too_late(self):
        self._assert_due_date_refused(self._draft_due("2027-05-21"), "05/20/2027")

    def test_limit_of_the_company(self):
        self.company.billing_due_limit = 10

        self._assert_finalized(self._draft_due("2026-12-01"), "2026-12-01")
        self._assert_due_date_refused(self._draft_due("2026-12-02"), "12/01/2026")

    def test_no_limit_lets_everything_pass(self):
        self.company.billing_due_limit = 0

        self._assert_finalized(self._draft_due("2020-01-01", invoice_date="2020-01-01"), "2020-01-01")
        self._assert_finalized(self._draft_due("2040-01-01"), "2040-01-01")

    def test_limit_below_zero(self):
        with self._refused(ValidationError):
            self.company.billing_due_limit = -1

    def test_weekend_is_kept(self):
        self._assert_finalized(self._draft_due("2026-11-29"), "2026-11-29")

    def test_each_company_has_its_limit(self):
        self._set_up_second_company()
        own = self._draft_due("2027-11-21")
        other = self._draft_due("2027-11-21", user=self.second_biller)

        self._assert_due_date_refused(own)
        self._assert_finalized(other, "2027-11-21")

    def test_one_that_is_due_too_late_keeps_all_from_being_finalized(self):
        good, bad = self._draft_due("2026-12-01"), self._draft_due("2027-12-01")

        with self._refused():
            (good + bad).action_billing_finalize()

        self.assertEqual((good + bad).mapped("state"), ["draft", "draft"])

    # === PAYMENT TERMS === #

    def test_terms_count_from_the_day_of_finalizing(self):
        invoice = self._draft_made("2026-09-01 10:00:00", invoice_payment_term_id=self.term_30.id)

        self._assert_finalized(invoice, "2026-12-21")

    def test_terms_that_are_too_long(self):
        self._assert_due_date_refused(self._draft_invoice(invoice_payment_term_id=self.term_200.id))

    def test_terms_of_an_old_invoice_date(self):
        old = self._draft_invoice(invoice_payment_term_id=self.term_30.id, invoice_date="2026-10-01")

        self._assert_due_date_refused(old)

    # === DUE ON RECEIPT === #

    def test_due_on_receipt(self):
        for values in ({"invoice_payment_term_id": self.immediate.id}, {"invoice_date": TODAY}, {}):
            with self.subTest(values):
                self._assert_finalized(self._draft_invoice(**values), "2026-11-21")

    def test_due_on_receipt_after_days_as_a_draft(self):
        self._assert_finalized(self._draft_made("2026-11-18 10:00:00"), "2026-11-21")

    def test_due_today_but_dated_before(self):
        self._assert_due_date_refused(self._draft_due("2026-11-21", invoice_date="2026-11-20"), "11/22/2026")

    def test_company_without_due_on_receipt(self):
        self.company.billing_due_on_receipt = False

        self._assert_due_date_refused(self._draft_invoice(), "11/22/2026")
        self._assert_due_date_refused(self._draft_invoice(invoice_payment_term_id=self.immediate.id))

    # === THE DAY OF THE COMPANY === #

    def test_day_of_the_company_decides(self):
        self.company.billing_timezone = "Pacific/Auckland"

        with freeze_time("2026-11-21 12:00:00"):
            invoice = self._draft_due("2026-11-22", invoice_date="2026-11-21")

            self._assert_due_date_refused(invoice, "11/23/2026")

    def test_invoice_is_dated_on_the_day_of_the_company(self):
        self.company.billing_timezone = "Pacific/Auckland"

        with freeze_time("2026-12-31 11:59:00"):
            invoice = self._draft_made("2026-12-31 11:59:00")
            invoice.action_billing_finalize()

        self.assertRecordValues(invoice, [{"invoice_date": date(2027, 1, 1), "date": date(2027, 1, 1)}])
        self.assertRegex(invoice.name, r"^INV/2027/")

    # === WHO IS EXEMPT === #

    def test_imported_invoice_keeps_its_due_date(self):
        batch = self._import(
            self._row(Date="2026-01-31", Due_date="2026-02-28"), self._row("A2", Due_date="2029-01-01")
        )

        invoices = batch.line_ids.move_id
        invoices.action_billing_finalize()

        self.assertEqual(invoices.mapped("invoice_date_due"), [date(2026, 2, 28), date(2029, 1, 1)])

    def test_credit_note_has_no_rule(self):
        credit_note = self._draft_due(
            "2026-01-01", move_type="out_refund", billing_credit_reason="other", billing_credit_text="Agreed"
        )

        self._assert_finalized(credit_note, "2026-01-01")

    def test_unmanaged_invoice_has_no_rule(self):
        self.company.billing_enabled = False
        invoice = self._draft_due("2026-01-01", invoice_date="2026-01-01")

        invoice.action_post()

        self.assertEqual(invoice.invoice_date_due, date(2026, 1, 1))
