"""HTML handed to the browser: many documents in one, with a sheet of header and footer for each of their pages."""

import re
from dataclasses import dataclass
from functools import cached_property

from lxml import html as lxml_html

_BODY = re.compile(r"(?P<before>.*?)<body\b(?P<attributes>[^>]*)>(?P<content>.*)</body\s*>", re.DOTALL | re.IGNORECASE)
_BASE = re.compile(r"<base\b[^>]*>", re.IGNORECASE)
_STYLE = re.compile(r"<style\b.*?</style\s*>|<link\b[^>]*>", re.DOTALL | re.IGNORECASE)
# The browser's window, in CSS pixels. Layout is most of the work, and that of the window would be thrown away, so the
# window shows no document; paper is always wider.
WINDOW_SIZE = 1
# Placeholders of the private use area, which no document has reason to contain.
_PAGE, _PAGES = "\ue000page\ue000", "\ue000pages\ue000"


@dataclass(frozen=True)
class PaperFormat:
    """Lengths in millimetres; `scale` is printed length per CSS length.

    Width and height are those of the sheet as it is read: a landscape sheet is wider than high.
    """

    width: float = 210.0
    height: float = 297.0
    margin_top: float = 0.0
    margin_right: float = 0.0
    margin_bottom: float = 0.0
    margin_left: float = 0.0
    header_spacing: float = 0.0
    header_line: bool = False
    scale: float = 1.0


@dataclass(frozen=True)
class Document:
    """A complete HTML document, and what stands in the margins of each of its pages.

    `header` and `footer` are HTML fragments that the head of `html` styles. In them, elements of class `page` and
    `topage` show the number of the page and the number of pages.
    """

    html: str
    header: str = ""
    footer: str = ""

    @property
    def look(self):
        """What documents must share to be printed in one go: the head, and styles among the content."""
        return self._parts["before"], tuple(_STYLE.findall(self._parts["content"]))

    @cached_property
    def _parts(self):
        match = _BODY.match(self.html)
        parts = match.groupdict() if match else {"before": "", "attributes": "", "content": self.html}
        # A base address would turn the links inside the document into links to somewhere else.
        return {name: _BASE.sub("", part) for name, part in parts.items()}

    def to_body(self):
        """Return the content of the document."""
        return self._to_box(self._parts["content"])

    def to_sheets(self, page_count):
        """Yield a sheet of header and footer for each page."""
        header, footer = (self._to_box(_mark_pages(fragment)) for fragment in (self.header, self.footer))
        sheet = (
            f'<div class="sbd_sheet"><div class="sbd_header">{header}</div><div class="sbd_footer">{footer}</div></div>'
        )
        for page in range(1, page_count + 1):
            yield sheet.replace(_PAGES, str(page_count)).replace(_PAGE, str(page))

    def to_probe(self):
        """Return what makes the browser load the fonts of the document before it is printed."""
        return f'<div class="sbd_probe">{self._to_box("a<b>b</b>")}</div>'

    def _to_box(self, content):
        """Put `content` where classes, direction and padding apply to it as they would in the body."""
        return f"<div {self._parts['attributes']}>{content}</div>"


def join_documents(documents, paper, anchor):
    """Return one HTML document with `documents`, each from a new page on, and, if any has a header or footer, with a
    sheet for each of them after that, correct for the documents that turn out to have one page.

    Each document, and all the sheets like one more document, is an element that a link points to: the browser notes
    the page of what is linked.

    :param list[Document] documents: documents of the same look
    :param PaperFormat paper: the paper of all of them
    :param str anchor: what the ids of these elements begin with, before a number; nothing that documents contain
    :rtype: str
    """
    parts = [_link(f"{anchor}{number}", document.to_body()) for number, document in enumerate(documents)]
    if has_sheets(documents):
        sheets = "".join(sheet for document in documents for sheet in document.to_sheets(1))
        parts.append(_link(f"{anchor}{len(documents)}", sheets, css_class="sbd_sheets"))
    return _compose(documents, parts, paper)


def join_sheets(documents, page_counts, paper):
    """Return one HTML document with a sheet, as large as the paper, for every page of `documents`.

    A sheet shows header and footer where `paper` leaves room for them, and is transparent otherwise.

    :param list[Document] documents: documents of the same look
    :param list[int] page_counts: number of pages of each document
    :param PaperFormat paper: the paper of all of them
    :rtype: str
    """
    counts = zip(documents, page_counts, strict=True)
    return _compose(documents, [sheet for document, count in counts for sheet in document.to_sheets(count)], paper)


def has_sheets(documents):
    """Return whether any of `documents` has a header or footer."""
    return any(document.header or document.footer for document in documents)


def _link(element_id, content, css_class=""):
    return f'<div id="{element_id}" class="sbd_document {css_class}"><a href="#{element_id}"></a>{content}</div>'


def _mark_pages(fragment):
    """Return `fragment` with marks where the number of the page and the number of pages go."""
    if not fragment:
        return ""
    root = lxml_html.fragment_fromstring(fragment, create_parent=True)
    for css_class, mark in (("page", _PAGE), ("topage", _PAGES)):
        for element in root.find_class(css_class):
            del element[:]
            element.text = mark
    return lxml_html.tostring(root, encoding="unicode")


def _compose(documents, parts, paper):
    parts = [documents[0].to_probe(), *parts]
    return f"{documents[0].look[0]}<style>{_style(paper)}</style><body>{''.join(parts)}</body></html>"


def _style(paper):
    def length(millimetres):
        return f"{millimetres / paper.scale:.4f}mm"

    return f"""
@page {{ margin: {paper.margin_top}mm {paper.margin_right}mm {paper.margin_bottom}mm {paper.margin_left}mm; }}
@page sbd_sheet {{ margin: 0; }}
html, body {{ height: auto !important; background: transparent !important; }}
body {{ margin: 0 !important; padding: 0 !important; }}
html {{ font-variant-ligatures: no-common-ligatures; /* text that can be searched and copied letter by letter */ }}
html, body, .sbd_document > *, .sbd_header > *, .sbd_footer > * {{ overflow: visible !important; }}
.container, .container-fluid {{ max-width: none !important; }}
thead, tfoot, tr {{ break-inside: avoid; }}
.sbd_document {{ contain: layout; /* one document must not draw on the pages of another */ }}
.sbd_document + .sbd_document, .sbd_sheet + .sbd_sheet {{ break-before: page; }}
.sbd_sheets, .sbd_sheet {{ page: sbd_sheet; }}
.sbd_sheet {{ position: relative; contain: strict; height: calc({length(paper.height)} - 1px); }}
.sbd_header, .sbd_footer {{
    position: absolute; transform: translate(0); /* keeps what is fixed in it inside */
    left: {length(paper.margin_left)}; right: {length(paper.margin_right)};
}}
.sbd_header {{ top: {length(paper.margin_top - paper.header_spacing)}; }}
.sbd_footer {{ top: {length(paper.height - paper.margin_bottom)}; }}
.sbd_probe {{ display: none; }}
@media (max-width: {WINDOW_SIZE}px) {{
    .sbd_probe {{ display: block; }}
    .sbd_probe ~ * {{ display: none !important; }}
}}
{".sbd_header { border-bottom: 1px solid; }" if paper.header_line else ""}"""
