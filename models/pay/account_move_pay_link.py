import secrets

from odoo import api, fields, models
from odoo.tools import consteq

from ..settings.row_lock import wait_for_rows
from ..settings.service_batch import CHANNEL


class AccountMove(models.Model):
    """The link to the page of one document: all that whoever has it may see is that document, and to pay it.

    It is not core's portal token, which opens more: the history, the customer's other data, saved cards.
    """

    _inherit = "account.move"

    billing_pay_token = fields.Char(copy=False, readonly=True, groups="base.group_system")

    # === ACTION METHODS === #

    def action_billing_revoke_link(self):
        """Make the links to the documents worthless; the next mail or share makes a new one.

        :return: A notice where there was none, else nothing.
        :rtype: dict or None
        """
        self.check_access("write")
        wait_for_rows(self)
        # In sudo mode because nobody reads or writes links by hand.
        linked_sudo = self.sudo().filtered(lambda move: move.billing_pay_token or move.access_token)
        if not linked_sudo:
            return self._get_notice(self.env._("There is no link to revoke."))
        linked_sudo.write({"billing_pay_token": False, "access_token": False})
        linked_sudo.sudo(self.env.su)._log_event("link_revoked")
        return None

    # === BUSINESS METHODS - LINK === #

    def _ensure_pay_token(self):
        """Return the token of the document's link; the first caller makes it.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        # In sudo mode because nobody reads or writes links by hand.
        move_sudo = self.sudo()
        if not move_sudo.billing_pay_token:
            move_sudo.billing_pay_token = secrets.token_urlsafe(24)
        return move_sudo.billing_pay_token

    @api.model
    def _find_by_link(self, invoice_id, token):
        """Return the document to which a link leads.

        :param int invoice_id: The document that the link names.
        :param str token: What the link brings.
        :return: In sudo mode, in the language and company of the document; empty where the link is worth nothing.
        :rtype: recordset of `account.move`
        """
        # In sudo mode because the token is what lets the visitor in.
        move_sudo = self.sudo().browse(invoice_id).exists()
        expected = move_sudo.billing_pay_token or secrets.token_urlsafe(24)
        if not consteq(expected.encode(), token.encode()) or not move_sudo._is_shown_to_customer():
            return self.sudo().browse()
        return move_sudo._as_customer_reads()

    def _request_link(self):
        """Let a job mail a new link to whom the document is sent."""
        for move in self:
            move.with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.link.{move.id}",
                description=self.env._("Mail a new link"),
            )._job_send_link()

    def _job_send_link(self):
        """Queue a mail with a new link for the contact on file, whatever was typed on the page."""
        # In sudo mode because a visitor asked, who has no rights.
        move_sudo = self.sudo().exists()
        if not move_sudo or not move_sudo._is_shown_to_customer():
            return
        deliveries_sudo = move_sudo.env["service.delivery"]
        waiting = deliveries_sudo.search(
            [("move_id", "=", move_sudo.id), ("kind", "=", "link"), ("state", "=", "queued")]
        )
        deliveries_sudo.create(
            [
                {"move_id": move_sudo.id, "kind": "link", "partner_id": partner.id, "email": email}
                for partner, email in move_sudo._get_recipients()
                if email not in waiting.mapped("email")
            ]
        )._enqueue()

    # === GETTERS === #

    def _is_shown_to_customer(self):
        """Tell whether customers may see the document: finalized, and no mirror of a void one.

        Note: `self.ensure_one()`, in sudo mode.

        :rtype: bool
        """
        self.ensure_one()
        is_document = self.billing_managed and self.move_type in ("out_invoice", "out_refund")
        return is_document and self.state == "posted" and not self._is_mirror()

    def _as_customer_reads(self):
        """Return the document in its customer's language, and in its company.

        Note: `self.ensure_one()`
        """
        self.ensure_one()
        lang = self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang
        return self.with_company(self.company_id).with_context(lang=lang)

    def _get_pay_path(self):
        """Return the path of the document's page.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        return f"/service/pay/{self.id}/{self._ensure_pay_token()}"

    def _get_mail_link(self):
        """Override of `send` to lead to the page on which a document of ours is paid."""
        if not self.billing_managed:
            return super()._get_mail_link()
        # In sudo mode to read the recipient's token, which nobody else may see.
        delivery_sudo = self.env["service.delivery"].sudo().browse(self.env.context.get("billing_delivery_id"))
        query = f"?delivery={delivery_sudo.access_token}" if delivery_sudo else ""
        return f"{self.get_base_url()}{self._get_pay_path()}{query}"

    def _get_portal_payment_link(self):
        """Override of `account_payment` to lead to the page on which a document of ours is paid."""
        return self._get_mail_link() if self.billing_managed else super()._get_portal_payment_link()

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"billing_pay_token"}
