from odoo import models


class AccountAutomaticEntryWizard(models.TransientModel):
    _inherit = "account.automatic.entry.wizard"

    # === ACTION METHODS === #

    def do_action(self):
        """Keep what a customer owes on its invoice: moved to another account, it would look paid.

        :raise UserError: If somebody moves it.
        """
        debts = self.move_line_ids.filtered(lambda line: line.display_type == "payment_term")
        locked = debts.move_id.filtered(lambda move: move._is_locked())[:1]
        if self.action == "change_account" and locked:
            locked._refuse(
                self.env._(
                    "%(number)s is still to be paid: register the payment, or mark it uncollectible.",
                    number=locked.name,
                )
            )
        return super().do_action()
