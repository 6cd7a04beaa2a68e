from odoo import models


class AccountMove(models.Model):
    """Invoices for which a card is charged by itself: the customer sees when."""

    _inherit = "account.move"

    # === GETTERS === #

    def _get_planned_charges(self):
        """Return on which day the customer's card is charged next for the invoices: by autopay, or once more after it
        was declined.

        :return: `{invoice: day}`, in the time zone of its company; without those for which nothing is planned.
        :rtype: dict
        """
        # In sudo mode because the customer reads neither attempts nor autopay.
        attempts_sudo = self.env["service.charge.attempt"].sudo()
        attempts_sudo = attempts_sudo.search([("move_id", "in", self.ids), ("next_try_at", "!=", False)])
        items_sudo = self.env["service.autopay.item"].sudo()
        items_sudo = items_sudo.search(
            [
                ("line_id.move_id", "in", self.ids),
                ("state", "=", "announced"),
                ("autopay_id.state", "=", "active"),
            ]
        )
        planned = [
            (attempt.move_id.id, attempt.company_id._get_billing_time(attempt.next_try_at).date())
            for attempt in attempts_sudo
        ]
        planned += [(item.move_id.id, item.charge_on) for item in items_sudo]
        first = dict(sorted(planned, reverse=True))
        return {move: first[move.id] for move in self if move.id in first}
