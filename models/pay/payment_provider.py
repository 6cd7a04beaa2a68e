import logging
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .stripe_gateway import StripeGateway, StripeGatewayError, StripeKeyError, StripeLaterError, is_test_key

_logger = logging.getLogger(__name__)

STRIPE = "stripe_checkout"


class PaymentProvider(models.Model):
    """Stripe's hosted Checkout: the account, and whether it may take money now."""

    _inherit = "payment.provider"

    code = fields.Selection(selection_add=[(STRIPE, "Stripe Checkout")], ondelete={STRIPE: "set default"})

    # the account
    billing_stripe_key = fields.Char(string="Secret Key", copy=False, groups="base.group_system")
    billing_stripe_account_ref = fields.Char(string="Account ID", readonly=True, copy=False, groups="base.group_system")
    billing_stripe_account_name = fields.Char(string="Account", readonly=True, copy=False, groups="base.group_system")
    billing_stripe_account_currency = fields.Char(
        string="Account Currency", readonly=True, copy=False, groups="base.group_system"
    )
    billing_stripe_checked_at = fields.Datetime(
        string="Connection Tested", readonly=True, copy=False, groups="base.group_system"
    )
    billing_stripe_error = fields.Char(
        string="Key Refused", readonly=True, copy=False, groups="base.group_system", help="What Stripe says of the key."
    )

    # what Stripe tells us
    billing_stripe_webhook_secret = fields.Char(
        string="Webhook Secret", readonly=True, copy=False, groups="base.group_system"
    )
    billing_stripe_webhook_ref = fields.Char(string="Webhook", readonly=True, copy=False, groups="base.group_system")
    billing_stripe_webhook_since = fields.Datetime(
        string="Webhook Since", readonly=True, copy=False, groups="base.group_system"
    )

    # === CRUD METHODS === #

    def write(self, vals):
        """Forget what was known of the account when another key is entered: a webhook has a key's mode."""
        if "billing_stripe_key" not in vals:
            return super().write(vals)
        is_test = is_test_key(vals["billing_stripe_key"])
        others = self.filtered(lambda provider: is_test_key(provider.billing_stripe_key) != is_test)
        vals = {**vals, "billing_stripe_checked_at": False, "billing_stripe_error": False}
        if others:
            super(PaymentProvider, others).write({**vals, **self._prepare_no_webhook_values()})
        return super(PaymentProvider, self - others).write(vals)

    # === BUSINESS METHODS - STRIPE === #

    def _get_gateway(self):
        """Return the way to the provider's account at Stripe.

        Note: `self.ensure_one()`

        :rtype: StripeGateway
        :raise StripeKeyError: If the provider's key is missing, or would go to a server that must not have it.
        """
        self.ensure_one()
        # In sudo mode to use the key, which nobody reads.
        return StripeGateway(self.sudo().billing_stripe_key, on_refused=self._note_key_refused)

    def _note_key_refused(self, error):
        """Note that Stripe refuses the key: nothing is offered online until it is tested again.

        In a transaction of its own: a customer's click is undone by its error, and the key is refused all the same.

        Note: `self.ensure_one()`

        :param StripeKeyError error: What Stripe said.
        """
        self.ensure_one()
        query = SQL(
            "UPDATE payment_provider SET billing_stripe_error = %s WHERE id = %s AND billing_stripe_error IS NULL",
            *(str(error), self.id),
        )
        try:
            with self.env.registry.cursor() as cr:
                cr.execute("SET LOCAL lock_timeout = '1s'")
                cr.execute(query)
        except psycopg2.Error:
            _logger.warning("That Stripe refuses the key of account %s could not be noted.", self.id, exc_info=True)

    @contextmanager
    def _explaining_stripe(self):
        """Turn what goes wrong with Stripe inside into a sentence for the customer.

        :raise UserError: With it.
        """
        try:
            yield
        except StripeLaterError as error:
            raise UserError(self.env._("The payment page cannot be opened now: try again in a minute.")) from error
        except StripeKeyError as error:
            raise UserError(self.env._("Online payment is not available at the moment.")) from error
        except StripeGatewayError as error:
            # In Stripe's words: it knows what is wrong with the amount or the card.
            sentence = f"{str(error).rstrip('.')}."
            raise UserError(sentence) from error

    # === GETTERS === #

    def _is_mode_right(self):
        """Tell whether the key moves real money exactly where the provider is live.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return is_test_key(self.billing_stripe_key) == (self.state == "test")

    def _is_online(self):
        """Tell whether Stripe may take money now: without a webhook we would not hear of it.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return bool(
            self.code == STRIPE
            and self.state in ("enabled", "test")
            and self.billing_stripe_key
            and self.billing_stripe_webhook_secret
            and not self.billing_stripe_error
            and self._is_mode_right()
            and self.journal_id
        )

    @api.model
    def _get_compatible_providers(self, *args, report=None, **kwargs):
        """Override of `payment` to leave out a Stripe account that may not take money now."""
        providers = super()._get_compatible_providers(*args, report=report, **kwargs)
        return providers.filtered(lambda provider: provider.code != STRIPE or provider._is_online())

    def _get_default_payment_method_codes(self):
        """Override of `payment` to have cards active with the provider."""
        codes = super()._get_default_payment_method_codes()
        return {"card", "visa", "mastercard", "amex"} if self.code == STRIPE else codes

    def _get_reset_values(self):
        """Override of `payment` to forget the account."""
        values = super()._get_reset_values()
        return {**values, **self._prepare_no_account_values()} if self.code == STRIPE else values

    @api.model
    def _prepare_no_webhook_values(self, **extra):
        return {
            "billing_stripe_webhook_secret": False,
            "billing_stripe_webhook_ref": False,
            "billing_stripe_webhook_since": False,
            "billing_stripe_webhook_error": False,
            **extra,
        }

    @api.model
    def _prepare_no_account_values(self, **extra):
        return {
            **self._prepare_no_webhook_values(),
            "billing_stripe_key": False,
            "billing_stripe_account_ref": False,
            "billing_stripe_account_name": False,
            "billing_stripe_account_currency": False,
            **extra,
        }

    @api.model
    def _get_stripe_domain(self, company):
        """Return the domain of the Stripe accounts of a company: its own, and those of the companies above it.

        :rtype: Domain
        """
        return Domain("code", "=", STRIPE) & Domain("company_id", "parent_of", company.id)
