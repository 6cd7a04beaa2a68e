from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ..settings.row_lock import wait_for_rows


class ServiceBillingRun(models.Model):
    """The open charges of many customers become drafts in the background: a line and a job for each customer.

    A run that somebody makes is previewed first, and then bills what the preview showed. The company's cycles make
    runs of their own, without a preview.
    """

    _name = "service.billing.run"
    _description = "Billing Run"
    _inherit = ["service.batch.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    is_cycle = fields.Boolean(string="By Cycle", readonly=True, help="The company's billing cycles made this run.")
    until = fields.Date(
        string="Charges Until", required=True, default=lambda self: self.env.company._get_billing_today()
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Only These Customers",
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
        check_company=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    previewed_at = fields.Datetime(string="Previewed", readonly=True, copy=False)
    line_ids = fields.One2many("service.billing.run.line", "batch_id", string="Customers", readonly=True, copy=False)
    planned_total = fields.Monetary(string="Previewed Total", compute="_compute_totals")
    total = fields.Monetary(string="Drafted", compute="_compute_totals")
    invoice_count = fields.Integer(compute="_compute_totals")
    flagged_count = fields.Integer(compute="_compute_totals")

    # === COMPUTE METHODS === #

    @api.depends("until", "is_cycle")
    @api.depends_context("lang")
    def _compute_name(self):
        for run in self:
            day = format_date(self.env, run.until)
            run.name = (
                self.env._("Billing cycles of %(day)s", day=day)
                if run.is_cycle
                else self.env._("Billing run until %(day)s", day=day)
            )

    @api.depends("line_ids.planned_total", "line_ids.total", "line_ids.is_flagged")
    def _compute_totals(self):
        lines = self.env["service.billing.run.line"]
        groups = lines._read_group(
            [("batch_id", "in", self.ids)], ["batch_id"], ["planned_total:sum", "total:sum", "invoice_count:sum"]
        )
        sums = {run.id: amounts for run, *amounts in groups}
        flagged = dict(
            lines._read_group([("batch_id", "in", self.ids), ("is_flagged", "=", True)], ["batch_id"], ["__count"])
        )
        for run in self:
            run.planned_total, run.total, run.invoice_count = sums.get(run._origin.id, (0.0, 0.0, 0))
            run.flagged_count = flagged.get(run._origin, 0)

    # === CRUD METHODS === #

    def write(self, vals):
        if {"until", "partner_ids", "company_id"} & vals.keys():
            self._check_not_started()
            # In sudo mode because nobody writes lines by hand; what they show is no longer what would be billed.
            self.sudo().line_ids.unlink()
            self.sudo().previewed_at = False
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        self._check_not_started()

    # === ACTION METHODS === #

    def action_preview(self):
        """Show what the run would bill to each customer. No charge and no invoice is written."""
        self.ensure_one()
        self.check_access("write")
        wait_for_rows(self)
        self._check_not_started()
        # In sudo mode because nobody writes lines by hand.
        run_sudo = self.sudo()
        values = run_sudo._prepare_preview()
        run_sudo.line_ids.unlink()
        run_sudo.write({"line_ids": [Command.create(line) for line in values], "previewed_at": fields.Datetime.now()})

    def action_run(self):
        """Bill in the background exactly what the preview showed; each line explains what changed since.

        :return: A notice where somebody started the run before, else nothing.
        :rtype: dict or None
        :raise UserError: If there is no preview, or nothing in it.
        """
        self.ensure_one()
        if not self.started_at and not self.line_ids:
            raise UserError(
                self.env._("There is nothing to bill.") if self.previewed_at else self.env._("Preview the run first.")
            )
        return super().action_run()

    def action_view_invoices(self):
        """Open the invoices of the run.

        :rtype: dict
        """
        return self.line_ids.invoice_ids._get_records_action(name=self.env._("Drafts of %(run)s", run=self.name))

    # === GETTERS === #

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"is_cycle", "previewed_at", "line_ids"}

    def _check_not_started(self):
        started = self.filtered("started_at")[:1]
        if started:
            raise UserError(self.env._("%(run)s was started: it is history now.", run=started.name))
