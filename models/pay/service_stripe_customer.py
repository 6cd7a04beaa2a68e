import json
from hashlib import sha256

from odoo import api, fields, models
from odoo.tools import SQL

from .payment_provider import STRIPE
from .stripe_gateway import is_test_key


class ServiceStripeCustomer(models.Model):
    """Who a customer is at Stripe: one for each account, and others in test mode than in earnest."""

    _name = "service.stripe.customer"
    _description = "Stripe Customer"
    _rec_name = "customer_ref"

    provider_id = fields.Many2one("payment.provider", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade", index=True)
    is_test = fields.Boolean(readonly=True)
    customer_ref = fields.Char(string="Customer ID", required=True, readonly=True, index=True)

    _partner_uniq = models.UniqueIndex("(provider_id, partner_id, is_test)")

    # === BUSINESS METHODS - CUSTOMERS === #

    @api.model
    def _get_ref(self, provider, partner):
        """Return who a customer is at Stripe; the first caller makes it.

        :param provider: The account, in sudo mode.
        :param partner: The customer; the company counts, and not who of it pays.
        :rtype: str
        :raise StripeGatewayError: If Stripe does not make it.
        """
        partner = partner.commercial_partner_id
        is_test = is_test_key(provider.billing_stripe_key)
        values = {"provider_id": provider.id, "partner_id": partner.id, "is_test": is_test}
        # In sudo mode because nobody writes these by hand.
        customers_sudo = self.sudo()
        known = customers_sudo.search([(name, "=", value) for name, value in values.items()])
        if known:
            return known.customer_ref
        asked = self._prepare_customer(partner)
        digest = sha256(json.dumps([provider.id, asked], sort_keys=True).encode()).hexdigest()
        ref = provider._get_gateway().create("customers", asked, key=f"{STRIPE}.customer.{digest}")["id"]
        # Who comes second at the same moment runs again, and finds the first one.
        self.env.execute_query(
            SQL(
                """
                INSERT INTO service_stripe_customer (provider_id, company_id, partner_id, is_test, customer_ref)
                VALUES (%s, %s, %s, %s, %s)
                ON CONFLICT DO NOTHING
                RETURNING id
                """,
                *(provider.id, provider.company_id.id, partner.id, is_test, ref),
            )
        )
        return ref

    # === GETTERS === #

    @api.model
    def _prepare_customer(self, partner, **extra):
        """Return what Stripe knows of a customer.

        :rtype: dict
        """
        database = self.env["payment.transaction"]._get_stripe_database()
        email = {"email": partner.email_normalized} if partner.email_normalized else {}
        metadata = {"odoo_db": database, "odoo_partner": str(partner.id)}
        return {"name": partner.name or "", "metadata": metadata, **email, **extra}
