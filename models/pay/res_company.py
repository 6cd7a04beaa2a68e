from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    # === GETTERS === #

    def _get_stripe_provider(self):
        """Return the Stripe account that the company uses, connected or not; a branch may use that of its parent.

        Note: `self.ensure_one()`

        :return: In sudo mode; empty if there is none.
        :rtype: recordset of `payment.provider`
        """
        self.ensure_one()
        # In sudo mode because whoever pays may not read providers.
        providers_sudo = self.env["payment.provider"].sudo()
        found = providers_sudo.search(providers_sudo._get_stripe_domain(self))
        return found.sorted(lambda provider: len(provider.company_id.parent_ids), reverse=True)[:1]

    def _get_online_provider(self, currency):
        """Return the provider that may take money of a currency online now.

        Note: `self.ensure_one()`

        :param currency: The currency of the payment.
        :return: In sudo mode; empty if there is none, or something of it is not as it must be.
        :rtype: recordset of `payment.provider`
        """
        return self._get_stripe_provider().filtered(
            lambda provider: (
                provider._is_online()
                and (not provider.available_currency_ids or currency in provider.available_currency_ids)
            )
        )
