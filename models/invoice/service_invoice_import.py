import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..logic import csv_table, invoice_csv
from ..logic.csv_values import detect_mark, detect_order

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
VERDICTS = ("ready", "customer", "error", "exists")


class ServiceInvoiceImport(models.Model):
    """A file of invoices: uploaded, its columns mapped, checked row by row, then drafted in the background."""

    _name = "service.invoice.import"
    _description = "Import of Invoices"
    _inherit = ["service.batch.mixin"]
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    # file
    file = fields.Binary(attachment=True, required=True, copy=False)
    file_name = fields.Char(default=lambda self: self.env._("Invoices"))
    encoding = fields.Char(readonly=True)
    delimiter = fields.Selection(selection=[(",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Vertical bar")])
    decimal_mark = fields.Selection(selection=[("point", "1,234.56"), ("comma", "1.234,56")], string="Numbers")
    date_order = fields.Selection(
        selection=[("dmy", "31/12/2026"), ("mdy", "12/31/2026"), ("ymd", "2026-12-31")], string="Dates"
    )
    column_ids = fields.One2many("service.invoice.import.column", "batch_id", string="Columns")

    # invoices
    step = fields.Selection(
        selection=[("file", "File"), ("columns", "Columns"), ("check", "Check")], default="file", required=True
    )
    line_ids = fields.One2many("service.invoice.import.line", "batch_id", string="Invoices")
    unsettled_line_ids = fields.One2many(
        comodel_name="service.invoice.import.line",
        inverse_name="batch_id",
        string="To Settle",
        domain=["|", ("verdict", "in", ("customer", "error")), ("state", "=", "failed")],
    )
    ready_count = fields.Integer(string="Ready", compute="_compute_verdict_counts")
    customer_count = fields.Integer(string="Without Customer", compute="_compute_verdict_counts")
    error_count = fields.Integer(string="With Errors", compute="_compute_verdict_counts")
    exists_count = fields.Integer(string="Imported Before", compute="_compute_verdict_counts")

    # === COMPUTE METHODS === #

    @api.depends("line_ids.verdict")
    def _compute_verdict_counts(self):
        groups = self.env["service.invoice.import.line"]._read_group(
            [("batch_id", "in", self.ids)], ["batch_id", "verdict"], ["__count"]
        )
        counts = {(batch.id, verdict): count for batch, verdict, count in groups}
        for batch in self:
            for verdict in VERDICTS:
                batch[f"{verdict}_count"] = counts.get((batch._origin.id, verdict), 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("file")
    def _check_file(self):
        if any(len(batch._get_data()) > MAX_BYTES for batch in self):
            raise ValidationError(self.env._("A file of at most 20 MB can be imported: split it first."))

    # === ONCHANGE METHODS === #

    @api.onchange("delimiter")
    def _onchange_delimiter(self):
        if self.step == "columns" and self.delimiter:
            values = self._prepare_layout_values(self._get_table())
            self.update(values)

    @api.onchange("column_ids")
    def _onchange_column_ids(self):
        if self.step == "columns" and self.delimiter:
            self.update(self._detect_formats(self._get_table(), self._get_columns()))

    # === CRUD METHODS === #

    def write(self, vals):
        changed = vals.keys() & {"file", "delimiter", "decimal_mark", "date_order", "column_ids", "company_id"}
        if changed and any(batch.started_at for batch in self):
            raise UserError(self.env._("The import has started: what it reads cannot change."))
        if "file" in vals:
            vals = {**vals, "step": "file"}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(batch.started_at for batch in self):
            raise UserError(self.env._("An import that has started is kept: it knows what was imported."))

    # === ACTION METHODS === #

    def action_read(self):
        """Read the file, and guess what its columns mean and how it writes numbers and days."""
        self.ensure_one()
        text, encoding = self._decode()
        self.delimiter = csv_table.sniff_delimiter(text)
        self.write({"encoding": encoding, "step": "columns", **self._prepare_layout_values(self._get_table())})

    def action_check(self):
        """Check every row, without importing any: what is wrong with it, and whose invoice it is.

        :raise UserError: If it is not clear yet how the file is to be read.
        """
        self.ensure_one()
        if self.started_at:
            raise UserError(self.env._("The import has started: what it reads cannot change."))
        columns = self._get_columns()
        self._check_columns(columns)
        formats = invoice_csv.Formats(self.decimal_mark, self.date_order)
        invoices = invoice_csv.read_invoices(self._get_table().rows, columns, formats)
        self.step = "check"
        # In sudo mode because nobody writes the rows of a file by hand.
        lines_sudo = self.line_ids.sudo()
        lines_sudo.unlink()
        lines = lines_sudo.create([lines_sudo._prepare_values(self, invoice) for invoice in invoices]).sudo(False)
        lines._match_customers()
        lines._assess()

    def action_back(self):
        """Go back to the columns of the file, to read it in another way."""
        self.ensure_one()
        if not self.started_at:
            self.step = "columns"

    def action_run(self):
        if self.step != "check":
            raise UserError(self.env._("Check the file first."))
        return super().action_run()

    def action_view_drafts(self):
        """Open the invoices that the file became.

        :rtype: dict
        """
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("service_billing.account_move_action_invoices"),
            "name": self.env._("Imported from %(file)s", file=self.file_name),
            "domain": [("id", "in", self.line_ids.move_id.ids)],
            "context": {"create": False},
        }

    # === BUSINESS METHODS - FILE === #

    def _decode(self):
        try:
            return csv_table.decode(self._get_data())
        except (csv_table.CsvError, UnicodeDecodeError) as error:
            raise UserError(
                self.env._("This file is no CSV file: save it as CSV in your spreadsheet first.")
            ) from error

    def _get_data(self):
        self.ensure_one()
        # A form that is being edited holds no file, only its size.
        saved = (self._origin or self).with_context(bin_size=False)
        return base64.b64decode(saved.file or b"")

    def _get_table(self):
        """Return the table in the file.

        Note: `self.ensure_one()`

        :rtype: csv_table.Table
        :raise UserError: If there is none, or one with too many rows.
        """
        text, _encoding = self._decode()
        try:
            table = csv_table.read_table(text, self.delimiter)
        except csv_table.CsvError as error:
            raise UserError(self.env._("There is no table of invoices in this file.")) from error
        if not table.rows:
            raise UserError(self.env._("The file has column names and no rows."))
        if len(table.rows) > MAX_ROWS:
            raise UserError(
                self.env._("A file of at most %(count)s rows can be imported: split it first.", count=MAX_ROWS)
            )
        return table

    def _prepare_layout_values(self, table):
        fields_by_place = invoice_csv.guess_fields(table.header)
        samples = [
            next((row.cells[place] for row in table.rows if place < len(row.cells) and row.cells[place]), "")
            for place in range(len(table.header))
        ]
        commands = [
            Command.create({"place": place, "name": name, "sample": samples[place], "field": fields_by_place[place]})
            for place, name in enumerate(table.header)
        ]
        columns = {field: place for place, field in enumerate(fields_by_place) if field}
        return {"column_ids": [Command.clear(), *commands], **self._detect_formats(table, columns)}

    def _detect_formats(self, table, columns):
        """Return how the file writes numbers and days; nothing where its values do not tell.

        :rtype: dict
        """
        numbers = invoice_csv.get_cells(table.rows, columns, invoice_csv.NUMBER_FIELDS)
        days = invoice_csv.get_cells(table.rows, columns, invoice_csv.DATE_FIELDS)
        return {"decimal_mark": detect_mark(numbers), "date_order": detect_order(days)}

    def _check_columns(self, columns):
        mapped = self.column_ids.filtered("field")
        messages = {
            "twice": len(mapped) > len(columns) and self.env._("Two columns mean the same: choose one of them."),
            "reference": "reference" not in columns
            and self.env._("Choose the column with the external reference: it keeps a row from being imported twice."),
            "customer": not set(columns) & set(invoice_csv.CUSTOMER_FIELDS)
            and self.env._("Choose the column that says who the customer is."),
            "price": not {"price", "product"} & set(columns) and self.env._("Choose the column with the price."),
            "numbers": not self.decimal_mark and self.env._("The numbers read two ways: choose how they are written."),
            "dates": not self.date_order and self.env._("The dates read two ways: choose how they are written."),
        }
        for message in filter(None, messages.values()):
            raise UserError(message)

    def _get_columns(self):
        """Return the place of each field's column.

        :rtype: dict[str, int]
        """
        return {column.field: column.place for column in self.column_ids if column.field}
