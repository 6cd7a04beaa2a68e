from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.send.res_company import COLLECTIONS


class AccountMoveSendWizard(models.TransientModel):
    """Core's dialog, for our documents: the address, what goes with the mail, and the mail as it will be. A draft is
    finalized by it first."""

    _inherit = "account.move.send.wizard"

    billing_managed = fields.Boolean(related="move_id.billing_managed")
    billing_move_state = fields.Selection(related="move_id.state")
    billing_emails = fields.Char(
        string="Address", compute="_compute_billing_emails", store=True, readonly=False, help="Commas between several."
    )
    billing_save_email = fields.Boolean(string="Save on the Contact")
    billing_is_changed = fields.Boolean(compute="_compute_billing_is_changed")
    billing_hint = fields.Char(compute="_compute_billing_hint")
    billing_attach_pdf = fields.Boolean(
        string="Attach the PDF", default=lambda self: self.env.user._get_billing_choice("billing_attach_pdf")
    )
    billing_send_copy = fields.Boolean(
        string="Copy to Me", default=lambda self: self.env.user._get_billing_choice("billing_send_copy")
    )
    billing_has_message = fields.Boolean(
        string="Add a Message", default=lambda self: self.env.user._get_billing_choice("billing_has_message")
    )
    billing_message = fields.Text(string="Message")
    billing_collection = fields.Selection(
        selection=COLLECTIONS, string="Is Paid", compute="_compute_billing_collection", store=True, readonly=False
    )

    # === COMPUTE METHODS === #

    @api.depends("move_id")
    def _compute_billing_emails(self):
        for wizard in self:
            recipients = wizard.move_id._get_recipients() if wizard.billing_managed else []
            wizard.billing_emails = ", ".join(email for _partner, email in recipients)

    @api.depends("move_id", "billing_emails")
    def _compute_billing_is_changed(self):
        for wizard in self:
            typed = (wizard.billing_emails or "").strip().lower()
            known = wizard.move_id.partner_id._get_billing_emails() if wizard.move_id.partner_id else []
            wizard.billing_is_changed = bool(typed) and typed not in (", ".join(known), *known)

    @api.depends("move_id")
    def _compute_billing_hint(self):
        for wizard in self:
            move = wizard.move_id
            bounced = move.partner_id.billing_is_bounced and self.env._(
                "Mails to %(email)s come back.", email=move.partner_id.billing_bounced_email
            )
            refusal = move.billing_managed and move._get_sending_refusals().get(move)
            wizard.billing_hint = refusal or bounced

    @api.depends("move_id")
    def _compute_billing_collection(self):
        for wizard in self:
            move = wizard.move_id
            wizard.billing_collection = move.billing_collection or move.company_id.billing_collection

    def _compute_mail_attachments_widget(self):
        """Override of `account`: whether the PDF goes with the mail is asked on its own."""
        super()._compute_mail_attachments_widget()
        for wizard in self.filtered("billing_managed"):
            pdf = wizard.move_id._get_invoice_report_filename(report=wizard.pdf_report_id)
            wizard.mail_attachments_widget = [file for file in wizard.mail_attachments_widget if file["name"] != pdf]

    @api.depends("billing_has_message", "billing_message", "billing_collection")
    def _compute_body(self):
        """Override of `account` to show the mail as it will be, with what the sender adds."""
        super()._compute_body()
        for wizard in self.filtered(lambda wizard: wizard.billing_managed and wizard.template_id):
            mail = wizard.move_id._render_billing_mail(
                wizard.template_id,
                wizard.lang,
                billing_message=wizard._get_billing_message(),
                billing_collection=wizard.billing_collection,
            )
            wizard.body = mail["body"]

    # === ACTION METHODS === #

    def action_send_and_print(self, allow_fallback_pdf=False):
        """Override of `account` to queue our documents for sending, after finalizing a draft.

        :raise UserError: If the document was sent only just now, or the address cannot be used.
        """
        self.ensure_one()
        if not self.billing_managed:
            return super().action_send_and_print(allow_fallback_pdf=allow_fallback_pdf)
        move = self.move_id
        move.check_access("write")
        is_mailed = "email" in (self.sending_methods or [])
        recipients = move._read_recipients(self.billing_emails) if is_mailed else []
        options = self._prepare_billing_options() if is_mailed else {}
        if move.state == "draft":
            move.with_context(billing_no_auto_send=True).action_billing_finalize()
        if not is_mailed:
            return super().action_send_and_print(allow_fallback_pdf=allow_fallback_pdf)
        self._save_billing_choices(recipients)
        refusal = move._send_to_customer(recipients=recipients, **options).get(move)
        if refusal:
            raise UserError(refusal)
        return self._get_billing_notice(recipients)

    # === BUSINESS METHODS - SENDING === #

    def _save_billing_choices(self, recipients):
        """Remember what the user chose for the next time, and the address where that is wanted."""
        if self.billing_save_email and self.billing_is_changed:
            self.move_id.partner_id.email = ", ".join(email for _partner, email in recipients)
        if self.move_id.billing_collection != self.billing_collection:
            self.move_id.billing_collection = self.billing_collection
        # In sudo mode because the first choice makes the user's settings.
        settings_sudo = self.env["res.users.settings"].sudo()._find_or_create_for_user(self.env.user)
        settings_sudo.write(
            {name: self[name] for name in ("billing_attach_pdf", "billing_send_copy", "billing_has_message")}
        )

    def _prepare_billing_options(self):
        """Return what `_send_to_customer` takes; asked before a draft gets its number, which its subject will have.

        :rtype: dict
        """
        default_subject = self._get_default_mail_subject(self.move_id, self.template_id, self.lang)
        has_subject = self.subject and self.subject != default_subject
        return {
            **self.move_id._dump_send_settings(self._get_sending_settings()),
            **({"mail_subject": self.subject} if has_subject else {}),
            "attach_pdf": self.billing_attach_pdf,
            "copy_to": self.env.user.email_normalized if self.billing_send_copy else None,
            "message": self._get_billing_message(),
        }

    # === GETTERS === #

    @api.model
    def _get_move_constraints(self, move):
        """Override of `account`: a draft of ours is finalized before it is sent."""
        constraints = super()._get_move_constraints(move)
        if move.billing_managed and move.state == "draft":
            constraints.pop("not_posted", None)
        return constraints

    def _get_billing_message(self):
        return self.billing_message if self.billing_has_message else False

    def _get_billing_notice(self, recipients):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(document)s is on its way to %(email)s.",
                    document=self.move_id.name,
                    email=", ".join(email for _partner, email in recipients),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
