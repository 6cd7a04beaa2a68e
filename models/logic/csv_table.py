"""A file of separated values as a table: which encoding, which delimiter, where the header is."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

DELIMITERS = (",", ";", "\t", "|")
ROWS_TO_LOOK_AT = 30
MAX_COLUMNS = 200
# What a spreadsheet takes for a formula (OWASP, CSV injection).
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Row(NamedTuple):
    """One row: its number in the file, counted from 1 as spreadsheets do, and its cells."""

    number: int
    cells: tuple[str, ...]


class Table(NamedTuple):
    """The names of the columns and the rows that hold anything."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


class CsvError(Exception):
    """A file that is no table. Its `code` says why: binary, empty, wide."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def decode(data: bytes) -> tuple[str, str]:
    """Return a file's text and the encoding it has: UTF-8, UTF-16 with its mark, else the one of Western Windows.

    :raise CsvError: If the file is no text.

    >>> decode("Größe".encode("utf-8-sig"))
    ('Größe', 'utf-8-sig')
    >>> decode("Größe".encode("cp1252"))
    ('Größe', 'cp1252')
    """
    encoding = _guess_encoding(data)
    text = data.decode(encoding, errors="replace" if encoding == "cp1252" else "strict")
    if "\0" in text:
        raise CsvError("binary")
    return text, encoding


def sniff_delimiter(text: str) -> str:
    r"""Return the delimiter that parts the first rows into most columns, the same number in most of them.

    >>> sniff_delimiter("Name;Price\nAlpina;1,50\nBerger;2,25")
    ';'
    """
    scores = {}
    for delimiter in DELIMITERS:
        widths = Counter(len(cells) for _number, cells in _read(text, delimiter, ROWS_TO_LOOK_AT))
        width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]), default=(0, 0))
        scores[delimiter] = (width > 1, times, width)
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def read_table(text: str, delimiter: str, limit: int | None = None) -> Table:
    r"""Return the table in a text. The header is the first row with two filled cells, or the first one of all.

    :param limit: How many lines to read at most.
    :raise CsvError: If there is nothing to read, or more columns than any invoice has.

    >>> read_table("Export of today\nName,Price\n\nAlpina,1", ",")
    Table(header=('Name', 'Price'), rows=(Row(number=4, cells=('Alpina', '1')),))
    """
    rows = [Row(number, cells) for number, cells in _read(text, delimiter, limit) if any(cells)]
    if not rows:
        raise CsvError("empty")
    start = next((index for index, row in enumerate(rows[:ROWS_TO_LOOK_AT]) if sum(map(bool, row.cells)) > 1), 0)
    header = rows[start].cells
    if len(header) > MAX_COLUMNS:
        raise CsvError("wide")
    return Table(header, tuple(rows[start + 1 :]))


def write_table(header: Iterable[str], rows: Iterable[Iterable[str]], delimiter: str) -> str:
    r"""Return a table as text. A cell that a spreadsheet would take for a formula begins with an apostrophe;
    `read_table` takes that away again.

    >>> write_table(["Name"], [["=1+1"]], ",")
    "Name\r\n'=1+1\r\n"
    """
    output = io.StringIO()
    writer = csv.writer(output, delimiter=delimiter)
    writer.writerows([[_guard(cell) for cell in row] for row in (header, *rows)])
    return output.getvalue()


def _guess_encoding(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and len(data) % 2 == 0:
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _read(text: str, delimiter: str, limit: int | None = None) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Yield the number of the line on which each row ends, and its cells without space around them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, tuple(_unguard(cell.strip()) for cell in cells)
            if limit and reader.line_num >= limit:
                return
    except csv.Error as error:
        raise CsvError("binary") from error


def _guard(cell: str) -> str:
    is_amount = cell[:1] in ("+", "-") and cell[1:].replace(".", "").replace(",", "").isdigit()
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) and not is_amount else cell


def _unguard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_SIGNS) else cell
