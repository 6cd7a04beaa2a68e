from odoo import api, fields, models

from .payment_provider import STRIPE
from .stripe_gateway import LIVE_PREFIXES, TEST_PREFIXES


class ResConfigSettings(models.TransientModel):
    """The Stripe account of the company. The secret key goes in, and never comes out."""

    _inherit = "res.config.settings"

    billing_stripe_provider_id = fields.Many2one(
        "payment.provider", compute="_compute_billing_stripe_provider_id", groups="base.group_system"
    )
    billing_stripe_state = fields.Selection(
        related="billing_stripe_provider_id.state", string="Mode", readonly=False, groups="base.group_system"
    )
    billing_stripe_key = fields.Char(
        string="Secret Key",
        compute="_compute_billing_stripe_key",
        inverse="_inverse_billing_stripe_key",
        groups="base.group_system",
    )
    billing_stripe_key_hint = fields.Char(compute="_compute_billing_stripe_key", groups="base.group_system")
    billing_stripe_status = fields.Selection(
        related="billing_stripe_provider_id.billing_stripe_status", groups="base.group_system"
    )
    billing_stripe_error = fields.Char(
        related="billing_stripe_provider_id.billing_stripe_error", groups="base.group_system"
    )
    billing_stripe_account_name = fields.Char(
        related="billing_stripe_provider_id.billing_stripe_account_name", groups="base.group_system"
    )
    billing_stripe_account_currency = fields.Char(
        related="billing_stripe_provider_id.billing_stripe_account_currency", groups="base.group_system"
    )
    billing_stripe_webhook_since = fields.Datetime(
        related="billing_stripe_provider_id.billing_stripe_webhook_since", groups="base.group_system"
    )
    billing_stripe_journal_id = fields.Many2one(
        related="billing_stripe_provider_id.journal_id",
        string="Journal of Online Payments",
        readonly=False,
        groups="base.group_system",
    )
    billing_stripe_is_doubled = fields.Boolean(compute="_compute_billing_stripe_is_doubled", groups="base.group_system")
    billing_stripe_warnings = fields.Text(compute="_compute_billing_stripe_warnings", groups="base.group_system")

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_billing_stripe_provider_id(self):
        for settings in self:
            settings.billing_stripe_provider_id = settings.company_id._get_stripe_provider()

    @api.depends("billing_stripe_provider_id")
    def _compute_billing_stripe_key(self):
        for settings in self:
            key = settings.billing_stripe_provider_id.billing_stripe_key or ""
            prefix = next((prefix for prefix in TEST_PREFIXES + LIVE_PREFIXES if key.startswith(prefix)), "")
            settings.billing_stripe_key = False
            settings.billing_stripe_key_hint = key and f"{prefix}…{key[-4:]}"

    def _inverse_billing_stripe_key(self):
        for settings in self.filtered("billing_stripe_key"):
            provider = settings.billing_stripe_provider_id
            if provider:
                provider.billing_stripe_key = settings.billing_stripe_key.strip()

    @api.depends("company_id")
    def _compute_billing_stripe_is_doubled(self):
        core = self.env["payment.provider"].search([("code", "=", "stripe"), ("state", "!=", "disabled")])
        for settings in self:
            settings.billing_stripe_is_doubled = settings.company_id in core.company_id

    @api.depends("billing_stripe_provider_id")
    def _compute_billing_stripe_warnings(self):
        for settings in self:
            provider = settings.billing_stripe_provider_id
            settings.billing_stripe_warnings = provider and "\n".join(provider._get_stripe_warnings())

    # === ACTION METHODS === #

    def action_billing_stripe_set_up(self):
        """Give a Stripe account to each company that has none.

        :return: The settings again.
        :rtype: dict
        """
        self.env["payment.provider"].check_access("create")
        self.env["payment.provider"]._setup_provider(STRIPE)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_billing_stripe_test(self):
        """Ask Stripe whose the key is.

        :return: A notice.
        :rtype: dict
        """
        self.ensure_one()
        return self.billing_stripe_provider_id.sudo(False).action_billing_stripe_test()

    def action_billing_stripe_webhook(self):
        """Have Stripe tell us what happens.

        :return: A notice.
        :rtype: dict
        """
        self.ensure_one()
        return self.billing_stripe_provider_id.sudo(False).action_billing_stripe_webhook()
