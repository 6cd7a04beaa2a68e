import re

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class AccountMove(models.Model):
    """The number of a document: from the format of its journal, taken when it is finalized, in the order of dates."""

    _inherit = "account.move"

    # === CONSTRAINT METHODS === #

    @api.constrains("name")
    def _check_custom_number(self):
        for move in self.filtered(lambda move: move.billing_managed and move.state == "draft"):
            for message in move._get_number_constraints().values():
                raise ValidationError(message)

    # === BUSINESS METHODS - FINALIZE === #

    def _get_finalize_constraints(self):
        constraints = super()._get_finalize_constraints() | self._get_number_constraints()
        later = self._find_later_number()
        if later and not self._is_backdating_allowed():
            constraints["backdated"] = self.env._(
                "%(number)s is dated %(date)s already: use that day or a later one.",
                number=later.name,
                date=format_date(self.env, later.invoice_date),
            )
        return constraints

    def _get_number_constraints(self):
        """Return what is wrong with a number that was typed on a draft.

        Note: `self.ensure_one()`

        :return: `{code: message}`, empty when nothing is, or when no number was typed.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        if not self.name or self.name == "/":
            return {}
        number_format = self._get_number_format()
        used = [("journal_id", "=", self.journal_id.id), ("name", "=", self.name), ("state", "=", "posted")]
        # In sudo mode because the numbers of all companies that share the journal count.
        if self.sudo().search_count(used, limit=1):
            return {"number": self.env._("The number %(number)s is used already: leave it empty.", number=self.name)}
        if number_format and not number_format.decode(self.name):
            example = number_format.render(1, self.date)
            return {"number": self.env._("A number in this journal looks like %(example)s.", example=example)}
        if not self._sequence_matches_date():
            return {"number": self.env._("Year and month of %(number)s are not those of its date.", number=self.name)}
        if not self._is_first_of_series():
            return {"number": self.env._("Only the first number of a series can be chosen: leave it empty.")}
        return {}

    # === BUSINESS METHODS - NUMBER === #

    def check_move_sequence_chain(self):
        """A number that was typed on a draft is not taken yet: deleting the draft leaves no gap."""
        numbered = self.filtered(lambda move: not move.billing_managed or move.posted_before)
        return super(AccountMove, numbered).check_move_sequence_chain()

    def _get_starting_sequence(self):
        number_format = self._get_number_format()
        return number_format.render(0, self.date) if number_format else super()._get_starting_sequence()

    def _get_last_sequence_domain(self, relaxed=False):
        """Do not count the numbers that were typed on drafts: they are taken when the draft is finalized."""
        where, params = super()._get_last_sequence_domain(relaxed)
        return (f"{where} AND (state = 'posted' OR posted_before)" if self.billing_managed else where), params

    def _get_next_sequence_format(self):
        """Continue the series of the format, also where another format was used meanwhile."""
        number_format = self._get_number_format()
        if not number_format:
            return super()._get_next_sequence_format()
        prefix = number_format.prefix_on(self.date)
        last = self.journal_id._get_last_counter(prefix, is_refund=self.move_type == "out_refund")
        return self._get_sequence_format_param(number_format.render(last, self.date))

    def _get_sequence_format_param(self, previous):
        reading = self._read_number(previous)
        if not reading:
            return super()._get_sequence_format_param(previous)
        values = {
            "prefix1": reading.prefix,
            "seq": int(reading.counter),
            "seq_length": len(reading.counter),
            "suffix": reading.suffix,
            "year": reading.year,
            "month": reading.month,
            "year_end": 0,
        }
        return "{prefix1}{seq:0{seq_length}d}{suffix}", values

    @api.model
    def _deduce_sequence_number_reset(self, name):
        if name and self._read_number(name):
            return self._get_number_format().reset
        return super()._deduce_sequence_number_reset(name)

    # === GETTERS === #

    def _get_number_format(self):
        """Return the number format that holds for the document, nothing where core's own rules do.

        :rtype: NumberFormat or None
        """
        text = len(self) == 1 and self.billing_managed and self.journal_id.billing_number_format
        if not text:
            return None
        return self.journal_id._get_number_format(text, is_refund=self.move_type == "out_refund")

    def _read_number(self, number):
        number_format = self._get_number_format()
        return number_format and number_format.decode(number)

    def _get_series(self):
        """Return what stands before the counter in the number that the document is about to get.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        text, values = self._get_next_sequence_format()
        number = text.format(**values)
        counter = re.match(self._make_regex_non_capturing(self._sequence_fixed_regex.replace("?P<seq>", "")), number)
        return number[: counter.start(1)]

    def _is_first_of_series(self):
        self.ensure_one()
        number_format = self._get_number_format()
        if not number_format:
            return not self._get_last_sequence()
        prefix = number_format.prefix_on(self.date)
        return not self.journal_id._get_last_counter(prefix, is_refund=self.move_type == "out_refund")

    def _find_later_number(self):
        """Return the last invoice of the series, if it is dated after this one. Credit notes go with their invoice.

        Note: `self.ensure_one()`

        :rtype: recordset of `account.move`
        """
        self.ensure_one()
        moves_sudo = self.browse().sudo()
        # What is dated today cannot come late.
        is_late = self.invoice_date and self.invoice_date < self.company_id._get_billing_today()
        if self.move_type != "out_invoice" or not is_late:
            return moves_sudo
        domain = [
            ("journal_id", "=", self.journal_id.id),
            ("sequence_prefix", "=", self._get_series()),
            ("state", "=", "posted"),
            ("move_type", "=", self.move_type),
            ("invoice_date", ">", self.invoice_date),
        ]
        # In sudo mode because the numbers of all companies that share the journal count.
        return moves_sudo.search(domain, order="sequence_number desc", limit=1)

    def _is_backdating_allowed(self):
        """Tell whether a draft may get a number although a later date has one already.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.company_id.billing_backdating or self.billing_is_imported

    def _get_alerts(self):
        alerts = super()._get_alerts()
        later = self.billing_managed and self.state == "draft" and self._find_later_number()
        if later and self._is_backdating_allowed():
            alerts["billing_backdated"] = {
                "level": "warning",
                "message": self.env._(
                    "%(number)s is dated %(date)s: the numbers will not follow the dates.",
                    number=later.name,
                    date=format_date(self.env, later.invoice_date),
                ),
            }
        return alerts
