import ipaddress
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .payment_provider import STRIPE
from .stripe_gateway import LIVE_PREFIXES, TEST_PREFIXES, is_at_stripe

PUBLISHABLE = "pk_"
LOCAL_ENDINGS = (".localhost", ".local", ".lan", ".internal", ".test")
# How long it is worth telling that events were refused.
DAYS_TOLD = 7


class PaymentProvider(models.Model):
    """What an administrator may enter, and what is not as it should be with an account that is connected."""

    _inherit = "payment.provider"

    # === CONSTRAINT METHODS === #

    @api.constrains("code", "billing_stripe_key")
    def _check_stripe_key(self):
        for provider in self.filtered(lambda provider: provider.code == STRIPE and provider.billing_stripe_key):
            key = provider.billing_stripe_key
            if key.startswith(PUBLISHABLE):
                raise ValidationError(
                    self.env._("This is the publishable key: enter the secret key, which stands beside it.")
                )
            if not key.startswith(TEST_PREFIXES + LIVE_PREFIXES) or not key.isascii() or len(key.split()) != 1:
                raise ValidationError(
                    self.env._(
                        "This is no secret key of Stripe's: copy it whole, it begins with sk_test_, sk_live_, "
                        "rk_test_ or rk_live_."
                    )
                )

    @api.constrains("code", "state", "company_id")
    def _check_one_stripe_account(self):
        for provider in self.filtered(lambda provider: provider.code == STRIPE and provider.state != "disabled"):
            if provider._get_other_accounts():
                raise ValidationError(
                    self.env._(
                        "%(company)s has another Stripe account already: disable that one first.",
                        company=provider.company_id.name,
                    )
                )

    def _check_webhook_address(self):
        """Make sure that Stripe can reach this database.

        Note: `self.ensure_one()`

        :raise UserError: If it cannot.
        """
        self.ensure_one()
        base = self.get_base_url()
        if is_at_stripe() and not _is_public(base):
            raise UserError(
                self.env._(
                    "Stripe cannot reach this database at %(address)s: open it at its public address, which begins "
                    "with https://, or correct the system parameter web.base.url.",
                    address=base,
                )
            )

    # === GETTERS === #

    def _get_other_accounts(self):
        """Return the other Stripe accounts of the company that are switched on.

        Note: `self.ensure_one()`

        :rtype: recordset of `payment.provider`
        """
        self.ensure_one()
        return self.search(
            [
                ("code", "=", STRIPE),
                ("state", "!=", "disabled"),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
            ]
        )

    def _get_stripe_warnings(self):
        """Return what is not as it should be with the account, a sentence each.

        Note: `self.ensure_one()`

        :rtype: list[str]
        """
        self.ensure_one()
        if self._get_stripe_status() in ("no_key", "off"):
            return []
        warnings = (self._get_journal_warning(), self.billing_stripe_webhook_error, self._get_refused_warning())
        return [warning for warning in warnings if warning]

    def _get_journal_warning(self):
        if not self.journal_id:
            return self.env._("There is no bank journal for the payments: without one nothing is offered online.")
        if not self._get_clearing_account():
            return self.env._(
                "The journal %(journal)s has no outstanding account for Stripe: choose one below its incoming "
                "payments, or payments and payouts are not booked.",
                journal=self.journal_id.name,
            )
        return None

    def _get_refused_warning(self):
        since = fields.Date.today() - timedelta(days=DAYS_TOLD)
        if not self.billing_stripe_refused_on or self.billing_stripe_refused_on < since:
            return None
        return self.env._(
            "%(count)s events were refused on %(day)s, because Stripe did not sign them or they belong to the other "
            "mode. If that happens to all of them, create the webhook again.",
            count=self.billing_stripe_refused_count,
            day=fields.Date.to_string(self.billing_stripe_refused_on),
        )


def _is_public(address):
    """Tell whether Stripe can reach an address; it asks no name server.

    :rtype: bool
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "https":
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(LOCAL_ENDINGS)
