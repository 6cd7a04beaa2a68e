"""What happens to PDF files after the browser: documents told apart, sheets laid over pages, bookmarks written."""

import io
import itertools
import re

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    RectangleObject,
    TextStringObject,
)

POINTS_PER_MILLIMETRE = 72 / 25.4
_NAME = re.compile(rb"/([^\s()<>\[\]{}/%]+)")


class PrintedPart(io.BytesIO):
    """One document cut out of a file of several, which remembers the file.

    :param bytes content: the document's own file
    :param bytes whole: the file of all documents
    :param int number: which one it is
    :param int count: how many there are
    """

    def __init__(self, content, whole, *, number, count):
        super().__init__(content)
        self._origin = (id(whole), number)
        self._whole = whole
        self._count = count

    @staticmethod
    def find_whole(streams):
        """Return the file that `streams` are all the parts of, in order and as they were cut out, or None.

        :rtype: bytes|None
        """
        first = streams[0] if streams else None
        if not isinstance(first, PrintedPart) or first._count != len(streams):
            return None
        origins = [getattr(stream, "_origin", None) for stream in streams]
        if origins != [(id(first._whole), number) for number in range(len(streams))]:
            return None
        return first._whole if _is_whole_of(first._whole, streams) else None


def _is_whole_of(whole, parts):
    """Return whether nobody has added to `parts` a page, a drawing, a link or an attached file since they were cut."""
    readers = [PdfReader(part) for part in parts]
    if any(reader.root_object.keys() - {"/Type", "/Pages"} for reader in readers):
        return False
    pages = itertools.chain.from_iterable(reader.pages for reader in readers)
    return list(map(_describe_page, pages)) == list(map(_describe_page, read_pages(whole)))


def _describe_page(page):
    contents, links = (page.get(key, ArrayObject()).get_object() for key in ("/Contents", "/Annots"))
    streams = contents if isinstance(contents, ArrayObject) else [contents]
    return [stream.get_object()._data for stream in streams], len(links), page.rotation, list(page.mediabox)


def read_pages(content):
    """Return the pages of a PDF file.

    :rtype: list[PageObject]
    """
    return list(PdfReader(io.BytesIO(content)).pages)


def split_documents(content, count, anchor):
    """Return the pages of every document in a file where a named destination opens each document.

    :param bytes content: the PDF file
    :param int count: number of documents in it
    :param str anchor: what the names of these destinations begin with, before the number of the document
    :rtype: list[list[PageObject]]
    """
    reader = PdfReader(io.BytesIO(content))
    pages = list(reader.pages)
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(pages)}
    destinations = reader.trailer["/Root"]["/Dests"]
    starts = [numbers[destinations[f"/{anchor}{number}"][0].idnum] for number in range(count)]
    return [pages[start:stop] for start, stop in itertools.pairwise([*starts, len(pages)])]


def stack_documents(documents, *, width, height):
    """Lay sheets over pages and write all documents into one file, with one bookmark a document.

    A bookmark leads to a named destination which gives the page by its number in the file: that is where a reader
    that splits the file by its bookmarks looks.

    :param list[list[tuple[PageObject, PageObject|None]]] documents: pages of each document, each with its sheet
    :param float width: of the paper, in millimetres
    :param float height: of the paper, in millimetres
    :return: the PDF file
    :rtype: bytes
    """
    writer = PdfWriter()
    media_box = [0, 0, round(width * POINTS_PER_MILLIMETRE), round(height * POINTS_PER_MILLIMETRE)]
    save = writer._add_object(_stream(b"q\n"))
    for page, sheet in itertools.chain.from_iterable(documents):
        stacked = writer.add_page(page)
        stacked[NameObject("/MediaBox")] = RectangleObject(media_box)
        if sheet is not None:
            drawing = _stream(b"\nQ\nq\n" + _take_resources(stacked, sheet, writer) + b"\nQ").flate_encode()
            contents = [save, stacked.raw_get("/Contents"), writer._add_object(drawing)]
            stacked[NameObject("/Contents")] = ArrayObject(contents)
    if len(documents) > 1:
        _write_bookmarks(writer, itertools.accumulate(map(len, documents[:-1]), initial=0))
    return _to_bytes(writer)


