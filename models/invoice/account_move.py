from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date
from odoo.tools.sql import column_exists

from ..logic import invoice_status
from ..settings.row_lock import wait_for_rows

MANAGED_TYPES = ("out_invoice", "out_refund")


class AccountMove(models.Model):
    _inherit = "account.move"

    billing_managed = fields.Boolean(
        string="Managed by Service Billing",
        compute="_compute_billing_managed",
        store=True,
        precompute=True,
        copy=False,
        help="Set once, when the document is made; the rules of Service Billing hold for it.",
    )
    billing_status = fields.Selection(
        selection=[
            (invoice_status.DRAFT, "Draft"),
            (invoice_status.OPEN, "Open"),
            (invoice_status.PARTIALLY_PAID, "Partially paid"),
            (invoice_status.PAID, "Paid"),
            (invoice_status.PAID_ONLINE, "Paid online"),
            (invoice_status.MANUAL_PAID, "Marked as paid"),
            (invoice_status.VOID, "Void"),
            (invoice_status.UNCOLLECTIBLE, "Uncollectible"),
            (invoice_status.CANCELLED, "Cancelled"),
        ],
        compute="_compute_billing_status",
        store=True,
        index=True,
        tracking=True,
        copy=False,
    )

    def _auto_init(self):
        """Leave the documents that are there before the add-on alone: their columns start empty, not computed."""
        if not column_exists(self.env.cr, "account_move", "billing_managed"):
            self.env.cr.execute(
                SQL("ALTER TABLE account_move ADD COLUMN billing_managed boolean, ADD COLUMN billing_status varchar")
            )
        return super()._auto_init()

    # === COMPUTE METHODS === #

    @api.depends("move_type", "company_id")
    def _compute_billing_managed(self):
        for move in self:
            saved = move._origin
            move.billing_managed = saved.billing_managed if saved else move._is_to_be_managed()

    @api.depends("billing_managed", "state", "payment_state")
    def _compute_billing_status(self):
        for move in self:
            move.billing_status = move.billing_managed and invoice_status.invoice_status(
                move.state, move._get_paid_state(), **move._get_status_inputs()
            )

    def _compute_invoice_payment_term_id(self):
        super()._compute_invoice_payment_term_id()
        for move in self.filtered(lambda move: move.move_type == "out_invoice" and not move.invoice_payment_term_id):
            move.invoice_payment_term_id = move.company_id.billing_default_term_id

    @api.depends("partner_id")
    def _compute_currency_id(self):
        """Use the currency of the customer's price list, unless lines are priced in another one already."""
        super()._compute_currency_id()
        for move in self.filtered(lambda move: move.billing_managed and not move._origin.invoice_line_ids):
            price_list = move.partner_id.with_company(move.company_id).property_product_pricelist
            move.currency_id = move.journal_id.currency_id or price_list.currency_id or move.currency_id

    def _compute_hide_post_button(self):
        super()._compute_hide_post_button()
        self.filtered("billing_managed").hide_post_button = True

    def _compute_show_reset_to_draft_button(self):
        super()._compute_show_reset_to_draft_button()
        finalized = self.filtered(lambda move: move.billing_managed and move.state == "posted")
        finalized.show_reset_to_draft_button = False

    # === ACTION METHODS === #

    def action_billing_finalize(self):
        """Number, post and lock the drafts, all of them or none.

        :return: A notice where a document was finalized already, else nothing.
        :rtype: dict or None
        :raise UserError: If a draft cannot be finalized; the sentence says why.
        """
        self.check_access("write")
        wait_for_rows(self)
        finalized = self.filtered(lambda move: move.state == "posted")
        (self - finalized)._post(soft=False)
        return finalized._get_already_finalized_notice() if finalized else None

    def action_view_journal_items(self):
        """Open the journal entry of the document: its receivable, income, tax and cost lines.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Entry %(number)s", number=self.name or ""),
            "res_model": "account.move.line",
            "view_mode": "list",
            "views": [(self.env.ref("service_billing.account_move_line_view_list_entry").id, "list")],
            "search_view_id": [self.env.ref("service_billing.account_move_line_view_search_entry").id, "search"],
            "domain": [
                ("move_id", "=", self.id),
                ("display_type", "not in", ("line_section", "line_subsection", "line_note")),
            ],
            "context": {"create": False, "edit": False, "delete": False},
        }

    # === BUSINESS METHODS - FINALIZE === #

    def _post(self, soft=True):
        self._check_finalizable()
        # One query for all of them: core reads it document by document when it sets their dates.
        self.filtered("billing_managed").mapped("reconciled_payment_ids")
        return super()._post(soft)

    def _check_finalizable(self):
        drafts = self.filtered(lambda move: move.billing_managed and move.state == "draft" and not move._is_mirror())
        for move in drafts:
            for message in move._get_finalize_constraints().values():
                raise UserError(message)

    def _get_finalize_constraints(self):
        """Return what keeps a draft from being finalized. Later stages add theirs.

        Note: `self.ensure_one()`

        :return: `{code: message}`, a sentence each; empty when nothing does.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        constraints = {}
        if not self.partner_id:
            constraints["customer"] = self.env._("Choose the customer first.")
        if not self.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            constraints["lines"] = self.env._("Add at least one line first.")
        if self.currency_id.compare_amounts(self.amount_total, 0.0) < 0:
            constraints["negative"] = self.env._("The total is below zero: make a credit note instead.")
        # In sudo mode because whoever finalizes may not see the order in another technician's or company's hands.
        for order in self.sudo().billing_charge_ids.order_line_id.order_id:
            constraints |= order._get_billing_constraints()
        if self.partner_id.billing_reference_required and not (self.ref or "").strip():
            constraints["reference"] = self.env._(
                "%(customer)s wants its own reference on the invoice: enter it first.", customer=self.partner_id.name
            )
        first_open_day = self._get_first_open_day()
        if first_open_day:
            constraints["locked_period"] = self.env._(
                "The books are closed on that date: the first open day is %(day)s.",
                day=format_date(self.env, first_open_day),
            )
        return constraints

    # === GETTERS === #

    def _get_paid_state(self):
        """Return the ledger's word for what is paid, which core keeps to itself as long as the payment is blocked.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        if self.payment_state != "blocked":
            return self.payment_state
        if self.currency_id.is_zero(self.amount_residual) and self.amount_total:
            return "paid"
        return "partial" if self.currency_id.compare_amounts(self.amount_residual, self.amount_total) else "not_paid"

    def _get_status_inputs(self):
        """Return what was decided about the document, besides what the ledger shows. Later files add theirs, with the
        fields that they read as dependencies of the status.

        Note: `self.ensure_one()`

        :return: Arguments of `invoice_status`.
        :rtype: dict
        """
        self.ensure_one()
        return {}

    def _is_to_be_managed(self):
        """Tell whether the rules of Service Billing shall hold for a document that is being made.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        # A form asks before the company is found.
        company = self.company_id or self.env.company
        return self.move_type in MANAGED_TYPES and company.billing_enabled

    def _get_first_open_day(self):
        """Return the first day on which the document may be dated, if its own date lies in a locked period.

        Note: `self.ensure_one()`

        :return: The day after the latest violated lock date; nothing if the document's date is open.
        :rtype: date or None
        """
        self.ensure_one()
        day = self.invoice_date or fields.Date.context_today(self)
        violated = self._get_violated_lock_dates(day, self._affect_tax_report())
        return fields.Date.add(violated[-1][0], days=1) if violated else None

    def _get_already_finalized_notice(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("Already finalized: %(numbers)s.", numbers=", ".join(self.mapped("name"))),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_amount_in_words(self):
        """Return the total in words, in the language of the environment, for instance "One Hundred Euros".

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        return self.currency_id.amount_to_text(self.amount_total)
