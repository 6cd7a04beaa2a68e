import doctest
from datetime import date
from decimal import Decimal

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import csv_table, csv_values, invoice_csv
from odoo.addons.service_billing.models.logic.csv_table import CsvError, Row, decode, read_table, sniff_delimiter
from odoo.addons.service_billing.models.logic.csv_values import detect_mark, detect_order, parse_date, parse_number
from odoo.addons.service_billing.models.logic.invoice_csv import Formats, guess_fields, read_invoices

NUMBERS = st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2, allow_nan=False)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2079, 12, 31))
CELLS = st.text(alphabet=st.characters(exclude_categories=("C", "Z")), max_size=8).filter(lambda text: "'" not in text)
FULL = CELLS.filter(bool)
COLUMNS = {"reference": 0, "customer": 1, "description": 2, "price": 3}


def spell(number, mark):
    """Write a number with groups and decimals."""
    text = f"{number:,.2f}"
    return text if mark == "point" else text.translate(str.maketrans(".,", ",."))


class TestCsvValues(BaseCase):
    def test_examples_hold(self):
        for module in (csv_table, csv_values, invoice_csv):
            self.assertFalse(doctest.testmod(module).failed, module.__name__)

    @given(NUMBERS, st.sampled_from(csv_values.MARKS))
    def test_number_reads_as_it_was_written(self, number, mark):
        self.assertEqual(parse_number(spell(number, mark), mark), number)
        self.assertEqual(parse_number(f"{spell(number, mark)} €", mark), number)
        self.assertEqual(parse_number(f"({spell(abs(number), mark)})", mark), -abs(number))

    @given(st.lists(NUMBERS, min_size=1), st.sampled_from(csv_values.MARKS))
    def test_mark_of_two_decimals_is_found(self, numbers, mark):
        self.assertEqual(detect_mark([spell(number, mark) for number in numbers]), mark)

    @given(DAYS, st.sampled_from([("%d/%m/%Y", "dmy"), ("%m/%d/%Y", "mdy"), ("%Y-%m-%d", "ymd"), ("%d.%m.%y", "dmy")]))
    def test_day_reads_as_it_was_written(self, day, written):
        way, order = written

        self.assertEqual(parse_date(day.strftime(way), order), day)

    @given(st.lists(DAYS, min_size=1), st.sampled_from([("%d/%m/%Y", "dmy"), ("%m/%d/%Y", "mdy")]))
    def test_order_is_found_or_asked_for_and_never_wrong(self, days, written):
        way, order = written
        texts = [day.strftime(way) for day in days]

        found = detect_order(texts)

        if any(day.day > 12 for day in days):
            self.assertEqual(found, order)
        else:
            self.assertEqual(found is None, any(day.day != day.month for day in days))

    def test_what_reads_two_ways_is_asked_for(self):
        self.assertIsNone(detect_order(["03/04/26", "05/06/26"]))
        self.assertIsNone(detect_mark(["1,234", "12"]))
        self.assertIsNone(detect_mark(["1,50", "1.50"]), "Both ways are used in one column.")

    def test_what_reads_one_way_needs_no_question(self):
        self.assertEqual(detect_order(["03/04/26", "25/12/26"]), "dmy")
        self.assertEqual(detect_order(["03/04/26", "12/25/26"]), "mdy")
        self.assertEqual(detect_order(["2026-04-03"]), "ymd")
        self.assertEqual(detect_mark(["1,234", "1,234.50"]), "point")
        self.assertEqual(detect_mark(["12", "", "7"]), "point")

    def test_nonsense_is_no_value(self):
        for text in ("", "abc", "1.2.3", "1,23,4", "--5", "1e5", "NaN", "٣", "9" * 30, "-", "€"):
            with self.subTest(text), self.assertRaises(ValueError):
                parse_number(text, "point")
        for text in ("", "31/02/2026", "13/13/2026", "2026", "tomorrow", "1/1/1/1"):
            with self.subTest(text), self.assertRaises(ValueError):
                parse_date(text, "dmy")

    @given(st.text())
    def test_any_text_is_a_value_or_refused(self, text):
        for parse, ways in ((parse_number, csv_values.MARKS), (parse_date, csv_values.ORDERS)):
            for way in ways:
                try:
                    parse(text, way)
                except ValueError:
                    continue


