from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..logic.invoice_status import DUE, SETTLED
from ..settings.row_lock import wait_for_rows
from .account_move_credit import CREDIT_REASONS
from .account_move_void import VOID_REASONS


class AccountMove(models.Model):
    """Correct: a wrong invoice is taken back whole, and the right one follows with its charges and its payments."""

    _inherit = "account.move"

    billing_corrects_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Corrects",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    billing_corrected_by_ids = fields.One2many("account.move", "billing_corrects_move_id", string="Corrections")
    billing_corrected_by_id = fields.Many2one(
        comodel_name="account.move", string="Corrected By", compute="_compute_billing_corrected_by_id"
    )
    billing_carried_line_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="account_move_billing_carried_line_rel",
        string="Carried Payments",
        readonly=True,
        copy=False,
        help="What was paid for the wrong invoice; it is applied when the right one is finalized.",
    )
    billing_carried_count = fields.Integer(compute="_compute_billing_carried_count")

    # === COMPUTE METHODS === #

    @api.depends("billing_corrected_by_ids")
    def _compute_billing_corrected_by_id(self):
        for move in self:
            corrections = move.billing_corrected_by_ids.filtered(lambda correction: correction.state != "cancel")
            move.billing_corrected_by_id = corrections[:1]

    @api.depends("billing_carried_line_ids")
    def _compute_billing_carried_count(self):
        for move in self:
            move.billing_carried_count = len(move.billing_carried_line_ids)

    # === ACTION METHODS === #

    def action_billing_correct(self, reason, text):
        """Take a wrong invoice back whole and draft the right one: void it where nothing is applied to it, else credit
        it. Its charges and payments go over to the draft.

        :param str reason: One of `CREDIT_REASONS`.
        :param str text: The explanation.
        :return: The action that opens the draft; the one that is there already, if it was corrected before.
        :rtype: dict
        :raise UserError: If it cannot be corrected; the sentence says why.
        """
        self.ensure_one()
        self.check_access("write")
        wait_for_rows(self)
        draft = self.billing_corrected_by_id
        if not draft:
            self._check_reason(CREDIT_REASONS, reason, text)
            self._check_correctable()
            draft = self._correct(reason, text)
        return draft._get_records_action(name=self.env._("Corrected Invoice"))

    # === BUSINESS METHODS - CORRECT === #

    def _check_correctable(self):
        """Make sure that the invoice can be taken back whole.

        :raise UserError: If it cannot.
        """
        for message in self._get_processing_constraints().values():
            raise UserError(message)
        if self.move_type != "out_invoice" or self.billing_status not in (*DUE, *SETTLED):
            raise UserError(self.env._("Only a finalized invoice that stands can be corrected."))
        credit_notes = self.reversal_move_ids.filtered(lambda move: move._is_active_credit())
        if credit_notes:
            names = ", ".join(credit_notes.mapped("display_name"))
            raise UserError(self.env._("Credit what is left instead: there is %(credit_notes)s.", credit_notes=names))

    def _correct(self, reason, text):
        # In sudo mode because whoever corrects the invoice may not read its charges and payments.
        move_sudo = self.sudo()
        charges, carried = move_sudo.billing_charge_ids, move_sudo._get_applied_lines()
        if self._get_void_constraints():
            self._credit_whole(reason, text)
        else:
            void_reason = reason if reason in dict(VOID_REASONS) else "other"
            self.action_billing_void(void_reason, text)
        draft = move_sudo.copy(
            {
                "ref": self.ref,
                "invoice_origin": self.invoice_origin,
                "billing_corrects_move_id": self.id,
                "billing_carried_line_ids": [Command.set(carried.ids)],
            }
        )
        following = charges.exists().filtered(lambda charge: charge.state == "open")
        draft.write({"invoice_line_ids": following._prepare_invoice_line_commands()})
        draft._apply_deductions()
        self._log_event("corrected", {"reason": reason, "text": text.strip()})
        return draft.sudo(self.env.su)

    def _credit_whole(self, reason, text):
        """Credit the whole invoice, and set its charges and payments free."""
        day = self._get_open_day(self.company_id._get_billing_today())
        values = {
            "date": day,
            "invoice_date": day,
            "billing_credit_reason": reason,
            "billing_credit_text": text.strip(),
        }
        credit_note = self.with_company(self.company_id)._reverse_moves([values], cancel=True)
        self._settle_charges(text, release=True)
        self._log_step("credited", credit_note, text.strip(), reason)

    def _post(self, soft=True):
        posted = super()._post(soft)
        for move in posted.filtered("billing_corrects_move_id"):
            move._apply_carried()
        return posted

    def _apply_carried(self):
        """Apply to the right invoice what was paid for the wrong one, as far as it is still there."""
        # In sudo mode because whoever finalizes the invoice may not read payments.
        move_sudo = self.sudo()
        lines = move_sudo.line_ids.filtered(lambda line: line.display_type == "payment_term")
        carried = move_sudo.billing_carried_line_ids.filtered(
            lambda line: not line.reconciled and line.account_id in lines.account_id and line.parent_state == "posted"
        )
        if carried:
            (carried + lines.filtered(lambda line: not line.reconciled)).reconcile()

    # === GETTERS === #

    def _get_applied_lines(self):
        """Return the lines of payments that settle the document.

        :rtype: recordset of `account.move.line`
        """
        receivable = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        applied = receivable.matched_credit_ids.credit_move_id
        return applied.filtered(lambda line: line.move_id.move_type not in ("out_invoice", "out_refund"))
