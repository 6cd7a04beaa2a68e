from calendar import monthrange
from datetime import date

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.queue_job.exception import RetryableJobError

from ..settings.row_lock import touch_rows, wait_for_rows
from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY
from .payment_provider import STRIPE
from .stripe_gateway import StripeGatewayError, StripeLaterError, is_test_key


class PaymentToken(models.Model):
    """A card that a customer saved at Stripe. Nothing of its number is here but the last four digits."""

    _inherit = "payment.token"

    # the card
    billing_is_test = fields.Boolean(string="Test Card", readonly=True, copy=False)
    billing_customer_ref = fields.Char(string="Stripe Customer", readonly=True, copy=False, groups="base.group_system")
    billing_fingerprint = fields.Char(readonly=True, copy=False, groups="base.group_system")
    billing_expires_on = fields.Date(string="Valid Until", readonly=True, copy=False)
    billing_is_default = fields.Boolean(string="Default", readonly=True, copy=False)

    # what the customer agreed to
    billing_consent_text = fields.Text(string="Consent", readonly=True, copy=False)
    billing_consent_at = fields.Datetime(string="Consent Given", readonly=True, copy=False)
    billing_consent_ip = fields.Char(string="Consent from IP Address", readonly=True, copy=False)

    _billing_card_uniq = models.UniqueIndex(
        "(provider_id, partner_id, billing_is_test, billing_fingerprint) "
        "WHERE active AND billing_fingerprint IS NOT NULL",
        "The customer saved this card already.",
    )
    _billing_default_uniq = models.UniqueIndex(
        "(provider_id, partner_id, billing_is_test) WHERE active AND billing_is_default"
    )

    # === CRUD METHODS === #

    def write(self, vals):
        """Keep removed cards removed: Stripe does not charge them any more."""
        if vals.get("active") and any(token._is_stripe() and not token.active for token in self):
            raise UserError(self.env._("A removed card cannot be brought back: the customer has to save it again."))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_billing_remove(self):
        """Remove cards, so that nobody can charge them again.

        :raise AccessError: If the user does not bill.
        """
        self._check_managed_by_user()
        # In sudo mode because only administrators write cards.
        self.sudo()._remove()

    def action_billing_set_default(self):
        """Charge this card where nobody chooses another one.

        :raise AccessError: If the user does not bill.
        """
        self.ensure_one()
        self._check_managed_by_user()
        # In sudo mode because only administrators write cards.
        self.sudo()._set_default()

    # === BUSINESS METHODS - CARDS === #

    @api.model
    def _save_card(self, values):
        """Keep a card that a customer saved; one that is there already is brought up to date.

        :param dict values: What the card is made of, as `payment.transaction` extracts it.
        :return: The card.
        :rtype: recordset of `payment.token`
        """
        owner = Domain("provider_id", "=", values["provider_id"]) & Domain("partner_id", "=", values["partner_id"])
        touch_rows(self.env["service.stripe.customer"].search(owner))
        own = self.search(owner & Domain("billing_is_test", "=", values["billing_is_test"]))
        known = own.filtered(lambda token: token.billing_fingerprint == values["billing_fingerprint"])
        if not known:
            is_first = not any(own.mapped("billing_is_default"))
            return self.create({**values, "billing_is_default": is_first})
        if known.provider_ref != values["provider_ref"]:
            known._enqueue_detach()
        known.write(values)
        return known

    def _set_default(self):
        """Make it the card that is charged first.

        Note: `self.ensure_one()`
        """
        self.ensure_one()
        others = self._get_siblings()
        wait_for_rows(others | self)
        others.filtered("billing_is_default").billing_is_default = False
        others.flush_recordset()
        self.billing_is_default = True

    def _remove(self):
        """Remove the cards; those that are removed already are left alone."""
        wait_for_rows(self)
        self.filtered("active").active = False

    def _handle_archiving(self):
        """Override of `payment` to have Stripe forget the cards, and to charge another one from now on."""
        super()._handle_archiving()
        self._cancel_charges()._mail_card_gone()
        for token in self.filtered(lambda token: token._is_stripe()):
            token._enqueue_detach()
            if token.billing_is_default:
                token.billing_is_default = False
                token.flush_recordset()
                (token._get_siblings() - self)[:1].billing_is_default = True

    def _cancel_charges(self):
        """Charge the cards for nothing any more that was planned, and tell the office. Later files add what they plan.

        :return: The invoices for which a card was to be charged.
        :rtype: recordset of `account.move`
        """
        return self.env["service.charge.attempt"]._stop_retries(self)

    def _enqueue_detach(self):
        for token in self.with_user(SUPERUSER_ID):
            token.with_delay(
                channel=CHANNEL,
                max_retries=0,
                identity_key=f"{self._name}.detach.{token.provider_ref}",
                description=self.env._("%(card)s: remove at Stripe", card=token.display_name),
            )._job_detach(token.provider_ref)

    def _job_detach(self, method_ref):
        """Have Stripe forget a card.

        :param str method_ref: What Stripe calls it.
        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If Stripe cannot be reached.
        """
        self.ensure_one()
        try:
            self.provider_id._get_gateway().act("payment_methods", "detach", method_ref)
        except StripeLaterError as error:
            raise RetryableJobError(str(error), seconds=SECONDS_TO_RETRY) from error
        except StripeGatewayError as error:
            return str(error)
        return self.env._("Done.")

    def _check_managed_by_user(self):
        """Make sure that the user sees the cards and bills.

        :raise AccessError: If not.
        """
        self.check_access("read")
        if not self.env.user.has_group("service_billing.group_biller"):
            raise AccessError(self.env._("Only those who bill may change the cards of customers."))

    # === GETTERS === #

    def _is_stripe(self):
        return self.provider_code == STRIPE

    def _get_available_tokens(self, providers_ids, partner_id, is_validation=False, **kwargs):
        """Override of `payment`: core's forms charge no saved card, and list those only that the user may see."""
        tokens = super()._get_available_tokens(providers_ids, partner_id, is_validation=is_validation, **kwargs)
        return tokens.filtered(
            lambda token: not token._is_stripe() or (is_validation and token.partner_id._are_cards_shown_to_user())
        )

    def _get_siblings(self):
        """Return the other cards of the same customer at the same account.

        Note: `self.ensure_one()`

        :rtype: recordset of `payment.token`
        """
        self.ensure_one()
        return self.search(
            [
                ("provider_id", "=", self.provider_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("billing_is_test", "=", self.billing_is_test),
                ("id", "!=", self.id),
            ]
        )

    @api.model
    def _find_chargeable(self, provider, partners):
        """Return the cards that can be charged, the default of each customer first.

        :param provider: The account that takes the money, in sudo mode; none where none may.
        :param partners: The customers.
        :return: In sudo mode.
        :rtype: recordset of `payment.token`
        """
        # In sudo mode to read which mode the account is in; what is found are this customer's cards.
        tokens_sudo = self.sudo()
        if not provider:
            return tokens_sudo
        return tokens_sudo.search(
            [
                ("provider_id", "=", provider.id),
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("billing_is_test", "=", is_test_key(provider.billing_stripe_key)),
                ("billing_expires_on", ">=", provider.company_id._get_billing_today()),
            ],
            order="billing_is_default desc, id desc",
        )

    @api.model
    def _prepare_card_values(self, card, **extra):
        """Return what is kept of a card as Stripe tells of it.

        :param dict card: Stripe's `card` of a payment method or a charge.
        :rtype: dict
        """
        methods = self.env["payment.method"].with_context(active_test=False)
        method = methods._get_from_code(card["brand"]) or self.env.ref("payment.payment_method_card")
        last_day = monthrange(card["exp_year"], card["exp_month"])[1]
        return {
            "payment_method_id": method.id,
            "payment_details": card["last4"],
            "billing_fingerprint": card["fingerprint"],
            "billing_expires_on": date(card["exp_year"], card["exp_month"], last_day),
            **extra,
        }

    @api.model
    def _get_consent_text(self, company, partner):
        """Return what a customer agrees to who saves a card, in the customer's language.

        :rtype: str
        """
        return self.with_context(lang=partner.lang or company.partner_id.lang).env._(
            "I allow %(company)s to keep this card, and to charge it for invoices that are due. I can remove the card "
            "at any time.",
            company=company.name,
        )

    def _build_display_name(self, *args, max_length=34, should_pad=True, **kwargs):
        """Override of `payment` to say whose card it is: Visa •••• 4242."""
        name = super()._build_display_name(*args, max_length=max_length, should_pad=should_pad, **kwargs)
        return f"{self.payment_method_id.name} {name}" if name and self._is_stripe() else name