class TestCsvTable(BaseCase):
    @given(st.lists(st.lists(FULL, min_size=3, max_size=3), min_size=2), st.sampled_from(csv_table.DELIMITERS))
    def test_table_reads_as_it_was_written(self, rows, delimiter):
        text = csv_table.write_table(rows[0], rows[1:], delimiter)

        table = read_table(text, delimiter)

        self.assertEqual([list(table.header), *(list(row.cells) for row in table.rows)], rows)

    @given(st.sampled_from(csv_table.DELIMITERS), st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    def test_delimiter_and_encoding_are_found(self, delimiter, encoding):
        text = "\r\n".join(delimiter.join(cells) for cells in (("Straße", "Prix"), ("Alpina", "1.5"), ("Café", "2")))

        found, _encoding = decode(text.encode(encoding))

        self.assertEqual(found, text)
        self.assertEqual(sniff_delimiter(found), delimiter)

    def test_decimal_commas_do_not_hide_the_delimiter(self):
        self.assertEqual(sniff_delimiter("Nom;Prix;Qté\nA;1,50;2\nB;2,25;3\n"), ";")

    def test_what_is_no_table_is_refused(self):
        for data, code in ((b"PK\x03\x04\x00\x00", "binary"), (b"", "empty"), (b"\n\n", "empty")):
            with self.subTest(data), self.assertRaises(CsvError) as caught:
                read_table(decode(data)[0], ",")
            self.assertEqual(caught.exception.code, code)

    def test_formulas_are_defused(self):
        text = csv_table.write_table(["A", "B"], [["=cmd()", "-12.50"], ["@x", "+1"]], ",")

        self.assertEqual(text.splitlines()[1:], ["'=cmd(),-12.50", "'@x,+1"])


class TestInvoiceCsv(BaseCase):
    def _read(self, *rows):
        table = [Row(number, cells) for number, cells in enumerate(rows, start=2)]
        return read_invoices(table, COLUMNS, Formats("comma", "dmy"))

    @given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 999)), max_size=12))
    def test_rows_become_invoices_and_none_is_lost(self, rows):
        invoices = self._read(*[(reference, "Alpina", "Work", str(price)) for reference, price in rows])

        self.assertEqual(len(invoices), len({reference for reference, _price in rows}))
        self.assertEqual(sorted(row for invoice in invoices for row in invoice.rows), list(range(2, 2 + len(rows))))
        total = sum(line.price for invoice in invoices for line in invoice.lines)
        self.assertEqual(total, sum(price for _reference, price in rows))

    def test_error_names_row_and_column(self):
        (invoice,) = self._read(("A", "Alpina", "Work", "1,50"), ("A", "Berger", "", "x"))

        self.assertEqual(
            {(error.code, error.row, error.field) for error in invoice.errors},
            {("differs", 3, "customer"), ("missing", 3, "description"), ("number", 3, "price")},
        )
        self.assertEqual(invoice.lines[0].price, Decimal("1.50"))

    def test_row_without_reference_stands_alone(self):
        invoices = self._read(("", "Alpina", "Work", "1"), ("", "Alpina", "Work", "1"))

        self.assertEqual([[error.code for error in invoice.errors] for invoice in invoices], [["missing"], ["missing"]])

    def test_columns_are_guessed_in_five_languages(self):
        wanted = ("reference", "customer", "date", "due_date", "description", "quantity", "price", "tax")
        for header in (
            ("Invoice no.", "Client", "Invoice Date", "Due date", "Item", "Qty", "Unit Price", "Tax rate"),
            ("N° de facture", "Nom du client", "Date", "Échéance", "Libellé", "Qté", "Prix unitaire", "TVA"),
            ("Rechnungs-Nr.", "Kunde", "Rechnungsdatum", "Fällig am", "Bezeichnung", "Menge", "Einzelpreis", "MwSt."),
            ("Factuurnr.", "Klant", "Factuurdatum", "Vervaldatum", "Omschrijving", "Aantal", "Prijs", "BTW %"),
            ("Nº de factura", "Cliente", "Fecha", "Vencimiento", "Concepto", "Cantidad", "Precio", "IVA"),
        ):
            with self.subTest(header):
                self.assertEqual(guess_fields(header), wanted)