def _take_resources(page, sheet, writer):
    """Add the resources of `sheet` to those of `page`, under names of their own.

    :return: what `sheet` draws, with the new names
    :rtype: bytes
    """
    resources = DictionaryObject(page["/Resources"])
    new_names = {}
    for category, values in sheet["/Resources"].items():
        if not isinstance(values.get_object(), DictionaryObject):
            continue
        resources[category] = DictionaryObject(resources.get(category, DictionaryObject()).get_object())
        for name, value in values.get_object().items():
            new_names[name[1:].encode()] = b"Sheet" + name[1:].encode()
            resources[category][NameObject(f"/Sheet{name[1:]}")] = value.clone(writer)
    page[NameObject("/Resources")] = resources
    # Chromium writes text in hexadecimal, so that what looks like a name is one.
    return _NAME.sub(lambda match: b"/" + new_names.get(match[1], match[1]), sheet["/Contents"].get_data())


def _write_bookmarks(writer, page_numbers):
    destinations = DictionaryObject()
    bookmarks = DictionaryObject({NameObject("/Type"): NameObject("/Outlines")})
    parent = writer._add_object(bookmarks)
    items = []
    for number, page_number in enumerate(page_numbers):
        name = NameObject(f"/document{number}")
        destinations[name] = ArrayObject([NumberObject(page_number), NameObject("/Fit")])
        item = {"/Title": TextStringObject(str(number + 1)), "/Parent": parent, "/Dest": name}
        items.append(writer._add_object(DictionaryObject({NameObject(key): value for key, value in item.items()})))
    for item, following in itertools.pairwise(items):
        item.get_object()[NameObject("/Next")] = following
        following.get_object()[NameObject("/Prev")] = item
    bookmarks.update(
        {
            NameObject("/First"): items[0],
            NameObject("/Last"): items[-1],
            NameObject("/Count"): NumberObject(len(items)),
        }
    )
    writer.root_object[NameObject("/Outlines")] = parent
    writer.root_object[NameObject("/Dests")] = destinations


def wrap_pages(content):
    """Return the PDF file in the shape that Odoo's conversion to PDF/A handles.

    The conversion writes widths of its own into the fonts it finds at pages, which garbles text of Chromium, fails
    without bookmarks, and leaves out a file with a comment in its second line. So what a page draws moves into a form
    that the page draws instead, with its fonts; an empty list of bookmarks is added and the comment blanked.

    :param bytes content: the PDF file
    :rtype: bytes
    """
    writer = PdfWriter(clone_from=io.BytesIO(content))
    drawing = writer._add_object(_stream(b"/Page Do"))
    for page in writer.pages:
        form = _stream(page.get_contents().get_data()).flate_encode()
        form.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): page["/MediaBox"],
                NameObject("/Resources"): page["/Resources"],
            }
        )
        page[NameObject("/Contents")] = drawing
        page[NameObject("/Resources")] = DictionaryObject(
            {
                NameObject("/Font"): DictionaryObject(),
                NameObject("/XObject"): DictionaryObject({NameObject("/Page"): writer._add_object(form)}),
            }
        )
    if "/Outlines" not in writer.root_object:
        bookmarks = DictionaryObject({NameObject("/Type"): NameObject("/Outlines")})
        writer.root_object[NameObject("/Outlines")] = writer._add_object(bookmarks)
    header, comment, rest = _to_bytes(writer).split(b"\n", 2)
    return b"\n".join([header, b" " * len(comment), rest])


def _stream(content):
    stream = DecodedStreamObject()
    stream.set_data(content)
    return stream


def _to_bytes(writer):
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
