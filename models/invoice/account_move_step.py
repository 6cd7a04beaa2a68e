from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.row_lock import wait_for_rows


class AccountMove(models.Model):
    """The steps of a finalized document that change no money: sent, delivered; and what all steps share."""

    _inherit = "account.move"

    billing_sent_on = fields.Datetime(string="Sent", readonly=True, copy=False, tracking=True)
    billing_delivered_on = fields.Datetime(string="Delivered", readonly=True, copy=False, tracking=True)

    # === ACTION METHODS === #

    def action_billing_mark_sent(self):
        """Note that the customer got the documents in another way than by e-mail.

        :return: A notice where all of them were sent already, else nothing.
        :rtype: dict or None
        :raise UserError: If one is not finalized.
        """
        pending = self._lock_finalized().filtered(lambda move: not move.billing_sent_on)
        if not pending:
            return self._get_notice(self.env._("Marked as sent already."))
        pending._set_sent()
        pending._log_event("marked_sent")
        return None

    def action_billing_mark_delivered(self):
        """Note that the customer has the documents.

        :return: A notice where all of them were delivered already, else nothing.
        :rtype: dict or None
        :raise UserError: If one is not finalized.
        """
        pending = self._lock_finalized().filtered(lambda move: not move.billing_delivered_on)
        if not pending:
            return self._get_notice(self.env._("Marked as delivered already."))
        # In sudo mode to write the flag, which nobody may write by hand.
        pending.sudo().billing_delivered_on = fields.Datetime.now()
        pending._log_event("marked_delivered")
        return None

    def button_cancel(self):
        drafts = self.filtered(lambda move: move.billing_managed and move.state == "draft")
        if drafts:
            self.check_access("write")
            wait_for_rows(drafts)
        res = super().button_cancel()
        drafts._log_event("cancelled")
        return res

    # === BUSINESS METHODS - STEPS === #

    def _set_sent(self):
        """Note that the documents went to their customers just now."""
        # In sudo mode to write the flags, which nobody may write by hand.
        self.sudo().write({"billing_sent_on": fields.Datetime.now(), "is_move_sent": True})

    def _lock_finalized(self):
        """Lock the documents of ours that somebody takes a step with.

        :raise UserError: If one is not finalized, or void.
        """
        self.check_access("write")
        wait_for_rows(self)
        for move in self:
            if not move.billing_managed or move.state != "posted":
                raise UserError(self.env._("%(document)s is not finalized.", document=move.display_name))
            if move._is_void():
                raise UserError(self.env._("%(number)s is void.", number=move.name))
        return self

    @api.model
    def _check_reason(self, reasons, reason, text):
        """Make sure that a step has its reason.

        :param list reasons: The reasons there are, as a selection has them.
        :raise UserError: If it is none of them, or the explanation is empty.
        """
        if reason not in dict(reasons) or not (text or "").strip():
            raise UserError(self.env._("Choose the reason and explain it."))

    def _log_step(self, kind, entry, text="", reason=None):
        """Leave a trace of a step that posted an entry.

        Note: `self.ensure_one()`

        :param str kind: The kind of event.
        :param entry: The journal entry that the step posted.
        :param str text: The explanation.
        :param str reason: One of the reasons of the step.
        """
        self.ensure_one()
        self._message_log(body=Markup("%s: %s") % (entry._get_html_link(title=entry.ref), text or entry.name))
        self._log_event(kind, {"reason": reason, "text": text, "entry": entry.name})

    def _log_event(self, kind, details=None):
        self.env["service.billing.event"]._log(kind, self, details)

    # === GETTERS === #

    def _get_notice(self, message):
        """Return the action that says something and shows the document as it is now.

        :rtype: dict
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
