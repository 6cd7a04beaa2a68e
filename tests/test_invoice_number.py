from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common_money import MoneyCommon

REASON = {"billing_credit_reason": "other", "billing_credit_text": "Agreed"}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-21 10:00:00")
class TestInvoiceNumber(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.company_data["default_journal_sale"]

    def _finalize(self, *dates, **values):
        """Return the numbers of invoices of these dates, finalized one after the other."""
        return [self._open_invoice(invoice_date=day, **values).name for day in dates]

    def _assert_number_refused(self, number, **values):
        with self._refused(ValidationError):
            self._draft_invoice(**{"name": number, **values})

    # === FORMAT === #

    def test_format_of_the_journal(self):
        for text, numbers in (
            ("A-{000}", ["A-001", "A-002", "A-003"]),
            ("B-{YYYY}-{000}", ["B-2026-001", "B-2026-002", "B-2027-001"]),
            ("{YY}-{0000}", ["26-0001", "26-0002", "27-0001"]),
            ("C{YYYY}/{MM}/{00}", ["C2026/11/01", "C2026/12/01", "C2027/01/01"]),
            ("{0000}-EU", ["0001-EU", "0002-EU", "0003-EU"]),
            ("21-A{0}", ["21-A1", "21-A2", "21-A3"]),
        ):
            with self.subTest(text):
                self.journal.billing_number_format = text

                self.assertEqual(self._finalize("2026-11-21", "2026-12-31", "2027-01-01"), numbers)

    def test_counter_that_looks_like_a_year(self):
        self.journal.billing_number_format = "{0}-EU"
        self._open_invoice(name="2026-EU")

        self.assertEqual(self._finalize("2026-11-21", "2027-01-01"), ["2027-EU", "2028-EU"])

    def test_counter_grows_beyond_its_digits(self):
        self.journal.billing_number_format = "A-{00}"
        self._open_invoice(name="A-99")

        self.assertEqual(self._finalize("2026-11-21"), ["A-100"])

    def test_late_invoice_of_the_old_year_continues_its_series(self):
        self.journal.billing_number_format = "B-{YYYY}-{000}"

        numbers = self._finalize("2026-11-21", "2027-01-01", "2026-12-31", "2027-01-02")

        self.assertEqual(numbers, ["B-2026-001", "B-2027-001", "B-2026-002", "B-2027-002"])

    def test_many_at_once(self):
        self.journal.billing_number_format = "B-{YYYY}-{000}"
        drafts = self._draft_invoice() + self._draft_invoice(invoice_date="2027-01-01") + self._draft_invoice()

        drafts.action_billing_finalize()

        self.assertEqual(drafts.mapped("name"), ["B-2026-001", "B-2027-001", "B-2026-002"])
        self.assertFalse(any(drafts.mapped("made_sequence_gap")))

    def test_format_changes_in_the_middle(self):
        numbers = self._finalize("2026-11-21", "2026-11-21")
        for text in ("A-{000}", "B-{YYYY}-{000}", "A-{0000}", "A-{00}-X", False):
            self.journal.billing_number_format = text
            numbers += self._finalize("2026-11-21", "2026-11-21")

        self.assertEqual(numbers[2:10], [
            "A-001", "A-002", "B-2026-001", "B-2026-002", "A-0003", "A-0004", "A-05-X", "A-06-X",
        ])  # fmt: skip
        self.assertEqual(len(set(numbers)), 12)
        moves = self.env["account.move"].search([("name", "in", numbers)])
        self.assertFalse(any(moves.mapped("made_sequence_gap")))

    def test_credit_notes_have_their_own_series(self):
        self.journal.billing_number_format = "A-{000}"

        numbers = self._finalize("2026-11-21") + self._finalize("2026-11-21", move_type="out_refund", **REASON)

        self.assertEqual(numbers + self._finalize("2026-11-21"), ["A-001", "RA-001", "A-002"])

    def test_credit_notes_in_the_series_of_invoices(self):
        self.journal.write({"billing_number_format": "A-{000}", "refund_sequence": False})

        numbers = self._finalize("2026-11-21") + self._finalize("2026-11-21", move_type="out_refund", **REASON)

        self.assertEqual(numbers + self._finalize("2026-11-21"), ["A-001", "A-002", "A-003"])

    def test_unmanaged_invoices_keep_to_core(self):
        self.journal.billing_number_format = "A-{000}"
        self.company.billing_enabled = False
        invoice = self._draft_invoice()

        invoice.action_post()

        self.assertRegex(invoice.name, r"^INV/2026/")

    def test_each_company_has_its_series(self):
        self._set_up_second_company()
        journals = self.journal | self.journal.search(
            [("company_id", "=", self.second_company.id), ("type", "=", "sale")], limit=1
        )
        journals.billing_number_format = "A-{000}"

        own = self._open_invoice() + self._open_invoice()
        other = self._open_invoice(user=self.second_biller)

        self.assertEqual((own + other).mapped("name"), ["A-001", "A-002", "A-001"])

    def test_each_journal_of_a_company_has_its_series(self):
        other = self.journal.copy({"code": "SRV", "billing_number_format": "S-{000}"})
        self.journal.billing_number_format = "A-{000}"

        numbers = self._finalize("2026-11-21") + self._finalize("2026-11-21", journal_id=other.id)

        self.assertEqual(numbers, ["A-001", "S-001"])
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            other.billing_number_format = "A-{000}"
            other.flush_recordset()

    def test_format_that_no_series_can_follow(self):
        for text in ("INV", "{YYYY}{000}", "INV-{YYYY}-{MM}-{DD}-{000}", "{000}-{YYYY}", "{MM}/{000}", "{0}{0}"):
            with self.subTest(text), self._refused(ValidationError):
                self.journal.billing_number_format = text

    # === A NUMBER THAT IS CHOSEN === #

    def test_first_number_of_a_series_can_be_chosen(self):
        self.journal.billing_number_format = "A-{000}"
        first = self._draft_invoice(name="A-042")

        first.action_billing_finalize()

        self.assertEqual([first.name, *self._finalize("2026-11-21")], ["A-042", "A-043"])

    def test_first_number_can_be_chosen_without_a_format(self):
        first = self._open_invoice(name="INV-2026-100")

        self.assertEqual([first.name, *self._finalize("2026-11-21", "2027-01-01")],
                         ["INV-2026-100", "INV-2026-101", "INV-2027-001"])  # fmt: skip

    def test_later_number_cannot_be_chosen(self):
        for text in (False, "A-{000}"):
            self.journal.billing_number_format = text
            first = self._open_invoice()
            with self.subTest(text):
                self._assert_number_refused(first.name.replace("1", "7"))

    def test_used_number_is_refused(self):
        first = self._open_invoice()
        draft = self._draft_invoice()

        with self._refused(ValidationError) as caught:
            draft.name = first.name

        self.assertIn(first.name, str(caught.exception))

    def test_number_that_was_used_meanwhile_is_refused_before_the_series_is_locked(self):
        self.journal.billing_number_format = "A-{000}"
        draft = self._draft_invoice(name="A-001")
        self.assertEqual(self._finalize("2026-11-21"), ["A-001"])

        self.assertEqual(list(draft._get_finalize_constraints()), ["number"])
        with self._refused():
            draft.action_billing_finalize()

    def test_chosen_number_is_not_taken_by_the_draft(self):
        draft = self._draft_invoice(name="INV/2026/00042")
        number = self._finalize("2026-11-21")

        draft.unlink()

        self.assertEqual(number + self._finalize("2026-11-21"), ["INV/2026/00001", "INV/2026/00002"])

    def test_chosen_number_follows_the_format(self):
        self.journal.billing_number_format = "A-{YYYY}-{000}"

        for number in ("A-2026-1", "B-2026-001", "A-2025-001", "A-26-001"):
            with self.subTest(number):
                self._assert_number_refused(number)

    def test_number_with_a_day(self):
        self._assert_number_refused("INV-2026-11-01-001")

    # === ORDER OF DATES === #

    def test_back_dated_invoice(self):
        self.company.billing_backdating = False
        later = self._open_invoice(invoice_date="2026-11-20")
        self._open_invoice(invoice_date="2026-11-20")
        draft = self._draft_invoice(invoice_date="2026-11-19")

        self.assertEqual(list(draft._get_finalize_constraints()), ["backdated"])
        with self._refused() as caught:
            draft.action_billing_finalize()
        self.assertIn("11/20/2026", str(caught.exception))
        draft.invoice_date = later.invoice_date
        draft.action_billing_finalize()

        self.assertEqual(draft.sequence_number, later.sequence_number + 2)

    def test_back_dated_invoice_where_the_company_lets_it(self):
        later = self._open_invoice(invoice_date="2026-11-20")
        draft = self._draft_invoice(invoice_date="2026-11-19")

        self.assertIn(later.name, draft.alerts["billing_backdated"]["message"])
        draft.action_billing_finalize()

        self.assertEqual(draft.sequence_number, later.sequence_number + 1)
        self.assertFalse(draft.alerts)

    def test_order_of_dates_holds_within_a_series(self):
        self.company.billing_backdating = False
        self.journal.billing_number_format = "A-{YYYY}-{MM}-{000}"

        numbers = self._finalize("2026-11-20", "2026-10-31")
        numbers += self._finalize("2026-10-30", move_type="out_refund", **REASON)

        self.assertEqual(numbers, ["A-2026-11-001", "A-2026-10-001", "RA-2026-10-001"])

    def test_invoice_of_today_asks_for_no_other(self):
        self.company.billing_backdating = False
        self._open_invoice(invoice_date="2026-12-24")

        self.assertFalse(self._draft_invoice()._get_finalize_constraints())

    # === PREVIEW === #

    def _preview(self, text):
        action = self.journal.with_user(self.manager).action_billing_number_format()
        form = Form(self.env["service.number.format"].with_user(self.manager).with_context(**action["context"]))
        form.number_format = text
        return form

    def test_preview_follows_what_is_typed(self):
        self._open_invoice()
        form = self._preview("A-{YYYY}-{000}")

        self.assertEqual(form.next_numbers.split(", "), ["A-2026-001", "A-2026-002", "A-2026-003"])
        self.assertEqual(form.next_year_numbers.split(", "), ["A-2027-001", "A-2027-002", "A-2027-003"])
        self.assertEqual(form.credit_numbers.split(", "), ["RA-2026-001", "RA-2026-002", "RA-2026-003"])
        form.number_format = "INV/{YYYY}/{00000}"
        self.assertEqual(form.next_numbers.split(", ")[0], "INV/2026/00002")
        form.number_format = "A{000}"
        self.assertFalse(form.next_year_numbers)
        form.number_format = "A{YYYY}"
        self.assertTrue(form.error)
        self.assertFalse(form.next_numbers)

    def test_next_number_of_a_journal_without_format_follows_the_last_one(self):
        first = self.journal.billing_next_number

        self.assertEqual(self._open_invoice().name, first)
        self.journal.invalidate_recordset()
        self.assertEqual(self.journal.billing_next_number, "INV/2026/00002")

    def test_preview_tells_the_truth(self):
        form = self._preview("A-{YYYY}-{000}")
        form.save().action_apply()

        numbers = [self._open_invoice().name for _index in range(3)]

        self.assertEqual(numbers, form.next_numbers.split(", "))
        self.assertEqual(self.journal.billing_next_number, "A-2026-004")

    def test_bad_format_is_not_applied(self):
        wizard = self._preview("A{YYYY}").save()

        with self._refused():
            wizard.action_apply()

        self.assertFalse(self.journal.billing_number_format)

    def test_format_of_another_company_is_not_changed(self):
        self._set_up_second_company()
        other = self.journal.search([("company_id", "=", self.second_company.id), ("type", "=", "sale")], limit=1)
        wizard = self.env["service.number.format"].with_user(self.manager).sudo().create({"journal_id": other.id})

        with self.assertRaises(AccessError):
            self._call(self.manager, "service.number.format", "action_apply", wizard.ids)

    def test_zero_total_still_has_a_number(self):
        self.journal.billing_number_format = "A-{000}"
        zero = self._open_invoice(50.0, -50.0)

        self.assertRecordValues(zero, [{"name": "A-001", "billing_status": "paid", "invoice_date": date(2026, 11, 21)}])
