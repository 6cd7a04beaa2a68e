"""Rows of a table as invoices: which column means what, which rows belong together, what is wrong with which cell."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from .csv_table import Row
from .csv_values import parse_date, parse_number
from .text_similarity import fold

# What the whole invoice has, and what each of its lines has.
INVOICE_FIELDS = ("reference", "customer", "email", "vat", "date", "due_date", "currency", "note")
LINE_FIELDS = ("description", "quantity", "price", "tax", "product")
CUSTOMER_FIELDS = ("customer", "email", "vat")
DATE_FIELDS = ("date", "due_date")
NUMBER_FIELDS = ("quantity", "price")

_NAMES = {
    "reference": (
        "reference", "external reference", "external id", "invoice", "invoice number", "invoice no", "number", "ref",
        "numero", "numero de facture", "facture", "reference externe", "rechnungsnummer", "rechnung", "belegnummer",
        "externe referenz", "referenz", "nummer", "factuurnummer", "factuur", "externe referentie", "referentie",
        "numero de factura", "factura", "referencia", "referencia externa",
    ),
    "customer": (
        "customer", "customer name", "client", "client name", "company", "partner", "bill to", "name", "nom",
        "nom du client", "societe", "kunde", "kundenname", "firma", "klant", "klantnaam", "bedrijf", "naam", "cliente",
        "nombre", "nombre del cliente", "empresa",
    ),
    "email": (
        "email", "e mail", "mail", "email address", "customer email", "courriel", "adresse e mail", "adresse email",
        "e mail adresse", "e mailadres", "correo", "correo electronico",
    ),
    "vat": (
        "vat", "vat number", "vat no", "vat id", "tax id", "tva intracommunautaire", "numero tva", "no tva", "n tva",
        "numero de tva", "ust id", "ust idnr", "ustid", "umsatzsteuer id", "btw nummer", "btwnummer", "btw nr", "nif",
        "cif", "nif iva",
    ),
    "date": (
        "date", "invoice date", "date de facture", "date facture", "rechnungsdatum", "datum", "belegdatum",
        "factuurdatum", "fecha", "fecha de factura",
    ),
    "due_date": (
        "due date", "due", "payment due", "echeance", "date d echeance", "date echeance", "fallig", "fallig am",
        "falligkeit", "falligkeitsdatum", "vervaldatum", "vervaldag", "vencimiento", "fecha de vencimiento",
    ),
    "currency": ("currency", "currency code", "devise", "monnaie", "wahrung", "valuta", "munt", "moneda", "divisa"),
    "note": ("note", "notes", "comment", "remark", "remarque", "commentaire", "notiz", "bemerkung", "opmerking",
             "notitie", "nota", "notas", "observaciones"),
    "description": (
        "description", "item", "item description", "line description", "label", "libelle", "designation",
        "beschreibung", "bezeichnung", "text", "omschrijving", "descripcion", "concepto",
    ),
    "quantity": ("quantity", "qty", "quantite", "qte", "menge", "anzahl", "aantal", "hoeveelheid", "cantidad"),
    "price": (
        "price", "unit price", "amount", "rate", "prix", "prix unitaire", "montant", "preis", "einzelpreis",
        "stuckpreis", "betrag", "prijs", "eenheidsprijs", "stukprijs", "bedrag", "precio", "precio unitario", "importe",
    ),
    "tax": (
        "tax", "tax rate", "tax name", "vat rate", "vat %", "tva", "taux tva", "taux de tva", "taxe", "steuer", "mwst",
        "ust", "steuersatz", "mwst satz", "btw", "btw tarief", "btw percentage", "impuesto", "iva", "tipo de iva",
    ),
    "product": (
        "product", "product code", "sku", "item code", "internal reference", "produit", "code produit",
        "reference produit", "produkt", "artikel", "artikelnummer", "produktcode", "artikelcode", "productcode",
        "producto", "codigo de producto", "codigo",
    ),
}  # fmt: skip
_FIELD_OF_NAME = {name: field for field, names in _NAMES.items() for name in names}


_NUMBER_SIGN = re.compile(r"\s*(?:\b(?:no|n)|nr)\b")


class CellError(NamedTuple):
    """What is wrong with one cell. Its `code` says what: missing, number, date, differs, empty."""

    code: str
    row: int
    field: str
    value: str = ""


class Line(NamedTuple):
    """One line of an invoice; what a cell leaves open is `None` or empty."""

    row: int
    description: str
    quantity: Decimal | None
    price: Decimal | None
    tax: str
    product: str


class Invoice(NamedTuple):
    """The rows that share a reference."""

    reference: str
    rows: tuple[int, ...]
    customer: str
    email: str
    vat: str
    date: datetime.date | None
    due_date: datetime.date | None
    currency: str
    note: str
    lines: tuple[Line, ...]
    errors: tuple[CellError, ...]


class Formats(NamedTuple):
    """How the file writes numbers and days."""

    mark: str
    order: str


def guess_fields(header: Sequence[str]) -> tuple[str | None, ...]:
    """Return what each column means by its name, in English, French, German, Dutch or Spanish; each meaning once.

    >>> guess_fields(["Rechnungs-Nr.", "Kunde", "Fällig am", "Betrag", "Lager"])
    ('reference', 'customer', 'due_date', 'price', None)
    """
    guesses: list[str | None] = []
    for name in header:
        field = _guess_field(name)
        guesses.append(field if field not in guesses else None)
    return tuple(guesses)


def get_cells(rows: Iterable[Row], columns: Mapping[str, int], fields: Iterable[str]) -> list[str]:
    """Return the filled cells of some fields.

    :param columns: The place of each field's column.

    >>> get_cells([Row(2, ("A", "1,5"))], {"price": 1}, ["price", "quantity"])
    ['1,5']
    """
    places = [columns[field] for field in fields if field in columns]
    cells = (row.cells[place] for row in rows for place in places if place < len(row.cells))
    return [cell for cell in cells if cell]


def read_invoices(rows: Iterable[Row], columns: Mapping[str, int], formats: Formats) -> list[Invoice]:
    """Return the invoices in the rows, in the order in which they begin. A row without reference is one of its own,
    with an error.

    :param columns: The place of each field's column.

    >>> columns = {"reference": 0, "customer": 1, "description": 2, "price": 3}
    >>> rows = [Row(2, ("A1", "Alpina", "Work", "100")), Row(3, ("A1", "", "Travel", "x"))]
    >>> invoice, = read_invoices(rows, columns, Formats("point", "dmy"))
    >>> invoice.customer, invoice.lines[0].price, [(error.code, error.row) for error in invoice.errors]
    ('Alpina', Decimal('100'), [('number', 3)])
    """
    groups: dict[Any, list[_Cells]] = {}
    for row in rows:
        cells = _Cells(row, columns, formats)
        groups.setdefault(cells["reference"] or row.number, []).append(cells)
    return [_read_invoice(group) for group in groups.values()]


class _Cells:
    """The cells of one row by field, and what was wrong with those that were read."""

    def __init__(self, row: Row, columns: Mapping[str, int], formats: Formats):
        self.row = row.number
        self.formats = formats
        self.errors: list[CellError] = []
        self._texts = {field: row.cells[place] for field, place in columns.items() if place < len(row.cells)}

    def __getitem__(self, field: str) -> str:
        return self._texts.get(field, "")

    def fail(self, code: str, field: str) -> None:
        self.errors.append(CellError(code, self.row, field, self[field]))

    def interpret(self, field: str) -> Any:
        """Return what a cell says: a number, a day or its text; nothing where it is wrong or empty."""
        if field in NUMBER_FIELDS:
            return self._parse(field, parse_number, self.formats.mark)
        if field in DATE_FIELDS:
            return self._parse(field, parse_date, self.formats.order)
        return self[field]

    def read_line(self) -> Line:
        if not self["product"] and not self["price"]:
            self.fail("missing", "price")
        if not self["product"] and not self["description"]:
            self.fail("missing", "description")
        return Line(self.row, **{field: self.interpret(field) for field in LINE_FIELDS})

    def _parse(self, field: str, parse: Callable[[str, str], Any], way: str) -> Any:
        if not self[field]:
            return None
        try:
            return parse(self[field], way)
        except ValueError:
            self.fail("number" if field in NUMBER_FIELDS else "date", field)
            return None


def _read_invoice(group: list[_Cells]) -> Invoice:
    first = group[0]
    values = {field: _read_shared(group, field) for field in INVOICE_FIELDS}
    if not values["reference"]:
        first.fail("missing", "reference")
    if not any(values[field] for field in CUSTOMER_FIELDS):
        first.fail("missing", "customer")
    lines = tuple(cells.read_line() for cells in group)
    errors = tuple(error for cells in group for error in cells.errors)
    return Invoice(**values, rows=tuple(cells.row for cells in group), lines=lines, errors=errors)


def _read_shared(group: list[_Cells], field: str) -> Any:
    """Return what the rows of one invoice say together: the first filled cell, which no other may contradict."""
    filled = [cells for cells in group if cells[field]]
    for cells in filled[1:]:
        if cells[field] != filled[0][field]:
            cells.fail("differs", field)
    return (filled or group)[0].interpret(field)


def _guess_field(name: str) -> str | None:
    words = fold(name)
    spellings = (words, *(_NUMBER_SIGN.sub(number, words).strip() for number in ("nummer", " numero", " number")))
    return next((_FIELD_OF_NAME[spelling] for spelling in spellings if spelling in _FIELD_OF_NAME), None)
