from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import hash_sign, verify_hash_signed

from odoo.addons.queue_job.exception import RetryableJobError

from ..logic.stripe_amount import chargeable_amount
from ..settings.row_lock import wait_for_rows
from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY
from .service_charge_attempt import UNDER_WAY

SCOPE = "service_billing.autopay"
HOURS = 60 * 24
OPEN = ("new", "announced")
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
TOO_SMALL = "amount_too_small"


class ServiceAutopayItem(models.Model):
    """An instalment that autopay charges: announced once, and charged once."""

    _name = "service.autopay.item"
    _inherit = ["service.kept.mixin"]
    _description = "Autopay Charge"
    _order = "id desc"
    _rec_name = "move_id"

    autopay_id = fields.Many2one("service.autopay", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="autopay_id.company_id", store=True, index=True)
    # an instalment is a journal item: the key of `service.open.item`
    line_id = fields.Many2one(
        "account.move.line", string="Instalment", required=True, readonly=True, ondelete="cascade"
    )
    move_id = fields.Many2one("account.move", string="Invoice", compute="_compute_line")
    date_due = fields.Date(string="Due Date", compute="_compute_line")
    charge_on = fields.Date(string="Charged On", readonly=True, help="The due date, or later if the notice needs it.")
    announced_at = fields.Datetime(string="Notice Sent", readonly=True)
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("announced", "Announced"),
            ("charged", "Card asked"),
            ("skipped", "Skipped"),
            ("dropped", "Not charged"),
        ],
        default="new",
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    attempt_id = fields.Many2one("service.charge.attempt", string="Card Charge", readonly=True, ondelete="restrict")

    _line_uniq = models.UniqueIndex("(line_id)")

    # === COMPUTE METHODS === #

    # Without dependencies: every line that is written would look for its charge.
    def _compute_line(self):
        for item in self:
            item.move_id = item.line_id.move_id
            item.date_due = item.line_id.date_maturity

    # === ACTION METHODS === #

    def action_skip(self):
        """Leave the instalment to the customer: it is paid in another way.

        :raise AccessError: If the user may not write the consent.
        """
        self.autopay_id.check_access("write")
        wait_for_rows(self)
        # In sudo mode because nobody writes these rows by hand.
        self.sudo()._skip()

    def action_plan_again(self):
        """Announce a charge again that was given up, and make it after the days of the notice.

        :return: A notice where nothing was given up, else nothing.
        :rtype: dict or None
        :raise AccessError: If the user may not write the consent.
        :raise UserError: If it cannot be charged; the sentence says why.
        """
        self.autopay_id.check_access("write")
        wait_for_rows(self)
        # In sudo mode because nobody writes these rows by hand.
        dropped_sudo = self.sudo().filtered(lambda item: item.state == "dropped")
        if not dropped_sudo:
            return self.move_id._get_notice(self.env._("Planned already."))
        for item_sudo in dropped_sudo:
            if obstacle := item_sudo._get_plan_obstacle():
                raise UserError(obstacle)
        dropped_sudo.write({"state": "new", "reason": False, "announced_at": False, "charge_on": False})
        dropped_sudo._enqueue()
        return None

    # === BUSINESS METHODS - CHARGES === #

    def _skip(self):
        self.filtered(lambda item: item.state in OPEN).state = "skipped"

    def _choose(self, choice):
        """Do what the customer wants, who has the link.

        Note: `self.ensure_one()`, in sudo mode.

        :param str choice: `skip`, `pause` or `resume`; anything else changes nothing.
        """
        self.ensure_one()
        wait_for_rows(self)
        if choice == "skip":
            self._skip()
        elif choice in ("pause", "resume"):
            self.autopay_id._choose(choice)

    def _enqueue(self):
        """Let jobs announce what is new, and charge what is due."""
        for item in self.with_user(SUPERUSER_ID):
            item.with_company(item.company_id).with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.advance.{item.id}",
                description=self.env._("Autopay: %(invoice)s", invoice=item.move_id.name),
            )._job_advance()

    def _job_advance(self):
        """Announce the charge, or ask for the card once its day has come.

        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If somebody else works on it, or another card is charged for the invoice.
        """
        self.ensure_one()
        for records in (self.move_id, self):
            if not records.try_lock_for_update():
                raise RetryableJobError("Somebody works on it.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        self.invalidate_recordset()
        if self.state not in OPEN or self.autopay_id.state != "active":
            return self.env._("Nothing to do.")
        obstacle = self._get_obstacle()
        if obstacle:
            self._drop(obstacle)
        elif self.state == "new":
            self._announce()
        elif self.charge_on <= self.company_id._get_billing_today():
            self._charge()
        return self.reason or dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _announce(self):
        """Tell the customer what is charged, and when."""
        today = self.company_id._get_billing_today()
        earliest = fields.Date.add(today, days=self.company_id.billing_autopay_notice_days)
        self.write(
            {
                "state": "announced",
                "announced_at": fields.Datetime.now(),
                "charge_on": max(self.date_due, earliest),
            }
        )
        recipients = self.move_id._get_recipients()
        if recipients:
            emails = ", ".join(email for _contact, email in recipients)
            template = self.env.ref("service_billing.mail_template_autopay_notice")
            template.send_mail(self.id, email_values={"email_to": emails})

    def _charge(self):
        if any(attempt.state in UNDER_WAY for attempt in self.move_id._get_attempts()):
            raise RetryableJobError("A card is being charged.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        if not self._get_cards() and self._get_provider():
            self._drop_without_card()
            self.move_id._mail_card_gone()
            return
        try:
            with self.env.cr.savepoint():
                attempt = self.move_id._attempt_card(self._get_cards()[:1], self._get_amount(), user_id=False)
        except UserError as error:
            self._drop(str(error))
        else:
            self.write({"state": "charged", "attempt_id": attempt.id})

    def _drop(self, reason):
        """Charge nothing, and say why where the office looks for it."""
        self.write({"state": "dropped", "reason": reason})
        self.move_id._message_log(body=self.env._("Autopay charged nothing: %(reason)s", reason=reason))

    def _drop_without_card(self):
        """Charge nothing because the customer has no card any more, and have the office look at it."""
        for item in self:
            item._drop(self.env._("The customer has no card that can be charged."))
            item.move_id._schedule_to_do(
                self.env._("Autopay charged nothing"),
                self.env._("The card was removed or is not valid any more: ask for another one, or for a transfer."),
            )

    # === GETTERS === #

    def _get_obstacle(self):
        """Return why nothing is charged, or nothing. Later files add what they know of.

        Note: `self.ensure_one()`

        :rtype: str or None
        """
        self.ensure_one()
        if not self.move_id._is_open_for_charge():
            return self.env._("The invoice is not open for payment any more.")
        if self.line_id.reconciled:
            return self.env._("The instalment is paid.")
        if self.move_id.billing_has_dispute:
            return self.env._("The customer disputes a payment of this invoice.")
        last = self.move_id._get_attempts()[:1]
        if last.state == "needs_customer" and not last.is_by_customer:
            return self.env._("The customer has to confirm a payment first.")
        return None

    def _is_planned(self):
        """Tell whether the card is going to be charged.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.state == "announced" and self.autopay_id.state == "active"

    def _get_plan_obstacle(self):
        """Return why the charge cannot be planned again, or nothing.

        Note: `self.ensure_one()`

        :rtype: str or None
        """
        self.ensure_one()
        if self.autopay_id.state != "active":
            return self.env._("Autopay is not active: resume it first.")
        if not self._get_cards():
            return self.env._("The customer has no card that can be charged: ask for one first.")
        return self._get_obstacle()

    def _get_provider(self):
        return self.company_id._get_online_provider(self.move_id.currency_id)

    def _get_cards(self):
        """Return the cards that can be charged, the customer's default one first.

        Note: `self.ensure_one()`

        :rtype: recordset of `payment.token`
        """
        self.ensure_one()
        return self.env["payment.token"]._find_chargeable(self._get_provider(), self.autopay_id.partner_id)

    def _get_amount(self):
        """Return what is left of the instalment and of earlier ones that Stripe found too small, and never more than is
        left of the invoice. Once it is announced, nothing more comes on top.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        small = self.search(
            [
                ("line_id", "in", self.move_id.line_ids.ids),
                ("attempt_id.code", "=", TOO_SMALL),
                ("attempt_id.create_date", "<=", self.announced_at or fields.Datetime.now()),
            ]
        )
        left = sum((self | small).line_id.mapped("amount_residual_currency"))
        return chargeable_amount(min(left, self.move_id.amount_residual), self.move_id.currency_id.name)

    def _get_link(self):
        """Return the address of the page on which the customer skips the charge, or pauses autopay.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        signed = hash_sign(self.sudo().env, SCOPE, self.id, expiration_hours=HOURS)
        return f"{self.get_base_url()}/service/autopay/{signed}"

    def _find_by_link(self, signed):
        """Return the charge that a link is about.

        :param str signed: The end of its path.
        :return: In sudo mode; empty where the link is worth nothing.
        :rtype: recordset of `service.autopay.item`
        """
        # In sudo mode because the visitor is not logged in; what may be seen hangs on the signature.
        items_sudo = self.sudo()
        try:
            return items_sudo.browse(verify_hash_signed(items_sudo.env, SCOPE, signed)).exists()
        except ValueError:
            return items_sudo

    def _get_kept_fields(self):
        return set(self._fields)
