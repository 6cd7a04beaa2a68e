import math

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..logic.invoice_status import DUE
from ..logic.stripe_amount import chargeable_amount
from ..settings.row_lock import touch_rows
from .service_charge_attempt import UNDER_WAY


class AccountMove(models.Model):
    """Invoices for which a saved card is charged."""

    _inherit = "account.move"

    billing_attempt_ids = fields.One2many(
        comodel_name="service.charge.attempt",
        inverse_name="move_id",
        string="Card Charges",
        readonly=True,
        groups="service_billing.group_biller",
    )
    billing_can_charge_card = fields.Boolean(compute="_compute_billing_can_charge_card")
    billing_attempt_state = fields.Char(compute="_compute_billing_attempt")
    billing_attempt_text = fields.Char(string="Card", compute="_compute_billing_attempt")

    # === COMPUTE METHODS === #

    def _compute_billing_can_charge_card(self):
        can_charge = self.browse()
        candidates = self.filtered(lambda move: move._is_open_for_charge())
        for (company, currency), moves in candidates.grouped(lambda move: (move.company_id, move.currency_id)).items():
            provider = company._get_online_provider(currency)
            cards = self.env["payment.token"]._find_chargeable(provider, moves.commercial_partner_id)
            can_charge |= moves.filtered(lambda move, cards=cards: move.commercial_partner_id in cards.partner_id)
        for move in self:
            move.billing_can_charge_card = move in can_charge

    def _compute_billing_attempt(self):
        # In sudo mode because whoever sees the invoice may see that a card was charged for it.
        last = {attempt.move_id.id: attempt for attempt in self.sudo()._get_attempts().sorted("id")}
        for move in self:
            attempt = last.get(move._origin.id)
            is_told = attempt and (attempt.state in UNDER_WAY or move._is_open_for_charge())
            move.billing_attempt_state = attempt.state if is_told else False
            move.billing_attempt_text = attempt._get_text() if is_told else False

    # === BUSINESS METHODS - CARDS === #

    def _attempt_card(self, token, amount, **values):
        """Have a saved card charged by a job. What is asked is kept before Stripe hears of it.

        Note: `self.ensure_one()`

        :param token: The card; any card that is not this customer's is refused.
        :param float amount: In the invoice's currency.
        :param values: What else is kept of the attempt.
        :return: The attempt in sudo mode; empty where a card is being charged already.
        :rtype: recordset of `service.charge.attempt`
        :raise UserError: If the card or the amount cannot be charged.
        """
        self.ensure_one()
        touch_rows(self)
        # In sudo mode because nobody writes attempts by hand, and to prepare the payment.
        invoice_sudo = self.sudo()
        attempts_sudo = invoice_sudo.env["service.charge.attempt"]
        if invoice_sudo._get_attempts().filtered(lambda attempt: attempt.state in UNDER_WAY):
            return attempts_sudo
        invoice_sudo._check_card_charge(token, amount)
        invoice_sudo._expire_checkouts()
        attempt_sudo = attempts_sudo.create(
            {
                "move_id": self.id,
                "company_id": self.company_id.id,
                "partner_id": self.commercial_partner_id.id,
                "token_id": token.id,
                "card": token.display_name,
                "amount": amount,
                "currency_id": self.currency_id.id,
                "user_id": self.env.uid,
                **values,
            }
        )
        attempt_sudo._start()
        return attempt_sudo

    def _mail_card_gone(self):
        """Tell the customers that no card is charged for the invoices any more, and how to pay them."""
        template = self.env.ref("service_billing.mail_template_card_gone")
        for move in self:
            if recipients := move._get_recipients():
                emails = ", ".join(email for _contact, email in recipients)
                template.send_mail(move.id, email_values={"email_to": emails})

    def _check_card_charge(self, token, amount):
        """Make sure that a card can be charged for the invoice now.

        Note: `self.ensure_one()`

        :raise UserError: If not; the sentence says what to do.
        """
        self.ensure_one()
        if not self._is_open_for_charge():
            raise UserError(self.env._("%(number)s is not open for payment.", number=self.display_name))
        if self._is_payment_on_its_way():
            raise UserError(self.env._("A payment is being processed: please wait until it is there."))
        provider = self.company_id._get_online_provider(self.currency_id)
        if not token or token not in token._find_chargeable(provider, self.commercial_partner_id):
            raise UserError(self.env._("Choose a card that the customer saved and that can be charged now."))
        currency, due = self.currency_id, self.amount_residual
        is_amount = math.isfinite(amount) and currency.compare_amounts(amount, 0.0) > 0
        if (
            not is_amount
            or currency.compare_amounts(amount, due) > 0
            or currency.compare_amounts(amount, chargeable_amount(currency.round(amount), currency.name))
        ):
            most = chargeable_amount(due, currency.name)
            raise UserError(
                self.env._("Enter an amount up to %(amount)s.", amount=format_amount(self.env, most, currency))
            )

    # === GETTERS === #

    def _is_open_for_charge(self):
        """Tell whether a card may be charged for the document.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.move_type == "out_invoice" and self.billing_status in DUE and self.amount_residual > 0

    def _get_attempts(self):
        return self.env["service.charge.attempt"].search([("move_id", "in", self.ids)])

    def _get_amount_to_charge(self):
        """Return what is due of the invoice by now; what is left of it where nothing is due yet.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        due = self.billing_amount_due_now or self.amount_residual
        return chargeable_amount(min(due, self.amount_residual), self.currency_id.name)

    def _is_payment_on_its_way(self):
        """Override to count cards that are being charged."""
        # In sudo mode because the customer who wants to pay may not read attempts.
        attempts_sudo = self.sudo()._get_attempts()
        return super()._is_payment_on_its_way() or any(attempt.state in UNDER_WAY for attempt in attempts_sudo)
