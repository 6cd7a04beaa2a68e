from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class AccountMove(models.Model):
    """The buttons that send."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def action_billing_save_draft(self):
        """Tell that the draft is saved, which the form did before it asked.

        :return: A notice.
        :rtype: dict
        """
        self.check_access("write")
        message = self.env._("Saved as a draft: the customer sees nothing of it yet.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message},
        }

    def action_billing_finalize_send(self):
        """Open the dialog that finalizes a draft and sends it.

        :rtype: dict
        :raise UserError: If the draft cannot be finalized; the sentence says why.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_finalizable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Finalize & Send"),
            "res_model": "account.move.send.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": "account.move", "active_ids": self.ids},
        }

    def action_billing_send_many(self):
        """Ask for confirmation, with count and total, before many documents are sent; drafts are finalized first.

        :rtype: dict
        :raise UserError: If none of the documents can be sent.
        """
        self.check_access("write")
        if not self._get_finalizable() and not self._get_sendable():
            raise UserError(self.env._("None of these is a document that can be sent."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Finalize & Send"),
            "res_model": "service.send",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_ids": [Command.set(self.ids)]},
        }

    def action_send_and_print(self):
        """Override of `account` to send many documents of ours with the dialog that counts them."""
        if len(self) > 1 and all(move.billing_managed for move in self):
            return self.action_billing_send_many()
        return super().action_send_and_print()

    def action_billing_share(self):
        """Show the document's link, its QR code, and ways to hand it to the customer.

        :rtype: dict
        :raise UserError: If the document is not finalized.
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "posted":
            raise UserError(self.env._("Finalize the document first: a draft has no link."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Share %(document)s", document=self.name),
            "res_model": "service.share",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id, "dialog_size": "medium"},
        }

    def action_billing_retry_sending(self):
        """Try again what could not be sent."""
        self.check_access("write")
        self.billing_delivery_ids.filtered(lambda delivery: delivery.state == "failed").action_retry()

    # === GETTERS === #

    def _get_sendable(self):
        """Return the finalized documents of ours.

        :rtype: recordset of `account.move`
        """
        return self.filtered(lambda move: move.billing_managed and move.state == "posted")
