from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.row_lock import wait_for_rows


class ServiceDraftBatch(models.Model):
    """The same invoice for many customers: written once, drafted in the background, a line and a job each."""

    _name = "service.draft.batch"
    _description = "Invoice for Many Customers"
    _inherit = ["service.batch.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Title", required=True, help="Only for you: it is not printed.")
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    invoice_date = fields.Date(help="Left empty, it is the day on which the invoice is finalized.")
    note = fields.Text()
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False), ('partner_share', '=', True),"
        " ('ref_company_ids', '=', False)]",
        check_company=True,
    )
    partner_count = fields.Integer(string="Customers to Invoice", compute="_compute_partner_count")
    item_ids = fields.One2many("service.draft.item", "batch_id", string="What to Invoice", copy=True)
    amount = fields.Monetary(string="Each, without Taxes", compute="_compute_amount")
    line_ids = fields.One2many("service.draft.line", "batch_id", string="Drafts", readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for batch in self:
            batch.partner_count = len(batch.partner_ids)

    @api.depends("item_ids.amount")
    def _compute_amount(self):
        for batch in self:
            batch.amount = sum(batch.item_ids.mapped("amount"))

    # === CRUD METHODS === #

    def write(self, vals):
        if vals.keys() & {"currency_id", "invoice_date", "note", "partner_ids", "item_ids", "company_id"}:
            self._check_not_started()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        self._check_not_started()

    # === ACTION METHODS === #

    def action_run(self):
        self.ensure_one()
        self.check_access("write")
        wait_for_rows(self)
        if not self.started_at:
            self._create_lines()
        return super().action_run()

    def action_view_drafts(self):
        """Open the invoices that were drafted.

        :rtype: dict
        """
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("service_billing.account_move_action_invoices"),
            "name": self.name,
            "domain": [("id", "in", self.line_ids.move_id.ids)],
            "context": {"create": False},
        }

    # === BUSINESS METHODS - DRAFTS === #

    def _check_not_started(self):
        if any(batch.started_at for batch in self):
            raise UserError(self.env._("The drafts are being made: what they say cannot change. Duplicate it instead."))

    def _create_lines(self):
        """Create the lines, one for each customer.

        :raise UserError: If nobody or nothing is to be invoiced.
        """
        if not self.partner_ids:
            raise UserError(self.env._("Choose the customers first."))
        if not self.item_ids:
            raise UserError(self.env._("Add at least one line first."))
        # In sudo mode because nobody writes the lines by hand.
        self.env["service.draft.line"].sudo().create(
            [{"batch_id": self.id, "partner_id": partner.id} for partner in self.partner_ids]
        )
