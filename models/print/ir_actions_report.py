import contextlib
import io
import logging
from contextvars import ContextVar
from dataclasses import dataclass

from lxml import html as lxml_html

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_actions_report import _wkhtml

from .chromium import PrintingBrowser, find_browser, open_browser
from .html_sheets import Document, PaperFormat
from .pdf_stack import PrintedPart
from .render_error import RenderError, RenderTimeoutError

_logger = logging.getLogger(__name__)

CSS_PIXELS_PER_INCH = 96
# wkhtmltopdf's "smart shrinking", which reports are laid out for.
SHRINKING = 0.8


@dataclass
class PrintJob:
    """A browser for one print, and what it printed."""

    browser: PrintingBrowser
    content: bytes = b""
    document_count: int = 0


_current_job = ContextVar("current_job", default=None)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    # === BUSINESS METHODS - ENGINE === #

    @api.model
    def get_wkhtmltopdf_state(self):
        """Override of `base`: where core does not print, have the PDF asked for anyway. Either we print it, or the
        attempt shows what is missing; told so, the client would show the document without header and footer."""
        return super().get_wkhtmltopdf_state() if self._get_billing_pdf_engine() == "core" else "ok"

    @api.model
    def _get_billing_pdf_engine(self):
        """Return what prints for the current company: `chromium`, `core`, or None if neither can.

        An unpatched wkhtmltopdf, as Debian has it, loses header and footer and is no engine.
        """
        setting = self.env.company.billing_pdf_engine
        if setting != "core" and find_browser():
            return "chromium"
        return "core" if setting != "chromium" and _wkhtml().is_patched_qt else None

    # === BUSINESS METHODS - PRINTING === #

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Override of `base` to start the browser while the report is rendered, and to remember which documents are
        one file already."""
        if self._get_billing_pdf_engine() != "chromium":
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        with self._print_job() as job:
            streams = super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        if len(streams) == job.document_count and all(values["stream"] for values in streams.values()):
            for number, values in enumerate(streams.values()):
                part = values["stream"].getvalue()
                values["stream"] = PrintedPart(part, job.content, number=number, count=len(streams))
        return streams

    @api.model
    def _merge_pdfs(self, streams, *args, **kwargs):
        """Override of `base`: all documents of one print are one file already, with fonts and logo in it once."""
        whole = PrintedPart.find_whole(streams)
        if whole is None:
            return super()._merge_pdfs(streams, *args, **kwargs)
        merged = io.BytesIO(whole)
        streams.append(merged)
        return merged

    @api.model
    def _run_wkhtmltopdf(self, bodies, report_ref=False, **options):
        """Override of `base` to print with the engine of the company.

        :param dict options: see `base`: `header`, `footer`, `landscape`, `specific_paperformat_args`
        :raise UserError: If there is no engine or it fails.
        """
        engine = self._get_billing_pdf_engine()
        if engine == "core":
            return super()._run_wkhtmltopdf(bodies, report_ref=report_ref, **options)
        if not engine:
            raise UserError(
                self.env._(
                    "No PDF engine is available: install the package chromium-headless-shell on the server, or choose "
                    "another PDF engine in the settings."
                )
            )
        report = self._get_report(report_ref) if report_ref else self
        paper = report._prepare_print_paper(options.get("landscape"), options.get("specific_paperformat_args") or {})
        documents = self._prepare_print_documents(bodies, options.get("header"), options.get("footer"))
        with self._print_job() as job:
            job.content = job.browser.print(documents, paper, self.env["ir.binary"]._get_print_resource)
            job.document_count = len(documents)
        return job.content

    @contextlib.contextmanager
    def _print_job(self):
        """Give the job of the report call that is under way, if it has not printed yet, else one for this context.

        :rtype: PrintJob
        :raise UserError: If the browser fails.
        """
        with self._explain_render_error():
            job = _current_job.get()
            if job and not job.content:
                yield job
                return
            with open_browser() as browser:
                token = _current_job.set(PrintJob(browser))
                try:
                    yield _current_job.get()
                finally:
                    _current_job.reset(token)

    @contextlib.contextmanager
    def _explain_render_error(self):
        try:
            yield
        except RenderTimeoutError as error:
            _logger.warning("PDF not printed: %s", error)
            raise UserError(
                self.env._("The PDF was not printed in time: try again, or print fewer documents at once.")
            ) from error
        except RenderError as error:
            _logger.warning("PDF not printed: %s", error)
            raise UserError(
                self.env._("The PDF could not be printed: try again, or have your administrator look at the log.")
            ) from error

    # === BUSINESS METHODS - TRANSLATION === #

    def _prepare_print_paper(self, landscape, overrides):
        """Translate the report's paper format.

        :param bool|None landscape: True prints landscape whatever the paper format says
        :param dict overrides: the `data-report-*` attributes of the report's template, as text
        :rtype: PaperFormat
        """
        paperformat = self.get_paperformat()
        landscape = landscape or (landscape is None and overrides.get("data-report-landscape"))
        width, height = paperformat.print_page_width or 210.0, paperformat.print_page_height or 297.0
        if landscape and paperformat.orientation != "Landscape":
            width, height = height, width
        dpi = int(overrides.get("data-report-dpi") or paperformat.dpi or CSS_PIXELS_PER_INCH)
        return PaperFormat(
            width=width,
            height=height,
            margin_top=float(overrides.get("data-report-margin-top", paperformat.margin_top)),
            margin_right=paperformat.margin_right,
            margin_bottom=float(overrides.get("data-report-margin-bottom", paperformat.margin_bottom)),
            margin_left=paperformat.margin_left,
            header_spacing=float(overrides.get("data-report-header-spacing", paperformat.header_spacing)),
            header_line=paperformat.header_line,
            scale=CSS_PIXELS_PER_INCH / dpi * (1 if paperformat.disable_shrinking else SHRINKING),
        )

    @api.model
    def _prepare_print_documents(self, bodies, header, footer):
        """Give each body its header and footer out of the pages that hold those of all bodies.

        :param list[str] bodies: complete HTML documents
        :param str header: a page whose `#minimal_layout_report_headers` has one child a body; without such an
            element, the page is the header of every body
        :param str footer: the same, with `#minimal_layout_report_footers`
        :rtype: list[Document]
        """
        headers = _split_margin(header, "minimal_layout_report_headers", len(bodies))
        footers = _split_margin(footer, "minimal_layout_report_footers", len(bodies))
        return [Document(str(body), *margins) for body, *margins in zip(bodies, headers, footers, strict=True)]


def _split_margin(page, container_id, count):
    if not page:
        return [""] * count
    root = lxml_html.document_fromstring(page)
    container = root.get_element_by_id(container_id, None)
    if container is None:
        return ["".join(map(_to_html, root.body))] * count
    parts = list(map(_to_html, container))[:count]
    return parts + [""] * (count - len(parts))


def _to_html(element):
    return lxml_html.tostring(element, encoding="unicode", with_tail=False)
