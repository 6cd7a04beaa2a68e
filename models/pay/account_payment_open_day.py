from odoo import api, fields, models
from odoo.tools import format_date


class AccountPayment(models.Model):
    """Money received in a period that is locked by now: in the books on the first open day, with both dates."""

    _inherit = "account.payment"

    billing_received_on = fields.Date(
        string="Received On",
        readonly=True,
        copy=False,
        help="The day on which the money came. The books were closed on it, so that it is recorded on a later one.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create([{**vals, **self._prepare_open_day_values(vals)} for vals in vals_list])
        for payment in payments.filtered("billing_received_on"):
            payment._note_open_day(payment)
        return payments

    # === BUSINESS METHODS - OPEN DAY === #

    def _note_open_day(self, document):
        """Say on a document that the payment is recorded on another day than it was received.

        Note: `self.ensure_one()`

        :param document: The payment itself, or an invoice that it pays.
        """
        self.ensure_one()
        document.message_post(
            body=self.env._(
                "Received on %(received)s: the books are closed on that date, so that it is recorded on %(recorded)s.",
                received=format_date(self.env, self.billing_received_on),
                recorded=format_date(self.env, self.date),
            )
        )

    # === GETTERS === #

    def _prepare_open_day_values(self, vals, **extra):
        """Prepare the dates of a customer's payment of a locked period.

        :param dict vals: What the payment is made of.
        :return: Nothing where the books are open on its date.
        :rtype: dict
        """
        journal = self.env["account.journal"].browse(vals.get("journal_id"))
        company = journal.company_id or self.env.company
        day = fields.Date.to_date(vals.get("date"))
        if not day or vals.get("partner_type", "customer") != "customer" or not company.billing_enabled:
            return {}
        open_day = self._get_first_open_day(company, journal, day)
        return {"date": open_day, "billing_received_on": day, **extra} if open_day else {}

    @api.model
    def _get_first_open_day(self, company, journal, day):
        """Return the first day on which payments can be recorded, if the books are closed on a day.

        :param company: The company whose books are asked.
        :param journal: The journal of the payments.
        :param date day: The day.
        :return: The day after the latest violated lock date; nothing if the books are open on the day.
        :rtype: date or None
        """
        violated = company._get_violated_lock_dates(day, False, journal)
        return fields.Date.add(violated[-1][0], days=1) if violated else None
