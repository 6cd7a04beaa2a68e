from odoo.addons.payment import reset_payment_provider

from .models.audit.append_only import drop_append_only
from .models.pay.payment_provider import STRIPE


def post_init_hook(env):
    """Give every company what a first order needs: the service that time is billed as."""
    labor = env.ref("service_billing.product_labor")
    env["res.company"].search([("service_labor_product_id", "=", False)]).service_labor_product_id = labor


def uninstall_hook(env):
    """Let go of the tables that nobody may change, so that they can be dropped, and of the payment provider."""
    drop_append_only(env.cr)
    reset_payment_provider(env, STRIPE)
