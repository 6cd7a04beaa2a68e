from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.queue_job.exception import RetryableJobError

from ..logic.card_decline import next_try
from ..settings.row_lock import wait_for_rows
from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY

MAILS = {
    "needs_customer": "service_billing.mail_template_card_confirm",
    "failed": "service_billing.mail_template_card_declined",
}


class ServiceChargeAttempt(models.Model):
    """What follows when a card was not charged: another try where time heals it, else the customer or the office."""

    _inherit = "service.charge.attempt"

    next_try_at = fields.Datetime(
        string="Next Try",
        readonly=True,
        copy=False,
        help="The card is charged again then, if it is due still.",
    )
    failure_count = fields.Integer(string="Failures", readonly=True, aggregator=None)
    retry_of_id = fields.Many2one("service.charge.attempt", readonly=True, ondelete="restrict")

    _retry_uniq = models.UniqueIndex("(retry_of_id) WHERE retry_of_id IS NOT NULL")

    # === ACTION METHODS === #

    def action_stop(self):
        """Do not charge the card again.

        :raise AccessError: If the user may not write the invoice.
        """
        self.check_access("read")
        self.move_id.check_access("write")
        wait_for_rows(self)
        # In sudo mode because nobody writes attempts by hand.
        self.sudo().next_try_at = False

    # === BUSINESS METHODS - FAILURES === #

    def _set_state(self, state, **values):
        """Override to let something follow a failure."""
        was = self.state
        super()._set_state(state, **values)
        if state != was and state in MAILS:
            self._note_failure()
        elif state == "succeeded":
            self.next_try_at = False

    def _note_failure(self):
        """Plan the next try, or tell the customer and the office that somebody has to do something.

        Note: `self.ensure_one()`
        """
        self.ensure_one()
        self.failure_count += 1
        # What Stripe refuses without asking the bank does not heal.
        is_declined = self.transaction_id.state == "error" or self.state == "needs_customer"
        moment = next_try(self.code, self.failure_count, fields.Datetime.now()) if is_declined else None
        if moment:
            self.next_try_at = moment
            self._enqueue_retry(eta=moment)
            return
        if is_declined:
            self._mail_customer()
        self._leave_todo()

    def _mail_customer(self):
        """Ask the customer to confirm the payment, or for another card, in the customer's language."""
        recipients = self.move_id._get_recipients()
        if recipients:
            emails = ", ".join(email for _contact, email in recipients)
            self.env.ref(MAILS[self.state]).send_mail(self.id, email_values={"email_to": emails})

    def _leave_todo(self):
        user = self.move_id.invoice_user_id or self.company_id._get_job_responsible()
        self.move_id.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The card was not charged"),
            note=self._get_text(),
            user_id=user.id or SUPERUSER_ID,
        )

    # === BUSINESS METHODS - RETRIES === #

    def _enqueue_retry(self, eta=None):
        for attempt in self.with_user(SUPERUSER_ID):
            attempt.with_company(attempt.company_id).with_delay(
                channel=CHANNEL,
                eta=eta,
                identity_key=f"{self._name}.retry.{attempt.id}.{'later' if eta else 'now'}",
                description=self.env._("%(invoice)s: charge the card again", invoice=attempt.move_id.name),
            )._job_retry()

    def _job_retry(self):
        """Charge a card again, the customer's default one if the first is gone, and no more than is left to pay.

        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If somebody else works on the invoice.
        """
        self.ensure_one()
        for records in (self.move_id, self):
            if not records.try_lock_for_update():
                raise RetryableJobError("Somebody works on it.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        self.invalidate_recordset()
        if not self.next_try_at:
            return self.env._("Done or stopped before.")
        self.next_try_at = False
        try:
            with self.env.cr.savepoint():
                started = self._retry()
        except UserError as error:
            self.move_id._message_log(body=self.env._("The card was not charged again: %(reason)s", reason=str(error)))
            return str(error)
        return self.env._("Charged again.") if started else self.env._("A card is being charged already.")

    def _retry(self):
        self.ensure_one()
        invoice = self.move_id
        if invoice.billing_has_dispute:
            raise UserError(self.env._("The customer disputes a payment of this invoice."))
        provider = invoice.company_id._get_online_provider(self.currency_id)
        cards = self.token_id._find_chargeable(provider, self.partner_id)
        return invoice._attempt_card(
            self.token_id if self.token_id in cards else cards[:1],
            min(self.amount, invoice.amount_residual),
            user_id=self.user_id.id,
            retry_of_id=self.id,
            failure_count=self.failure_count,
        )

    @api.model
    def _retry_declined(self, token):
        """Charge at once what the customer's last card was refused for, because there is a new card, or the bank sent
        one.

        :param token: The card that is charged now.
        """
        owner = Domain("partner_id", "=", token.partner_id.id) & Domain("company_id", "child_of", token.company_id.id)
        attempts = self.search(owner & Domain("move_id.billing_status", "in", ("open", "partially_paid")), order="id")
        last = {attempt.move_id: attempt for attempt in attempts}.values()
        for attempt in last:
            is_declined = attempt.state == "failed" and attempt.transaction_id.state == "error"
            if is_declined and not attempt.is_by_customer:
                attempt.write({"token_id": token.id, "next_try_at": fields.Datetime.now(), "failure_count": 0})
                attempt._enqueue_retry()

    @api.model
    def _stop_retries(self, tokens):
        """Do not charge cards again that are removed, and tell the office where a charge was planned.

        :param tokens: The cards.
        :return: The invoices for which they are not charged.
        :rtype: recordset of `account.move`
        """
        planned = self.search([("token_id", "in", tokens.ids), ("next_try_at", "!=", False)])
        planned.next_try_at = False
        for attempt in planned:
            attempt._leave_todo()
        return planned.move_id

    # === GETTERS === #

    def _get_text(self):
        """Override to say when the card is charged again."""
        text = super()._get_text()
        if not self.next_try_at:
            return text
        moment = self.company_id._get_billing_time(self.next_try_at)
        return self.env._("%(text)s It is charged again on %(moment)s.", text=text, moment=f"{moment:%Y-%m-%d %H:%M}")
