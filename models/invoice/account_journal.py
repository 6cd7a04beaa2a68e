from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..logic.number_format import NumberFormatError, parse


class AccountJournal(models.Model):
    """What the numbers of its invoices and credit notes look like."""

    _inherit = "account.journal"

    billing_number_format = fields.Char(
        string="Number Format",
        copy=False,
        help="For instance INV-{YYYY}-{000}: year, month {MM} and counter in braces, the rest as it is typed. "
        "Empty: the number continues the one before.",
    )
    billing_next_number = fields.Char(string="Next Number", compute="_compute_billing_next_number")

    _billing_number_format_uniq = models.UniqueIndex(
        "(company_id, billing_number_format) WHERE billing_number_format IS NOT NULL",
        "Another journal of the company has this number format: add what tells them apart.",
    )

    # === COMPUTE METHODS === #

    @api.depends("billing_number_format")
    def _compute_billing_next_number(self):
        for journal in self:
            text = journal.billing_number_format
            journal.billing_next_number = (
                journal._get_next_numbers(text)[0] if text else journal._get_number_after_last()
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_number_format")
    def _check_billing_number_format(self):
        for text in filter(None, self.mapped("billing_number_format")):
            error = self._get_number_format_error(text)
            if error:
                raise ValidationError(error)

    # === ACTION METHODS === #

    def action_billing_number_format(self):
        """Open the number format of the journal, with the numbers that it leads to.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_number_format_action")
        return {**action, "context": {"default_journal_id": self.id}}

    # === GETTERS === #

    def _get_number_after_last(self):
        """Return the number that follows the last one of the invoices, where the journal has no number format.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        day = self.company_id._get_billing_today()
        invoice = self.env["account.move"].new({"move_type": "out_invoice", "journal_id": self.id, "date": day})
        number_format, parts = invoice._get_next_sequence_format()
        return number_format.format(**{**parts, "seq": parts["seq"] + 1})

    def _get_last_counter(self, prefix, *, is_refund):
        """Return the counter of the last number of a series.

        Note: `self.ensure_one()`

        :param str prefix: What stands before the counter.
        :param bool is_refund: Whether credit notes are asked for, where they have a series of their own.
        :return: The counter; 0 where the series has no number yet.
        :rtype: int
        """
        self.ensure_one()
        domain = Domain("journal_id", "=", self.id) & Domain("sequence_prefix", "=", prefix)
        domain &= Domain("state", "=", "posted") | Domain("posted_before", "=", True)
        if self.refund_sequence:
            domain &= Domain("move_type", "=" if is_refund else "!=", "out_refund")
        # In sudo mode because the numbers of all companies that share the journal count.
        last_sudo = self.env["account.move"].sudo().search(domain, order="sequence_number desc", limit=1)
        return last_sudo.sequence_number

    def _get_number_format(self, text, *, is_refund):
        """Return a number format for invoices or for credit notes, which begin with an R where they have a series.

        Note: `self.ensure_one()`

        :param str text: A number format that holds.
        :param bool is_refund: Whether it is for credit notes.
        :rtype: NumberFormat
        """
        self.ensure_one()
        return parse(f"R{text}" if is_refund and self.refund_sequence else text)

    def _get_next_numbers(self, text, *, day=None, is_refund=False):
        """Return the next three numbers of invoices or of credit notes.

        Note: `self.ensure_one()`

        :param str text: A number format that holds.
        :param date day: The date of the documents; today by default.
        :param bool is_refund: Whether it is about credit notes.
        :rtype: list[str]
        """
        self.ensure_one()
        number_format = self._get_number_format(text, is_refund=is_refund)
        day = day or self.company_id._get_billing_today()
        last = self._get_last_counter(number_format.prefix_on(day), is_refund=is_refund)
        return number_format.next_numbers(last, day)

    @api.model
    def _get_number_format_error(self, text):
        """Return what is wrong with a number format, nothing if it holds.

        :param str text: The format.
        :rtype: str or None
        """
        try:
            parse(text)
        except NumberFormatError as error:
            return self._get_number_format_messages()[error.code]
        return None

    @api.model
    def _get_number_format_messages(self):
        return {
            "counter": self.env._("A number has one counter: write it as zeros in braces, for instance {000}."),
            "digits": self.env._("A counter has nine digits at most."),
            "part": self.env._("Only {YYYY}, {YY}, {MM} and the counter {000} stand in braces."),
            "twice": self.env._("A number has one year and one month at most."),
            "month": self.env._("A number with a month has its year too: add {YYYY} or {YY}."),
            "sign": self.env._("A letter or a sign stands before the counter: no digit, year or month."),
            "end": self.env._("Only letters and signs stand after the counter: no digit, year or month."),
        }
