import base64
import io
from pathlib import Path
from unittest.mock import patch

from pypdf import PdfReader, PdfWriter

from odoo.addons.service_billing.models.print import chromium
from odoo.addons.service_billing.models.print.chromium import render_pdf
from odoo.addons.service_billing.models.print.chromium_page import Resource
from odoo.addons.service_billing.models.print.html_sheets import PaperFormat
from odoo.addons.service_billing.models.print.pdf_stack import PrintedPart

from .print_engine_common import NUMBERS, PAPER, RED_PIXEL, PrintCase, make_document, make_rows, refuse


class TestPages(PrintCase):
    def test_header_and_footer_with_page_numbers_are_on_every_page(self):
        pages = self.print_text(make_document(make_rows(120), header="<b>Boiler Ltd</b>", footer=NUMBERS))

        self.assertGreater(len(pages), 5)
        for number, text in enumerate(pages, 1):
            self.assertIn("Boiler Ltd", text)
            self.assertIn(f"{number} of {len(pages)}", text)

    def test_table_head_is_repeated_and_no_row_is_split(self):
        pages = self.print_text(make_document(make_rows(120)))

        for text in pages:
            self.assertIn("Work done", text)
        for row in range(120):
            first, last = ([f"Row {row} {end}" in text for text in pages].index(True) for end in ("begins", "ends"))
            self.assertEqual(first, last)

    def test_documents_begin_on_new_pages_and_count_their_own(self):
        documents = [
            make_document(content, header=f"Header {number}", footer=NUMBERS)
            for number, content in enumerate(["<p>short</p>", make_rows(30), "", "<p>last</p>"])
        ]

        pages = self.print_text(*documents)

        long_count = len(pages) - 3
        self.assertGreater(long_count, 1)
        self.assertIn("Header 0", pages[0])
        self.assertIn("1 of 1", pages[0])
        for number, text in enumerate(pages[1:-2], 1):
            self.assertIn("Header 1", text)
            self.assertIn(f"{number} of {long_count}", text)
        self.assertIn("Header 2", pages[-2])
        self.assertIn("1 of 1", pages[-1])

    def test_documents_of_other_looks_keep_their_place_and_their_styles(self):
        small, large = (f"<style>p {{ font-size: {size}px; }}</style>" for size in (10, 40))
        looks = {"a": small, "b": large, "c": small}
        documents = [make_document(f"<p>{name}</p>", head=head) for name, head in looks.items()]

        pages = self.print_pages(*documents)

        sizes = []
        for page in pages:
            page.extract_text(visitor_text=lambda text, _cm, _tm, _font, size: text.strip() and sizes.append(size))
        self.assertEqual([page.extract_text() for page in pages], ["a", "b", "c"])
        self.assertEqual(sizes, [10, 40, 10])

    def test_style_inside_a_document_stays_inside(self):
        pages = self.print_text(
            make_document("<style>p { display: none; }</style><p>gone</p>"), make_document("<p>b</p>")
        )

        self.assertEqual(pages, ["", "b"])

    def test_what_a_document_places_freely_stays_on_its_pages(self):
        wanderer = make_document(
            '<div style="position: fixed; top: 0">fixed</div><div style="position: absolute; top: 99px">absolute</div>'
            '<div style="float: right; height: 3000px">float</div>',
            footer="mine",
        )

        pages = self.print_text(make_document("first"), wanderer, make_document("last"))

        self.assertEqual((pages[0], pages[-1]), ("first", "last"))
        self.assertIn("fixed", pages[1])
        self.assertIn("absolute", pages[1])
        self.assertTrue(all("mine" in text for text in pages[1:-1]))

    def test_document_cannot_pretend_to_be_the_start_of_another(self):
        impostor = make_document("<p>one</p><p id='sbd1' style='break-before: page'>two</p><a href='#sbd1'>x</a>")

        pages = self.print_text(impostor, make_document("next", footer="footer of next"))

        self.assertEqual(["footer of next" in text for text in pages], [False, False, True])

    def test_bookmarks_of_a_batch_give_the_number_of_the_first_page(self):
        content = render_pdf([make_document("a"), make_document(make_rows(30)), make_document("c")], PAPER, refuse)

        root = PdfReader(io.BytesIO(content)).trailer["/Root"]
        bookmark, starts = root["/Outlines"]["/First"], []
        while bookmark:
            bookmark = bookmark.get_object()
            starts.append(root["/Dests"][bookmark["/Dest"]][0])
            bookmark = bookmark.get("/Next")
        self.assertEqual(starts[:2], [0, 1])
        self.assertEqual(starts[2], len(PdfReader(io.BytesIO(content)).pages) - 1)
        self.assertIsInstance(starts[2], int)

    def test_paper_is_as_large_as_asked(self):
        a4, letter = PaperFormat(), PaperFormat(width=279.4, height=215.9)

        boxes = [self.print_pages(make_document("x", footer="f"), paper=paper)[0].mediabox for paper in (a4, letter)]

        self.assertEqual([list(box) for box in boxes], [[0, 0, 595, 842], [0, 0, 792, 612]])

    def test_header_body_and_footer_are_where_the_paper_format_says(self):
        document = make_document("<p style='margin: 0'>body</p>", header="header", footer="footer")
        tops = {}

        [page] = self.print_pages(document)
        page.extract_text(
            visitor_text=lambda text, cm, tm, _font, _size: (
                text.strip() and tops.update({text.strip(): 842 - (tm[5] * cm[3] + cm[5])})
            )
        )

        millimetre = 72 / 25.4
        self.assertAlmostEqual(tops["header"], 5 * millimetre, delta=14)
        self.assertAlmostEqual(tops["body"], 40 * millimetre, delta=14)
        self.assertAlmostEqual(tops["footer"], (297 - 20) * millimetre, delta=14)

    def test_page_numbers_in_the_body_are_its_own_business(self):
        [text] = self.print_text(make_document("<div class='page'>body</div>", footer=NUMBERS))

        self.assertIn("body", text)

    def test_text_of_many_scripts_is_text(self):
        words = "Ελληνικά Кириллица ÄÖÜß€"

        [text] = self.print_text(make_document(words))

        self.assertEqual(text.split(), words.split())

    def test_full_chromium_prints_the_same(self):
        document = make_document("<p>body</p>", header="header", footer=NUMBERS)

        with patch.object(chromium, "BROWSERS", ("chromium",)):
            [text] = self.print_text(document)

        self.assertEqual(text.split(), ["body", "header", "1", "of", "1"])
        self.assert_nothing_left()


