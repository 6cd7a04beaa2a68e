from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.logic.number_format import parse


class ServiceNumberFormat(models.TransientModel):
    """The number format of a journal, with the numbers that it leads to while it is typed."""

    _name = "service.number.format"
    _description = "Number Format"
    _check_company_auto = True

    journal_id = fields.Many2one(
        comodel_name="account.journal",
        required=True,
        readonly=True,
        domain=[("type", "=", "sale")],
    )
    number_format = fields.Char(compute="_compute_number_format", store=True, readonly=False)

    # preview
    error = fields.Char(compute="_compute_preview")
    next_numbers = fields.Char(compute="_compute_preview")
    next_year_numbers = fields.Char(string="From 1 January", compute="_compute_preview")
    credit_numbers = fields.Char(string="Credit Notes", compute="_compute_preview")

    # === COMPUTE METHODS === #

    @api.depends("journal_id")
    def _compute_number_format(self):
        for wizard in self:
            wizard.number_format = wizard.journal_id.billing_number_format

    @api.depends("number_format", "journal_id")
    def _compute_preview(self):
        for wizard in self:
            wizard.update(wizard._prepare_preview())

    # === ACTION METHODS === #

    def action_apply(self):
        """Give the journal its format: the next document that is finalized follows it.

        :raise UserError: If the format does not hold.
        """
        self.ensure_one()
        self.check_access("write")
        self.journal_id.check_access("read")
        if self.error:
            raise UserError(self.error)
        # In sudo mode to write this one field: journals themselves are the accountant's.
        self.journal_id.sudo().billing_number_format = (self.number_format or "").strip() or False
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === GETTERS === #

    def _prepare_preview(self, **extra):
        """Prepare what the format leads to: what is wrong with it, or the next three numbers of each kind.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        text, journal = (self.number_format or "").strip(), self.journal_id
        error = bool(text) and journal._get_number_format_error(text)
        values = dict.fromkeys(("next_numbers", "next_year_numbers", "credit_numbers"), False)
        values |= {"error": error, **extra}
        if not text or error:
            return values
        values["next_numbers"] = self._join(journal._get_next_numbers(text))
        if parse(text).reset != "never":
            new_year = date(journal.company_id._get_billing_today().year + 1, 1, 1)
            values["next_year_numbers"] = self._join(journal._get_next_numbers(text, day=new_year))
        if journal.refund_sequence:
            values["credit_numbers"] = self._join(journal._get_next_numbers(text, is_refund=True))
        return values

    @api.model
    def _join(self, numbers):
        return ", ".join(numbers)
