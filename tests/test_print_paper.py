from odoo.tests import tagged

from odoo.addons.service_billing.models.print.html_sheets import Document, PaperFormat

from .print_engine_common import PrintReportCase


@tagged("post_install", "-at_install")
class TestPrintTranslation(PrintReportCase):
    def get_paper(self, landscape=None, overrides=None, **values):
        self.env.company.paperformat_id = self.env["report.paperformat"].create(
            {
                "name": "Test",
                "format": "A4",
                "orientation": "Portrait",
                "margin_top": 40,
                "header_spacing": 35,
                **values,
            }
        )
        return self.env["ir.actions.report"]._prepare_print_paper(landscape, overrides or {})

    def test_paper_format_of_the_company(self):
        paper = self.get_paper(margin_bottom=20, margin_left=7, margin_right=8, dpi=90, header_line=True)

        self.assertEqual(
            paper,
            PaperFormat(
                width=210,
                height=297,
                margin_top=40,
                margin_right=8,
                margin_bottom=20,
                margin_left=7,
                header_spacing=35,
                header_line=True,
                scale=96 / 90 * 0.8,
            ),
        )

    def test_landscape_turns_the_paper_once(self):
        for landscape, overrides, orientation in (
            (True, {}, "Portrait"),
            (True, {}, "Landscape"),
            (None, {"data-report-landscape": "True"}, "Portrait"),
            (None, {}, "Landscape"),
        ):
            with self.subTest(landscape=landscape, overrides=overrides, orientation=orientation):
                paper = self.get_paper(landscape, overrides, orientation=orientation)

                self.assertEqual((paper.width, paper.height), (297, 210))

    def test_template_overrides_the_paper_format(self):
        overrides = {
            "data-report-margin-top": "0",
            "data-report-margin-bottom": "12.5",
            "data-report-header-spacing": "1",
            "data-report-dpi": "96",
        }

        paper = self.get_paper(overrides=overrides, disable_shrinking=True)

        self.assertEqual((paper.margin_top, paper.margin_bottom, paper.header_spacing, paper.scale), (0, 12.5, 1, 1))

    def test_paper_of_own_size(self):
        paper = self.get_paper(format="custom", page_width=80, page_height=50)

        self.assertEqual((paper.width, paper.height), (80, 50))

    def test_each_body_gets_its_header_and_footer(self):
        header = "<body><div id='minimal_layout_report_headers'><b>one</b>\n<b>two</b></div></body>"
        footer = "<body><div id='minimal_layout_report_footers'><i>one</i></div></body>"

        documents = self.reports._prepare_print_documents(["a", "b", "c"], header, footer)

        self.assertEqual(
            documents,
            [Document("a", "<b>one</b>", "<i>one</i>"), Document("b", "<b>two</b>", ""), Document("c", "", "")],
        )

    def test_page_without_parts_is_the_header_of_every_body(self):
        documents = self.reports._prepare_print_documents(["a", "b"], "<html><body><b>same</b></body></html>", None)

        self.assertEqual([document.header for document in documents], ["<b>same</b>"] * 2)

    def test_print_with_options_of_its_own(self):
        [page] = self.print_html(
            "body",
            header="<html><body><b>header</b></body></html>",
            landscape=True,
            specific_paperformat_args={"data-report-margin-top": 30, "data-report-header-spacing": 25},
        )

        self.assertEqual(page.extract_text().split(), ["body", "header"])
        self.assertGreater(page.mediabox.width, page.mediabox.height)
