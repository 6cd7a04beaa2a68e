from odoo import models
from odoo.tools import email_normalize, plaintext2html

from ..logic import send_outcome


class ServiceDelivery(models.Model):
    """What is reported about a mail after the mail server took it."""

    _inherit = "service.delivery"

    # === BUSINESS METHODS - REPORTS === #

    def _apply_report(self, report):
        """Note what a delivery status notification says about the mails. A second report of the same changes nothing.

        :param dict report: As `mail.thread._read_delivery_report` returns it.
        """
        outcome = send_outcome.judge_report(report["action"], report["status"])
        for delivery in self:
            if outcome == send_outcome.DELIVERED:
                delivery._note_delivered()
            elif outcome == send_outcome.REFUSED:
                delivery._note_bounce(report["reason"])
            elif outcome == send_outcome.LATER and delivery.state == "sent":
                delivery._note_delay(report["reason"])

    def _note_delivered(self):
        self._set_state("delivered")._enqueue_log("delivered")

    def _note_bounce(self, reason):
        """The address is dead: no further mail goes there, and whoever is responsible gets a to-do.

        :param str reason: What the mail server said.
        """
        if not self._set_state("bounced", reason=reason, is_bounced=True, retry_at=False):
            return
        self._enqueue_log("bounced")
        email = email_normalize(self.email)
        contact = self.partner_id if email in self.partner_id._get_billing_emails() else self.partner_id.browse()
        (contact or self.move_id.partner_id)._mark_bounced(email)
        self._schedule_to_do(reason)

    def _schedule_to_do(self, reason):
        """Ask whoever is responsible for the document to send it to somebody else."""
        move, responsible = self.move_id, self.move_id.invoice_user_id or self.create_uid
        env = self.with_context(lang=responsible.lang).env
        proposed = move._get_next_contact()
        note = env._("%(email)s does not take mails: %(reason)s", email=self.email, reason=reason)
        proposal = (
            env._("Next contact: %(contact)s.", contact=proposed.email_formatted)
            if proposed
            else env._("The customer has no other contact with an address: print the document, or call.")
        )
        move.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=env._("Send %(document)s to another address", document=move.name),
            note=plaintext2html(f"{note}\n{proposal}"),
            user_id=responsible.id,
        )
