import base64

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..logic import csv_table, invoice_csv
from ..logic.csv_values import MARKS, ORDERS, parse_date, parse_number

ROWS_IN_PREVIEW = 6
LINES_IN_PREVIEW = 100


class ServiceInvoiceImport(models.Model):
    """What a person sees of the file: how its first rows read, and what could not be imported as a file again."""

    _inherit = "service.invoice.import"

    preview = fields.Html(compute="_compute_preview", sanitize=False)
    failed_file = fields.Binary(compute="_compute_failed_file")
    failed_file_name = fields.Char(compute="_compute_failed_file")

    # === COMPUTE METHODS === #

    @api.depends("step", "delimiter", "decimal_mark", "date_order", "column_ids.field")
    def _compute_preview(self):
        for batch in self:
            batch.preview = batch.step == "columns" and batch.delimiter and batch._render_preview()

    @api.depends("line_ids.state")
    def _compute_failed_file(self):
        for batch in self:
            failed = batch.line_ids.filtered(lambda line: line.state == "failed")
            batch.failed_file = failed and base64.b64encode(batch._get_failed_text(failed).encode("utf-8-sig"))
            batch.failed_file_name = self.env._("not imported from %(file)s", file=batch.file_name)

    # === ACTION METHODS === #

    def action_download_sample(self):
        """Download a file that shows what can be imported.

        :rtype: dict
        """
        return {
            "type": "ir.actions.act_url",
            "url": "/service_billing/static/import/invoices_sample.csv",
            "target": "download",
        }

    def action_download_failed(self):
        """Download the rows that could not be imported, with the reason, to be mended and imported again.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/failed_file?filename_field=failed_file_name&download=true",
            "target": "download",
        }

    # === GETTERS === #

    def _render_preview(self):
        """Return the first rows as a table: each cell as it is written, and below it how it is read.

        Note: `self.ensure_one()`

        :rtype: Markup
        """
        self.ensure_one()
        text, _encoding = self._decode()
        table = csv_table.read_table(text, self.delimiter, limit=LINES_IN_PREVIEW)
        columns = [column for column in self.column_ids if column.field]
        labels = dict(self.env["service.invoice.import.column"]._fields["field"]._description_selection(self.env))
        rows = [
            [
                (self._get_cell(row, column), self._get_readings(column.field, self._get_cell(row, column)))
                for column in columns
            ]
            for row in table.rows[:ROWS_IN_PREVIEW]
        ]
        values = {"labels": [labels[column.field] for column in columns], "rows": rows}
        return (
            self.env["ir.qweb"]._render("service_billing.service_invoice_import_preview", values)
            if columns
            else Markup()
        )

    def _get_readings(self, field, text):
        """Return the ways in which a number or a day reads; none for other cells.

        :rtype: list[str]
        """
        if field in invoice_csv.DATE_FIELDS:
            ways, parse = [self.date_order] if self.date_order else ORDERS, parse_date
        elif field in invoice_csv.NUMBER_FIELDS:
            ways, parse = [self.decimal_mark] if self.decimal_mark else MARKS, parse_number
        else:
            return []
        readings = []
        for way in ways if text else ():
            try:
                value = parse(text, way)
            except ValueError:
                readings.append(self.env._("not readable"))
            else:
                is_day = field in invoice_csv.DATE_FIELDS
                readings.append(
                    format_date(self.env, value, date_format="d MMMM y")
                    if is_day
                    else formatLang(self.env, float(value))
                )
        return list(dict.fromkeys(readings))

    @api.model
    def _get_cell(self, row, column):
        return row.cells[column.place] if column.place < len(row.cells) else ""

    def _get_failed_text(self, failed):
        """Return the rows of the lines that failed as they were in the file, with a column that says why.

        :rtype: str
        """
        self.ensure_one()
        table = self._get_table()
        reasons = {row: line.reason or "" for line in failed for row in line.data["rows"]}
        width = len(table.header)
        rows = [
            [*row.cells[:width], *[""] * (width - len(row.cells)), reasons[row.number]]
            for row in table.rows
            if row.number in reasons
        ]
        header = [*table.header, self.env._("Why it was not imported")]
        return csv_table.write_table(header, rows, self.delimiter)
