"""Print HTML documents to one PDF file with headless Chromium. Plain Python: knows nothing of Odoo."""

import contextlib
import itertools
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass

from .chromium_page import ChromiumPage
from .chromium_pipe import ChromiumPipe
from .html_sheets import PaperFormat, has_sheets, join_documents, join_sheets
from .pdf_stack import read_pages, split_documents, stack_documents
from .render_error import BrowserMissingError
from .render_slot import render_slot

BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
MILLIMETRES_PER_INCH = 25.4
TIMEOUT = 90
# Limits of the protocol's `Page.printToPDF`.
SMALLEST_SCALE, LARGEST_SCALE = 0.1, 2.0


def find_browser():
    """Return the path of the browser to print with, the headless shell first as it starts fastest, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def render_pdf(documents, paper, fetch, *, timeout=TIMEOUT):
    """Print `documents` to one PDF file, each from a new page on, header and footer on every page.

    A browser is started for this call and gone after it, on failure too.

    :param list[Document] documents: what to print, at least one
    :param PaperFormat paper: the paper of all of them
    :param fetch: callback `url -> Resource | None` for every picture, style sheet and font, see `ChromiumPage`
    :param float timeout: seconds until the call gives up
    :return: the PDF file; it has one bookmark a document if there are several
    :rtype: bytes
    :raise BrowserMissingError: If no browser is installed.
    :raise RenderTimeoutError: If time is up.
    :raise RenderError: If the browser fails.
    """
    with open_browser(timeout=timeout) as browser:
        return browser.print(documents, paper, fetch, timeout=timeout)


@contextlib.contextmanager
def open_browser(*, timeout=TIMEOUT):
    """Start a browser, which gets ready while the caller does something else, and end it afterwards.

    :param float timeout: seconds to wait for other browsers to end, see `render_slot`
    :rtype: PrintingBrowser
    """
    binary = find_browser()
    if not binary:
        raise BrowserMissingError("No Chromium is installed.")
    deadline = time.monotonic() + timeout
    with render_slot(deadline), ChromiumPipe(binary, deadline) as pipe:
        yield PrintingBrowser(pipe)


class PrintingBrowser:
    """A browser that prints once; see `open_browser`."""

    def __init__(self, pipe):
        self._pipe = pipe
        self._page = ChromiumPage(pipe)

    def print(self, documents, paper, fetch, *, timeout=TIMEOUT):
        """Do what `render_pdf` does."""
        self._pipe.deadline = time.monotonic() + timeout
        run = _PrintRun(self._page, paper, fetch)
        looks = {}
        for index, document in enumerate(documents):
            looks.setdefault(document.look, []).append(index)
        printed = {}
        for indexes in looks.values():
            printed.update(zip(indexes, run.print_alike([documents[index] for index in indexes]), strict=True))
        self._pipe.kill()
        pages = [printed[index] for index in range(len(documents))]
        return stack_documents(pages, width=paper.width, height=paper.height)


@dataclass(frozen=True)
class _PrintRun:
    page: ChromiumPage
    paper: PaperFormat
    fetch: Callable

    def print_alike(self, documents):
        """Print documents of one look.

        :return: for each document its pages, each with its sheet or None
        :rtype: list[list[tuple[PageObject, PageObject|None]]]
        """
        anchor = secrets.token_urlsafe()
        content = self._print(join_documents(documents, self.paper, anchor))
        if not has_sheets(documents):
            return [[(body, None) for body in pages] for pages in split_documents(content, len(documents), anchor)]
        *bodies, first_sheets = split_documents(content, len(documents) + 1, anchor)
        sheets = [[sheet] for sheet in first_sheets]
        self._replace_sheets_of_long(documents, bodies, sheets)
        return [list(zip(*pages, strict=True)) for pages in zip(bodies, sheets, strict=True)]

    def _replace_sheets_of_long(self, documents, bodies, sheets):
        """Print the sheets again of the documents that have more than one page, now that their number is known."""
        counts = {index: len(pages) for index, pages in enumerate(bodies) if len(pages) > 1}
        if counts:
            html = join_sheets([documents[index] for index in counts], list(counts.values()), self.paper)
            remaining = iter(read_pages(self._print(html)))
            for index, count in counts.items():
                sheets[index] = list(itertools.islice(remaining, count))

    def _print(self, html):
        return self.page.print_to_pdf(
            html,
            self.fetch,
            paperWidth=self.paper.width / MILLIMETRES_PER_INCH,
            paperHeight=self.paper.height / MILLIMETRES_PER_INCH,
            scale=min(max(self.paper.scale, SMALLEST_SCALE), LARGEST_SCALE),
            printBackground=True,
            generateTaggedPDF=False,
        )
