from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..settings.row_lock import touch_rows


class AccountMove(models.Model):
    """Many drafts at once: finalized in the background, each on its own."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def action_billing_finalize_many(self):
        """Ask for confirmation, with count and total, before many drafts are finalized.

        :rtype: dict
        :raise UserError: If none of the documents is a draft that waits for it.
        """
        self.check_access("write")
        if not self._get_finalizable():
            raise UserError(self.env._("None of these is a draft that still waits to be finalized."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Finalize Drafts"),
            "res_model": "service.finalize",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_ids": [Command.set(self.ids)]},
        }

    # === BUSINESS METHODS - FINALIZE === #

    def _finalize_in_background(self):
        """Let jobs finalize the drafts, each in its own transaction. What cannot be finalized stays a draft, with the
        reason on its line of the batch. Documents that are finalized, cancelled or queued already are left out.

        :return: The batches, one for each company; empty when there is nothing to do.
        :rtype: recordset of `service.finalize.batch`
        """
        self.check_access("write")
        touch_rows(self)
        drafts = self._get_finalizable()
        # In sudo mode because nobody writes the batches by hand.
        batches_sudo = (
            self.env["service.finalize.batch"]
            .sudo()
            .create(
                [
                    {"company_id": company.id, "line_ids": [Command.create({"move_id": move.id}) for move in moves]}
                    for company, moves in drafts.grouped("company_id").items()
                ]
            )
        )
        batches = batches_sudo.sudo(self.env.su)
        for batch in batches:
            batch.action_run()
        return batches

    # === GETTERS === #

    def _get_records_action(self, **kwargs):
        """Open many documents in the list that can finalize them, wherever they come from."""
        views = {}
        if len(self) > 1 and all(move.billing_managed for move in self):
            views = {
                "views": [(self.env.ref("service_billing.account_move_view_list").id, "list"), (False, "form")],
                "search_view_id": [self.env.ref("service_billing.account_move_view_search").id, "search"],
            }
        return super()._get_records_action(**{**views, **kwargs})

    def _get_finalizable(self):
        """Return the drafts that do not wait in a batch already, in their order of date.

        :rtype: recordset of `account.move`
        """
        drafts = self.filtered(lambda move: move.state == "draft" and move.billing_managed)
        return (drafts - drafts._get_queued()).sorted(lambda move: (not move.invoice_date, move.invoice_date, move.id))

    def _get_queued(self):
        """Return the documents that wait in a batch to be finalized.

        :rtype: recordset of `account.move`
        """
        # In sudo mode because the lines of other users count too.
        lines_sudo = self.env["service.finalize.line"].sudo()
        waiting_sudo = lines_sudo.search([("move_id", "in", self.ids), ("state", "=", "waiting")])
        return self & waiting_sudo.move_id.sudo(self.env.su)
