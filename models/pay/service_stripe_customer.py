import json
from hashlib import sha256

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..settings.row_lock import execute_racing, wait_for_rows
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
    is_gone = fields.Boolean(string="Deleted at Stripe", readonly=True, help="The next payment makes another one.")

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
        if known and not known.is_gone:
            return known.customer_ref
        asked = self._prepare_customer(partner)
        # Not the key of one that was deleted since: Stripe would answer with that.
        digest = sha256(json.dumps([provider.id, asked, known.customer_ref], sort_keys=True).encode()).hexdigest()
        ref = provider._get_gateway().create("customers", asked, key=f"{STRIPE}.customer.{digest}")["id"]
        # Who comes second at the same moment runs again, and finds the first one.
        execute_racing(
            self.env,
            SQL(
                """
                INSERT INTO service_stripe_customer (provider_id, company_id, partner_id, is_test, customer_ref)
                VALUES (%s, %s, %s, %s, %s)
                ON CONFLICT (provider_id, partner_id, is_test)
                DO UPDATE SET customer_ref = EXCLUDED.customer_ref, is_gone = FALSE
                RETURNING id
                """,
                *(provider.id, provider.company_id.id, partner.id, is_test, ref),
            ),
        )
        known.invalidate_recordset()
        return ref

    @api.model
    def _note_gone(self, provider, ref):
        """Note that a customer was deleted at Stripe: the cards are gone with it, and the next payment makes another
        one. A customer that is known to be gone, or never was ours, changes nothing.

        :param provider: The account.
        :param str ref: What Stripe called the customer.
        :return: Who it was, in sudo mode.
        :rtype: recordset of `service.stripe.customer`
        """
        # In sudo mode because nobody writes these by hand.
        customers_sudo = self.sudo()
        owner = Domain("provider_id", "=", provider.id)
        gone = customers_sudo.search(owner & Domain("customer_ref", "=", ref) & Domain("is_gone", "=", False))
        wait_for_rows(gone)
        gone.is_gone = True
        cards = customers_sudo.env["payment.token"].search(owner & Domain("billing_customer_ref", "=", ref))
        cards._remove()
        for partner in cards.partner_id:
            partner._message_log(
                body=self.env._(
                    "The customer was deleted at Stripe, and the saved cards with it: mail the link to save one again."
                )
            )
        return gone

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
