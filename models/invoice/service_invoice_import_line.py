import logging

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY
from .res_partner_match import NamedCustomer

_logger = logging.getLogger(__name__)

INVOICES_A_JOB = 50


class ServiceInvoiceImportLine(models.Model):
    """One invoice of an imported file: its rows, whose it is, and the draft it became.

    The line with the draft is what keeps a reference from being imported twice. Before the import runs, `reason` holds
    what has to be settled first.
    """

    _name = "service.invoice.import.line"
    _description = "Import of Invoices: Invoice"
    _inherit = ["service.batch.line.mixin"]
    _order = "first_row, id"
    _rec_name = "reference"
    _check_company_auto = True

    batch_id = fields.Many2one("service.invoice.import", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, precompute=True, index=True)

    # what the file says
    reference = fields.Char(readonly=True)
    first_row = fields.Integer(string="Row", readonly=True, aggregator=None)
    data = fields.Json(readonly=True)
    errors = fields.Json(readonly=True)
    customer_name = fields.Char(readonly=True)
    customer_email = fields.Char(readonly=True)
    customer_vat = fields.Char(readonly=True)
    customer_text = fields.Char(string="Customer in the File", compute="_compute_customer_text")
    date = fields.Date(readonly=True)
    amount = fields.Float(string="Amount without Tax", digits="Product Price", readonly=True, aggregator=None)
    currency_code = fields.Char(string="Currency", readonly=True)

    # what it means
    partner_id = fields.Many2one("res.partner", string="Customer", check_company=True, index=True)
    offers = fields.Json(readonly=True, help="Partners that could be meant: id, name and how alike, best first.")
    verdict = fields.Selection(
        selection=[
            ("ready", "Ready"),
            ("customer", "Choose the customer"),
            ("error", "Error"),
            ("exists", "Imported before"),
        ],
        string="Check",
        readonly=True,
    )
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True, index=True, ondelete="set null")

    _reference_uniq = models.UniqueIndex(
        "(company_id, reference) WHERE move_id IS NOT NULL", "This reference was imported before."
    )

    # === COMPUTE METHODS === #

    @api.depends("customer_name", "customer_email", "customer_vat")
    def _compute_customer_text(self):
        for line in self:
            line.customer_text = ", ".join(filter(None, [line.customer_name, line.customer_email, line.customer_vat]))

    # === CRUD METHODS === #

    def write(self, vals):
        if "partner_id" not in vals or self.env.su:
            return super().write(vals)
        lines = self._filter_same_customer()
        if any(line.move_id for line in self):
            raise UserError(self.env._("This invoice is drafted already: change the customer on the draft."))
        res = super(ServiceInvoiceImportLine, self | lines).write(vals)
        (self | lines)._assess()
        return res

    # === ACTION METHODS === #

    def action_choose(self, partner_id):
        """Choose the customer of the invoice, and of all others of the file that name the customer in the same way.

        :param int partner_id: The partner.
        """
        self.ensure_one()
        self.write({"partner_id": partner_id})

    # === BUSINESS METHODS - CHECK === #

    def _match_customers(self):
        """Set the customers that are clear, and keep the others to be offered."""
        for company, lines in self.grouped("company_id").items():
            groups = lines.grouped(lambda line: line._get_named_customer())
            matches = self.env["res.partner"]._match_customers(set(groups), company)
            offered = {partner_id for match in matches.values() for partner_id, _score in match.offers}
            names = {partner.id: partner.name for partner in self.env["res.partner"].browse(offered)}
            for customer, match in matches.items():
                offers = [[partner_id, names[partner_id], score] for partner_id, score in match.offers]
                # In sudo mode to write what was found, which nobody writes by hand.
                groups[customer].sudo().write({"partner_id": match.chosen, "offers": offers})

    def _filter_same_customer(self):
        """Return the other lines of the files that name their customer in the same way and have none yet.

        :rtype: recordset of `service.invoice.import.line`
        """
        keys = {(line.batch_id, line._get_named_customer()) for line in self}
        without = self.batch_id.line_ids.filtered(lambda line: not line.partner_id and not line.move_id)
        return without.filtered(lambda line: (line.batch_id, line._get_named_customer()) in keys)

    # === BUSINESS METHODS - JOBS === #

    def _enqueue(self):
        """Let each job draft many invoices: creating them together is much faster."""
        for start in range(0, len(self), INVOICES_A_JOB):
            lines = self[start : start + INVOICES_A_JOB]
            lines.with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.run.{lines[0].id}.{lines[-1].id}.{len(lines)}",
                description=self.env._(
                    "Import the rows from %(first)s to %(last)s", first=lines[0].first_row, last=lines[-1].first_row
                ),
            )._job_run_many()

    def _job_run_many(self):
        """Draft many invoices in one transaction. Where one of them cannot be drafted, draft them one by one.

        :raise RetryableJobError: If somebody else works on them, or imports the same references.
        """
        lines = self.exists()
        if lines.try_lock_for_update() != lines:
            raise RetryableJobError("The rows are locked.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        lines.invalidate_recordset()
        waiting = lines.filtered(lambda line: line.state == "waiting")
        values = waiting._assess()
        ready = waiting.filtered(lambda line: line.verdict == "ready")
        if not ready._draft_together(values):
            for line in ready:
                line._job_run()
        # In sudo mode to write the results, which nobody may write by hand.
        unsettled_sudo = (waiting - ready).sudo()
        existing_sudo = unsettled_sudo.filtered(lambda line: line.verdict == "exists")
        existing_sudo.write({"state": "done"})
        (unsettled_sudo - existing_sudo).write({"state": "failed"})

    def _draft_together(self, values):
        """Draft the invoices in one go, all of them or none, and tell whether that worked.

        :param dict values: What `_assess` returned.
        :rtype: bool
        """
        try:
            with self.env.cr.savepoint():
                self._create_drafts(values)
        except LockError as error:
            raise RetryableJobError(str(error), seconds=SECONDS_TO_RETRY, ignore_retry=True) from error
        except (OperationalError, RetryableJobError):
            raise
        except Exception:
            _logger.info("%s rows of an import are drafted one by one", len(self), exc_info=True)
            return False
        # In sudo mode to write the results, which nobody may write by hand.
        self.sudo().write({"state": "done", "reason": False})
        return True

    def _process(self):
        values = self._assess()
        if self.verdict in ("customer", "error"):
            raise UserError(self.reason)
        if self.verdict == "exists":
            return self.reason
        self._create_drafts(values)
        return None

    def _create_drafts(self, values):
        """Create the drafts of the lines, all in one call.

        :param dict values: The values of each line's draft.
        """
        for company, lines in self.grouped("company_id").items():
            moves = self.env["account.move"].with_company(company).create([values[line] for line in lines])
            # In sudo mode to write the link to the draft, which nobody may write by hand.
            for line, move in zip(lines.sudo(), moves, strict=True):
                line.move_id = move
        try:
            self.flush_recordset(["move_id"])
        except UniqueViolation as error:
            # Another import drafts the same references at this moment: the next try sees them.
            raise RetryableJobError(str(error), seconds=SECONDS_TO_RETRY, ignore_retry=True) from error

    # === GETTERS === #

    def _get_kept_fields(self):
        return super()._get_kept_fields() | set(self._fields) - {"partner_id"}

    def _get_named_customer(self):
        self.ensure_one()
        return NamedCustomer(self.customer_name or "", self.customer_email or "", self.customer_vat or "")

    def _get_job_description(self):
        return self.env._("Import %(reference)s", reference=self.reference)
