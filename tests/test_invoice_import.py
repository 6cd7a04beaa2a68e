from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import file_open, mute_logger

from odoo.addons.queue_job.exception import RetryableJobError

from .common_import import ImportCommon
from .common_jobs import performing_jobs


@tagged("post_install", "-at_install")
class TestInvoiceImport(ImportCommon):
    # === DRAFTS === #

    def test_rows_of_a_reference_become_one_managed_draft(self):
        batch = self._import(
            self._row(Date="2025-03-31", Due_date="2025-04-30", Quantity="2", Note="Thanks", Tax="0"),
            self._row(Description="Travel", Price="10.00", Tax="0"),
            self._row("A2"),
        )

        invoices = batch.line_ids.move_id
        self.assertRecordValues(batch, [{"status": "done", "done_count": 2, "failed_count": 0}])
        self.assertRecordValues(
            invoices[0],
            [
                {
                    "state": "draft",
                    "billing_managed": True,
                    "partner_id": self.customer.id,
                    "invoice_date": date(2025, 3, 31),
                    "invoice_date_due": date(2025, 4, 30),
                    "invoice_origin": "A1",
                    "amount_total": 211.0,
                    "invoice_user_id": self.biller.id,
                }
            ],
        )
        self.assertIn("Thanks", invoices[0].narration)
        self.assertEqual(invoices[0].invoice_line_ids.mapped("name"), ["Work", "Travel"])
        invoices.action_billing_finalize()

    def test_product_tax_and_currency_are_found(self):
        self.service.default_code = "CHK"
        usd = self.quick_ref("base.USD")
        usd.active = True
        tax = self.company.account_sale_tax_id

        batch = self._import(
            self._row("A1", Product_code="CHK", Price="", Description="", Tax=f"{tax.amount:g} %"),
            self._row("A2", Tax=tax.name.upper(), Currency="usd"),
            self._row("A3"),
        )

        first, second, third = batch.line_ids.move_id
        self.assertRecordValues(
            first.invoice_line_ids, [{"product_id": self.service.id, "price_unit": 90.0, "tax_ids": tax.ids}]
        )
        self.assertIn("Check-up", first.invoice_line_ids.name)
        self.assertRecordValues(second.invoice_line_ids, [{"tax_ids": tax.ids, "price_unit": 100.5}])
        self.assertEqual((second.currency_id, third.currency_id), (usd, self.company.currency_id))
        self.assertEqual(third.invoice_line_ids.tax_ids, tax, "The default where the file says nothing.")

    def test_good_rows_are_drafted_and_bad_ones_listed(self):
        rows = [
            self._row("A1"),
            self._row("A2", Price="abc"),
            self._row("A3", Product_code="NONE"),
            self._row("A4", Tax="99"),
            self._row("A5", Currency="XXX"),
            self._row("A6", Customer="Zyx Unknown"),
        ]

        batch = self._check(*rows)

        self.assertFalse(batch.line_ids.move_id, "A check drafts nothing.")
        self.assertRecordValues(batch, [{"ready_count": 1, "error_count": 4, "customer_count": 1}])
        self.assertIn("Row 3", batch.line_ids[1].reason)
        self._run(batch)
        self.assertRecordValues(batch, [{"status": "failed", "done_count": 1, "failed_count": 5}])
        self.assertTrue(all(line.reason for line in batch.line_ids[1:]))
        self.assertEqual(len(batch.line_ids.move_id), 1)

    def test_one_that_core_refuses_stops_no_other(self):
        batch = self._check(self._row("A1"), self._row("A2"), self._row("A3"))
        create = type(self.env["account.move"]).create
        reason = "Not this one."

        def refuse_second(moves, vals_list):
            if any(vals.get("invoice_origin") == "A2" for vals in vals_list):
                raise UserError(reason)
            return create(moves, vals_list)

        with patch.object(type(self.env["account.move"]), "create", refuse_second):
            self._run(batch)

        self.assertEqual(batch.line_ids.mapped("state"), ["done", "failed", "done"])
        self.assertEqual(batch.line_ids[1].reason, reason)
        with performing_jobs():
            batch.action_retry()
        self.assertEqual(len(batch.line_ids.move_id), 3)

    def test_mended_row_is_imported_on_retry(self):
        batch = self._import(self._row("A1", Product_code="NEW"))

        self.part.default_code = "NEW"
        with performing_jobs():
            batch.action_retry()

        self.assertEqual(batch.line_ids.state, "done")
        self.assertEqual(batch.line_ids.move_id.invoice_line_ids.product_id, self.part)

    # === ONCE === #

    def test_importing_again_makes_nothing_new_and_says_what_is_there(self):
        first = self._import(self._row("A1"), self._row("A2"))

        second = self._import(self._row("A1"), self._row("A2"), self._row("A3"))

        self.assertEqual(len(second.line_ids.move_id), 1)
        self.assertEqual(second.line_ids.mapped("state"), ["done"] * 3)
        self.assertIn(first.line_ids[0].move_id.display_name, second.line_ids[0].reason)

    def test_deleted_draft_may_be_imported_again(self):
        self._import(self._row("A1")).line_ids.move_id.unlink()

        self.assertTrue(self._import(self._row("A1")).line_ids.move_id)

    def test_running_twice_says_who_was_first(self):
        batch = self._import(self._row("A1"))

        notice = batch.action_run()
        batch.line_ids._job_run_many()
        batch.line_ids._job_run()

        self.assertIn(self.biller.name, notice["params"]["message"])
        self.assertEqual(len(batch.line_ids.move_id), 1)

    def test_two_imports_checked_together_draft_each_reference_once(self):
        batches = self._check(self._row("A1")) | self._check(self._row("A1"))

        for batch in batches:
            self._run(batch)

        self.assertEqual(len(batches.line_ids.move_id), 1)
        self.assertEqual(batches.line_ids.mapped("state"), ["done", "done"])

    @mute_logger("odoo.sql_db")
    def test_reference_that_another_import_takes_at_this_moment_is_tried_again(self):
        self._import(self._row("A1"))
        batch = self._check(self._row("A1"))

        with (
            patch.object(type(batch.line_ids), "_get_imported", lambda lines, company: {}),
            self.assertRaises(RetryableJobError),
        ):
            batch.line_ids._job_run_many()

        batch.line_ids._job_run_many()
        self.assertRecordValues(batch.line_ids, [{"state": "done", "verdict": "exists", "move_id": False}])

    def test_what_ran_is_kept(self):
        batch = self._import(self._row("A1"))

        with self._refused():
            batch.unlink()
        with self._refused():
            batch.decimal_mark = "comma"
        with self._refused():
            batch.action_check()

    # === READING === #

    def test_what_reads_two_ways_is_asked_with_both_readings_shown(self):
        batch = self._upload(self._row("A1", Date="03/04/26", Price="1,234"))
        self.assertRecordValues(batch, [{"decimal_mark": False, "date_order": False}])
        for reading in ("3 April 2026", "4 March 2026", "1,234.00", "1.23"):
            self.assertIn(reading, batch.preview)
        with self._refused():
            batch.action_check()

        with Form(batch) as form:
            form.decimal_mark = "comma"
            form.date_order = "dmy"
        batch.action_check()

        self.assertRecordValues(batch.line_ids, [{"date": date(2026, 4, 3), "amount": 1.234}])

    def test_mapping_another_column_looks_at_its_values(self):
        batch = self._upload_text("Reference;Customer;Description;Cost\nA1;Hotel Alpina;Work;1.234,56\n")
        self.assertEqual(batch.delimiter, ";")
        with self._refused():
            batch.action_check()

        with Form(batch) as form, form.column_ids.edit(3) as column:
            column.field = "price"
        batch.action_check()

        self.assertEqual(batch.decimal_mark, "comma")
        self.assertAlmostEqual(batch.line_ids.amount, 1234.56)

    def test_another_delimiter_reads_the_columns_again(self):
        batch = self._upload_text("Reference|Customer|Description|Price\nA1|Hotel Alpina|Work|1.50\n")
        self.assertEqual(batch.delimiter, "|")

        with Form(batch) as form:
            form.delimiter = ","

        self.assertEqual(len(batch.column_ids), 1)

    def test_old_windows_file_is_read(self):
        self._create_customer("Café Größe")

        batch = self._upload_text("Referenz;Kunde;Bezeichnung;Preis\nA1;Café Größe;Tür;1,50\n", encoding="cp1252")
        batch.action_check()

        self.assertRecordValues(batch.line_ids, [{"customer_name": "Café Größe", "verdict": "ready"}])

    def test_what_is_no_table_of_invoices_is_refused(self):
        for text in ("\0\1", "", "Reference,Customer\n", "\n\n"):
            with self.subTest(text), self._refused():
                self._upload_text(text)
        imports = type(self.env["service.invoice.import"])
        with patch.object(imports, "_get_data", lambda batch: b" " * 21_000_000), self._refused(ValidationError):
            self._upload_text("x")

    def test_mapping_that_cannot_work_is_refused(self):
        for name, field in (("Reference", False), ("Customer", False), ("Price", False), ("Note", "price")):
            batch = self._upload(self._row(), header=("Reference", "Customer", "Description", "Price", "Note"))
            batch.column_ids.filtered(lambda column, name=name: column.name == name).field = field
            with self.subTest(name), self._refused():
                batch.action_check()

    def test_failed_rows_come_back_as_a_file_that_runs_no_formula(self):
        batch = self._import(self._row("A1"), self._row("A2", Customer="=cmd()", Note="-1,5"))

        text = batch._get_failed_text(batch.line_ids.filtered(lambda line: line.state == "failed"))

        header, row = text.splitlines()
        self.assertTrue(header.startswith("Reference,Customer,"))
        self.assertTrue(row.startswith("A2,'=cmd(),"))
        self.assertIn(batch.line_ids[1].reason, row)
        again = self._upload_text(text)
        again.action_check()
        self.assertRecordValues(again.line_ids, [{"customer_name": "=cmd()", "verdict": "customer"}])

    def test_sample_file_reads_without_a_question(self):
        with file_open("service_billing/static/import/invoices_sample.csv") as file:
            batch = self._upload_text(file.read())

        self.assertEqual(len(batch.column_ids.filtered("field")), 13)
        batch.action_check()
        self.assertFalse(batch.line_ids.filtered("errors"))
