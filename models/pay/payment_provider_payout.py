from odoo import api, models

from ..settings.service_batch import CHANNEL


class PaymentProvider(models.Model):
    """Payouts that could not be booked are looked at again: a part may have come late."""

    _inherit = "payment.provider"

    # === CRON METHODS === #

    @api.model
    def _cron_sweep(self):
        """Look again at payouts with parts that were not known."""
        super()._cron_sweep()
        for payout in self.env["service.payout"].search([("state", "=", "check")]):
            payout.with_company(payout.company_id).with_delay(
                channel=CHANNEL,
                identity_key=f"{payout._name}.check.{payout.id}",
                description=self.env._("Stripe: payout %(ref)s", ref=payout.payout_ref),
            )._job_check()

    # === GETTERS === #

    def _get_clearing_account(self):
        """Return the account on which payments wait until Stripe pays them out.

        Note: `self.ensure_one()`

        :rtype: recordset of `account.account`
        """
        self.ensure_one()
        lines = self.journal_id.inbound_payment_method_line_ids
        return lines.filtered(lambda line: line.payment_provider_id == self).payment_account_id
