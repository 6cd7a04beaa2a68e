from odoo import models

from ..settings.row_lock import wait_for_rows


class PaymentToken(models.Model):
    """Cards that autopay charges."""

    _inherit = "payment.token"

    # === BUSINESS METHODS - CARDS === #

    def _cancel_charges(self):
        """Override to drop what autopay announced, where the customer has no other card."""
        moves = super()._cancel_charges()
        # In sudo mode because nobody writes these rows by hand.
        items_sudo = self.env["service.autopay.item"].sudo()
        items_sudo = items_sudo.search(
            [("autopay_id.partner_id", "in", self.partner_id.ids), ("state", "=", "announced")]
        )
        wait_for_rows(items_sudo)
        lost_sudo = items_sudo.filtered(lambda item: item._is_planned() and not item._get_cards() - self)
        lost_sudo._drop_without_card()
        return moves | lost_sudo.move_id.sudo(self.env.su)
