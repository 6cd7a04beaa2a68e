from odoo import models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    # === GETTERS === #

    def _default_inbound_payment_methods(self):
        """Let a new bank journal take cheques too."""
        methods = super()._default_inbound_payment_methods()
        if self.type == "bank":
            methods |= self.env.ref("service_billing.payment_method_cheque", raise_if_not_found=False) or methods
        return methods
