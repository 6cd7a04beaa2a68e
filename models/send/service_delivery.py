import hashlib
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.row_lock import wait_for_rows
from ..settings.service_batch import CHANNEL

STATES = [
    ("queued", "Waiting"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("opened", "Opened"),
    ("bounced", "Bounced"),
    ("failed", "Failed"),
]
# From which states a delivery may come into each state; there already, nothing happens.
SOURCES = {
    "queued": {"failed", "sent"},
    "sent": {"queued"},
    "delivered": {"sent"},
    "opened": {"sent", "delivered"},
    "bounced": {"queued", "sent", "delivered"},
    "failed": {"queued"},
}


class ServiceDelivery(models.Model):
    """A document on its way to one recipient: what was sent, exactly, and what became of it.

    Sent means that our mail server took the mail; delivered, that the recipient's reported it; opened, that the page
    was opened with the recipient's own link.
    """

    _name = "service.delivery"
    _inherit = ["service.kept.mixin"]
    _description = "Sending"
    _order = "id desc"
    _rec_name = "email"
    _check_company_auto = True

    move_id = fields.Many2one(
        "account.move", string="Document", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True, precompute=True, index=True)
    customer_id = fields.Many2one(related="move_id.commercial_partner_id", string="Customer")
    phone = fields.Char(related="move_id.commercial_partner_id.phone")
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount_residual = fields.Monetary(compute="_compute_amount_residual")
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", readonly=True, index="btree_not_null", ondelete="set null"
    )
    email = fields.Char(string="Address", readonly=True)
    method = fields.Selection(
        selection=[("email", "E-mail"), ("print", "Print or call")], default="email", required=True, readonly=True
    )
    kind = fields.Selection(
        selection=[("document", "Document"), ("notice", "Ready for payment"), ("copy", "Copy to the sender")],
        default="document",
        required=True,
        readonly=True,
    )

    # what became of it
    state = fields.Selection(selection=STATES, default="queued", required=True, readonly=True, index=True)
    reason = fields.Char(readonly=True)
    asked_at = fields.Datetime(string="Asked for at", default=fields.Datetime.now, required=True, readonly=True)
    sent_at = fields.Datetime(string="Sent at", readonly=True)
    opened_at = fields.Datetime(string="Opened at", readonly=True)
    retry_at = fields.Datetime(string="Tried Again at", readonly=True)
    failures = fields.Integer(readonly=True)
    is_bounced = fields.Boolean(string="Address Is Dead", readonly=True)

    # what was sent
    settings = fields.Json(readonly=True, help="What was chosen when it was asked for.")
    message = fields.Text(readonly=True, help="What the sender added.")
    subject = fields.Char(readonly=True)
    body = fields.Text(string="Mail as It Was Sent", readonly=True)
    body_preview = fields.Html(string="Mail", compute="_compute_body_preview")
    attachment_ids = fields.One2many(
        "ir.attachment", "res_id", domain=[("res_model", "=", "service.delivery")], readonly=True
    )
    checksums = fields.Json(readonly=True, help="SHA-256 of the mail and of each file, by name.")
    prepared_at = fields.Datetime(readonly=True)
    is_intact = fields.Boolean(compute="_compute_is_intact", help="What is kept is what was sent.")
    message_id = fields.Many2one("mail.message", index="btree_not_null", ondelete="set null", readonly=True)
    access_token = fields.Char(
        default=lambda self: secrets.token_urlsafe(24), readonly=True, groups="base.group_system"
    )

    _waiting_uniq = models.UniqueIndex(
        "(move_id, kind, email) WHERE state = 'queued' AND method = 'email'", "This mail is on its way already."
    )
    _print_uniq = models.UniqueIndex(
        "(move_id) WHERE state = 'queued' AND method = 'print'", "This document waits to be printed already."
    )
    _token_uniq = models.UniqueIndex("(access_token)")

    # === COMPUTE METHODS === #

    def _compute_amount_residual(self):
        # Without dependencies: every line that is written would have to look for deliveries.
        for delivery in self:
            delivery.amount_residual = delivery.move_id.amount_residual

    @api.depends("body")
    def _compute_body_preview(self):
        for delivery in self:
            delivery.body_preview = delivery.body

    @api.depends("checksums")
    def _compute_is_intact(self):
        for delivery in self:
            # A form asks for sizes where it shows files.
            attachments = delivery.attachment_ids.with_context(bin_size=False)
            files = [(attachment.name, attachment.raw) for attachment in attachments]
            mail = [("mail", (delivery.body or "").encode())]
            delivery.is_intact = {name: get_checksum(content) for name, content in mail + files} == delivery.checksums

    # === ACTION METHODS === #

    def action_retry(self):
        """Try again what failed.

        :raise UserError: If the address is dead.
        """
        self.check_access("read")
        self.move_id.check_access("write")
        wait_for_rows(self)
        if any(delivery.state == "bounced" for delivery in self):
            raise UserError(self.env._("Mails to this address come back: send the document to another one."))
        # In sudo mode because nobody writes deliveries by hand.
        failed_sudo = self.sudo().filtered(lambda delivery: delivery.state == "failed")
        failed_sudo._set_state("queued", failures=0, retry_at=False)
        failed_sudo._enqueue()

    # === BUSINESS METHODS - STATES === #

    def _set_state(self, state, *, reason=False, **values):
        """Bring the deliveries into a state; those that may not come into it from where they are stay as they are.

        :param str state: The state.
        :param str reason: Why.
        :param values: What is written with it.
        :return: The deliveries that changed.
        :rtype: recordset of `service.delivery`
        """
        changing = self.filtered(lambda delivery: delivery.state in SOURCES[state])
        changing.write({"state": state, "reason": reason, **values})
        return changing

    def _set_opened(self):
        """Remember that the page was opened with the recipient's own link."""
        self._set_state("opened", opened_at=fields.Datetime.now())

    # === BUSINESS METHODS - JOBS === #

    def _enqueue(self, eta=None):
        """Let a job send what waits, one for each document, once this transaction is committed."""
        for move, deliveries in self.grouped("move_id").items():
            move.with_delay(
                channel=CHANNEL,
                eta=eta,
                identity_key=f"{self._name}.{move.id}.{max(deliveries.ids)}.{max(deliveries.mapped('failures'))}",
                description=self.env._("Send %(document)s", document=move.display_name),
            )._job_send()

    # === GETTERS === #

    @api.model
    def _get_kept_fields(self):
        """Override of the mixin: all of them."""
        return set(self._fields)


def get_checksum(content):
    """Return the SHA-256 of what was sent.

    :param bytes content: A mail or a file.
    :rtype: str
    """
    return hashlib.sha256(content).hexdigest()
