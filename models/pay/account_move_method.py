from odoo import models


class AccountMove(models.Model):
    """Ways of paying of the firm's own, as the customer is offered them."""

    _inherit = "account.move"

    # === GETTERS === #

    def _get_custom_payment_methods(self):
        """Return the firm's own ways of paying this invoice, in the language of the environment.

        Note: `self.ensure_one()`

        :return: `[{'name': 'PayPal', 'url': 'https://...', 'instructions': str}]`; link and instructions may be
            empty; nothing where there is nothing to pay.
        :rtype: list[dict]
        """
        self.ensure_one()
        amount = self._get_payable_amount()
        if self.move_type != "out_invoice" or self.state != "posted" or self.currency_id.is_zero(amount):
            return []
        # In sudo mode because a customer reads no settings; these are for customers.
        methods_sudo = self.env["service.payment.method"].sudo().search([("company_id", "=", self.company_id.id)])
        reference = self.payment_reference or self.name
        return [
            {
                "name": method.name,
                "url": method._get_url(amount=amount, reference=reference, currency=self.currency_id),
                "instructions": method.instructions or "",
            }
            for method in methods_sudo
        ]