class TestParts(PrintCase):
    def setUp(self):
        super().setUp()
        documents = [make_document("a", footer=NUMBERS), make_document(make_rows(30), footer=NUMBERS)]
        self.whole = render_pdf(documents, PAPER, refuse)

    def cut(self, change=lambda _writer: None):
        """Cut the whole in two as a reader of its bookmarks does, and change the second part."""
        first, second = PdfWriter(), PdfWriter()
        pages = PdfReader(io.BytesIO(self.whole)).pages
        first.add_page(pages[0])
        for page in pages[1:]:
            second.add_page(page)
        change(second)
        parts = []
        for number, writer in enumerate((first, second)):
            content = io.BytesIO()
            writer.write(content)
            parts.append(PrintedPart(content.getvalue(), self.whole, number=number, count=2))
        return parts

    def test_parts_in_order_are_the_whole(self):
        self.assertIs(PrintedPart.find_whole(self.cut()), self.whole)

    def test_parts_in_another_order_or_number_are_not_the_whole(self):
        first, second = self.cut()
        for streams in ([second, first], [first], [first, first], [first, io.BytesIO(second.getvalue())], []):
            self.assertIsNone(PrintedPart.find_whole(streams))

    def test_changed_part_is_not_in_the_whole(self):
        changes = {
            "page": lambda writer: writer.add_blank_page(100, 100),
            "drawing": lambda writer: writer.pages[0].merge_page(PdfReader(io.BytesIO(self.whole)).pages[0]),
            "file": lambda writer: writer.add_attachment("order.xml", b"<order/>"),
            "turn": lambda writer: writer.pages[0].rotate(90),
        }
        for name, change in changes.items():
            with self.subTest(name=name):
                self.assertIsNone(PrintedPart.find_whole(self.cut(change)))


class TestResources(PrintCase):
    def test_resources_come_from_the_callback_and_are_asked_for_once(self):
        asked = []
        resources = {
            "/style.css?v=1": Resource(b"p { display: none; }", "text/css"),
            "https://example.com/red.png": Resource(RED_PIXEL, "image/png"),
        }

        def fetch(url):
            asked.append(url)
            return resources.get(url)

        picture = '<img src="https://example.com/red.png"/><p>hidden</p>'
        link = '<base href="https://elsewhere.example.com"/><link rel="stylesheet" href="/style.css?v=1"/>'
        pages = self.print_pages(*[make_document(picture, head=link)] * 3, fetch=fetch)

        self.assertEqual([(page.extract_text(), len(page.images)) for page in pages], [("", 1)] * 3)
        self.assertEqual(sorted(asked), sorted(resources))

    def test_font_used_by_a_late_document_only_is_loaded_in_time(self):
        bold = Path("/usr/share/fonts/truetype/noto/NotoSerif-Bold.ttf").read_bytes()
        font = "<style>@font-face { font-family: Late; src: url(/late.ttf); } u { font-family: Late; }</style>"
        documents = [make_document("a", head=font), make_document("<u>b</u>", head=font)]

        pages = self.print_pages(*documents, fetch=lambda _url: Resource(bold, "font/ttf"))

        fonts = [font["/BaseFont"] for font in pages[1]["/Resources"]["/Font"].values()]
        self.assertTrue(any("NotoSerif-Bold" in str(font) for font in fonts), fonts)

    def test_refused_picture_leaves_the_rest(self):
        [text] = self.print_text(make_document("before <img src='/secret.png'/> after"))

        self.assertEqual(text.split(), ["before", "after"])

    def test_logo_inlined_in_every_header_is_stored_once(self):
        logo = f'<img src="data:image/png;base64,{base64.b64encode(RED_PIXEL).decode()}"/>'
        content = render_pdf([make_document("x", header=logo)] * 5, PAPER, refuse)

        pages = PdfReader(io.BytesIO(content)).pages
        self.assertEqual([len(page.images) for page in pages], [1] * 5)
        self.assertEqual(content.count(b"/Subtype /Image"), 1)
