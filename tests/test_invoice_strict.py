from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common_jobs import performing_jobs
from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-21 10:00:00")
class TestInvoiceStrict(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.company_data["default_journal_sale"]
        cls.before = cls._open_invoice(10.0)
        cls.company.billing_strict = True

    def _assert_seals_hold(self):
        """Expect that core's integrity report finds what it has sealed unchanged, and finds something."""
        self.env.flush_all()
        results = self.company._check_hash_integrity()["results"]
        sealed = [result for result in results if result["status"] != "no_data"]
        self.assertEqual({result["status"] for result in sealed}, {"verified"})

    # === SEALS === #

    def test_finalized_document_is_sealed_with_those_before(self):
        invoice = self._open_invoice()

        self.assertTrue(invoice.inalterable_hash)
        self.assertTrue(self.before.inalterable_hash)
        self._assert_seals_hold()

    def test_many_at_once_are_sealed(self):
        drafts = self._draft_invoice() + self._draft_invoice() + self._draft_invoice(50.0, -50.0)

        drafts.action_billing_finalize()

        self.assertTrue(all(drafts.mapped("inalterable_hash")))
        self._assert_seals_hold()

    def test_report_finds_what_was_changed_behind_its_back(self):
        invoice = self._open_invoice()
        self.env.cr.execute("UPDATE account_move SET date = date + 1 WHERE id = %s", [invoice.id])

        results = self.company._check_hash_integrity()["results"]

        self.assertIn("corrupted", [result["status"] for result in results])

    def test_formats_of_numbers_are_sealed(self):
        for text in ("A-{000}", "B-{YYYY}-{000}", "A-{0000}-X"):
            self.journal.billing_number_format = text
            self._open_invoice()

        self._assert_seals_hold()

    # === WHAT STILL WORKS === #

    def test_payment_and_its_removal(self):
        invoice = self._open_invoice()
        payment = self._pay_invoice(invoice, 100.0)
        self.assertEqual(invoice.billing_status, "paid")

        payment.action_billing_remove()

        self.assertEqual(invoice.billing_status, "open")
        self._assert_seals_hold()

    def test_credit_note(self):
        invoice = self._open_invoice()

        credit_note = self._credit_invoice(invoice)
        credit_note.action_billing_finalize()

        self.assertTrue(credit_note.inalterable_hash)
        self.assertEqual(invoice.billing_status, "paid")
        self._assert_seals_hold()

    def test_void(self):
        invoice = self._open_invoice()

        invoice.action_billing_void("duplicate", "Invoiced twice.")

        self.assertRecordValues(invoice, [{"billing_status": "void", "amount_residual": 0.0}])
        self.assertTrue(invoice.billing_void_move_id.inalterable_hash)
        self._assert_seals_hold()

    def test_bad_debt_and_its_recovery(self):
        invoice = self._open_invoice().with_user(self.manager)
        invoice.action_billing_write_off("insolvent", "The firm is gone.")
        self.assertEqual(invoice.billing_status, "uncollectible")
        self._assert_seals_hold()

        invoice.action_billing_recover()

        self.assertRecordValues(invoice, [{"billing_status": "open", "amount_residual": 100.0}])
        self._assert_seals_hold()

    def test_correction_of_a_paid_invoice(self):
        invoice = self._open_invoice()
        self._pay_invoice(invoice, 100.0)

        invoice.action_billing_correct("wrong_amount", "Too much.")
        draft = invoice.billing_corrected_by_id
        draft.invoice_line_ids.price_unit = 80.0
        draft.action_billing_finalize()

        self.assertEqual(draft.billing_status, "paid")
        self._assert_seals_hold()

    def test_credit_note_may_be_dated_before_another(self):
        self._credit_invoice(self._open_invoice()).action_billing_finalize()
        credit_note = self._credit_invoice(self._open_invoice())
        credit_note.invoice_date = "2026-11-01"

        credit_note.action_billing_finalize()

        self._assert_seals_hold()

    def test_work_of_an_order_and_its_parts(self):
        invoice = self._finalize_order(self._done_order(hours=1.0, parts=1))

        self.assertTrue(invoice.inalterable_hash)
        self._assert_seals_hold()

    def test_sending(self):
        invoice = self._open_invoice()

        with performing_jobs():
            invoice._send_to_customer()

        self.assertTrue(invoice.is_move_sent)
        self._assert_seals_hold()

    def test_file_of_a_finalized_document_is_kept(self):
        invoice = self._open_invoice()
        file = self.env["ir.attachment"].create(
            {"name": "order.pdf", "raw": b"%PDF-1.4", "res_model": "account.move", "res_id": invoice.id}
        )

        with self._refused():
            file.unlink()

    def test_history_of_a_finalized_document_is_kept(self):
        with self.assertRaises(UserError):
            self._open_invoice().message_ids[-1].unlink()

    # === WHAT IS REFUSED === #

    def test_number_is_not_chosen(self):
        self.journal.billing_number_format = "A-{000}"

        with self._refused(ValidationError):
            self._draft_invoice(name="A-042")

    def test_number_that_was_chosen_before_is_refused(self):
        other = self.journal.copy({"code": "SRV"})
        self.company.billing_strict = False
        draft = self._draft_invoice(name="SRV/2026/00042", journal_id=other.id)
        self.company.billing_strict = True

        self.assertEqual(list(draft._get_finalize_constraints()), ["number"])

    def test_back_dated_invoice_is_refused_although_the_company_lets_it(self):
        self.assertTrue(self.company.billing_backdating)
        draft = self._draft_invoice(invoice_date="2026-11-19")

        self.assertEqual(list(draft._get_finalize_constraints()), ["backdated"])
        with self._refused():
            draft.action_billing_finalize()

    # === ON AND OFF === #

    def test_off_again_while_nothing_is_sealed(self):
        self.company.billing_strict = False

        self._open_invoice()

        self.assertFalse(self.journal.restrict_mode_hash_table)
        self.assertFalse(self.before.inalterable_hash)

    def test_on_for_good_once_something_is_sealed(self):
        self._open_invoice()

        with self._refused():
            self.company.billing_strict = False
        with self._refused(ValidationError):
            self.company.restrictive_audit_trail = False
        self.assertTrue(self.company.billing_strict)

    def test_hash_of_a_journal_stays_on(self):
        with self._refused(ValidationError):
            self.journal.restrict_mode_hash_table = False

    def test_new_journal_is_sealed(self):
        journal = self.env["account.journal"].create({"name": "Service", "code": "SRV", "type": "sale"})

        self.assertTrue(journal.restrict_mode_hash_table)
        self.assertTrue(self._open_invoice(journal_id=journal.id).inalterable_hash)

    def test_series_with_a_gap_is_refused_until_a_new_one_begins(self):
        self._set_up_second_company()
        first = self._open_invoice(user=self.second_biller)
        gap = self._draft_invoice(user=self.second_biller)
        self._open_invoice(user=self.second_biller)
        self.env.cr.execute(
            "UPDATE account_move SET name = 'INV/2026/00009', sequence_number = 9, made_sequence_gap = TRUE "
            "WHERE company_id = %s AND state = 'posted' AND id != %s",
            [self.second_company.id, first.id],
        )
        self.env.invalidate_all()

        with self._refused():
            self.second_company.billing_strict = True
        gap.sudo().journal_id.billing_number_format = "B-{YYYY}-{000}"
        self.second_company.billing_strict = True
        gap.action_billing_finalize()

        self.assertTrue(gap.inalterable_hash)

    def test_other_companies_are_not_sealed(self):
        self._set_up_second_company()

        invoice = self._open_invoice(user=self.second_biller)

        self.assertFalse(invoice.inalterable_hash)

    def test_button_of_the_settings(self):
        self._set_up_second_company()
        settings = self.env["res.config.settings"].with_company(self.second_company).create({})

        settings.action_billing_strict()

        self.assertTrue(self.second_company.billing_strict)
        self.assertTrue(self.second_company.restrictive_audit_trail)
