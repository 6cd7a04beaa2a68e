import base64
import io
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from pypdf import PdfReader

from odoo.tests import BaseCase, TransactionCase

from odoo.addons.service_billing.models.print.chromium import render_pdf
from odoo.addons.service_billing.models.print.html_sheets import Document, PaperFormat

PAPER = PaperFormat(margin_top=40, margin_bottom=20, header_spacing=35, scale=0.8533)
NUMBERS = '<span class="page"/> of <span class="topage">?</span>'
RED_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)


def make_html(content, head=""):
    return f"<!DOCTYPE html><html><head>{head}</head><body>{content}</body></html>"


def make_document(content, *, head="", header="", footer=""):
    return Document(make_html(content, head), header, footer)


def make_rows(count):
    rows = "".join(f"<tr><td>Row {number} begins<br/>and<br/>Row {number} ends</td></tr>" for number in range(count))
    return f"<table><thead><tr><th>Work done</th></tr></thead><tbody>{rows}</tbody></table>"


def refuse(_url):
    return None


def read_pages(content):
    return PdfReader(io.BytesIO(content)).pages


def read_text(content):
    return "\n".join(page.extract_text() for page in read_pages(content))


class PrintCase(BaseCase):
    """A folder for temporary files of each test's own, so that what is left behind can be told apart."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.enterContext(patch.object(tempfile, "tempdir", folder.name))

    def print_pages(self, *documents, paper=PAPER, fetch=refuse):
        return PdfReader(io.BytesIO(render_pdf(documents, paper, fetch))).pages

    def print_text(self, *documents, **options):
        return [page.extract_text() for page in self.print_pages(*documents, **options)]

    def get_processes(self):
        """Return the command lines of what runs in the folder of this test."""
        commands = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                commands.append(path.read_bytes().decode())
            except (FileNotFoundError, ProcessLookupError):
                continue
        return [command for command in commands if str(self.folder) in command]

    def assert_nothing_left(self):
        """What was killed may take a moment to end on a busy machine; what was not never ends."""
        patience = time.monotonic() + 30
        while self.get_processes() and time.monotonic() < patience:
            time.sleep(0.05)
        self.assertFalse(self.get_processes())
        self.assertFalse([path for path in self.folder.iterdir() if path.is_dir()])


class PrintReportCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls.env["ir.actions.report"].with_context(force_report_rendering=True)

    def print_html(self, content, user=None, **options):
        reports = self.reports.with_user(user) if user else self.reports
        return read_pages(reports._run_wkhtmltopdf([f"<html><head></head><body>{content}</body></html>"], **options))

    def print_report(self):
        """Print a report of core about a small model."""
        return self.reports._render_qweb_pdf("base.report_irmodeloverview", self.env.ref("base.model_res_bank").ids)[0]
