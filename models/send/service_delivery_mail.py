import smtplib

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import formataddr

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..logic import send_outcome
from .service_delivery import get_checksum

LAYOUT = "mail.mail_notification_light"


class ServiceDelivery(models.Model):
    """The mail of a delivery: written once, kept as it is, and handed to the mail server."""

    _inherit = "service.delivery"

    # === BUSINESS METHODS - WRITING === #

    def _prepare_mails(self, attachments):
        """Write the mails in the customer's language, and keep them with what is attached, byte by byte.

        :param list attachments: The name and the content of each file.
        """
        for delivery in self:
            mail = delivery._render_mail()
            files = [] if delivery._get_letter() else attachments
            kept = self.env["ir.attachment"].create(
                [
                    {"name": name, "raw": content, "res_model": self._name, "res_id": delivery.id}
                    for name, content in files
                ]
            )
            delivery.write(
                {
                    "subject": mail["subject"],
                    "body": mail["html"],
                    "message_id": delivery._create_message(mail, kept).id,
                    "checksums": {
                        name: get_checksum(content) for name, content in [("mail", mail["html"].encode()), *files]
                    },
                    "prepared_at": fields.Datetime.now(),
                }
            )

    def _render_mail(self):
        """Render the mail for its recipient, whose own link it has.

        Note: `self.ensure_one()`

        :return: `{'subject': str, 'body': Markup, 'html': str, 'email_from': str}`; the body without its frame, the
            HTML with it.
        :rtype: dict
        """
        self.ensure_one()
        move = self.move_id
        template = self._get_template()
        lang = self.env["account.move.send"]._get_default_mail_lang(move, template)
        context = {"billing_delivery_id": self.id, "billing_message": self.message}
        values = move._render_billing_mail(template, lang, **context)
        subject = (self.settings or {}).get("mail_subject")
        html = template.with_context(lang=lang)._render_encapsulate(
            LAYOUT,
            values["body"],
            add_context={"company": move.company_id, "model_description": move.with_context(lang=lang).type_name},
            context_record=move.with_context(lang=lang),
        )
        return {**values, "subject": subject or values["subject"], "html": str(html)}

    def _create_message(self, mail, attachments):
        """Put the mail into the document's history, where answers to it and bounces find it."""
        self.ensure_one()
        return self.env["mail.message"].create(
            {
                "model": "account.move",
                "res_id": self.move_id.id,
                "message_type": "email_outgoing",
                "subtype_id": self.env.ref("mail.mt_note").id,
                "subject": mail["subject"],
                "body": mail["body"],
                "email_from": mail["email_from"],
                "author_id": self.create_uid.partner_id.id,
                "attachment_ids": [Command.set(attachments.ids)],
            }
        )

    # === BUSINESS METHODS - HANDING OVER === #

    def _hand_over(self):
        """Hand the mails to the mail server, each on its own, and remember its answer."""
        for delivery in self:
            outcome, reason = delivery._submit()
            if not outcome:
                delivery._note_sent()
            elif outcome == send_outcome.REFUSED:
                delivery._note_bounce(reason)
            elif outcome == send_outcome.LATER:
                delivery._note_delay(reason)
            else:
                delivery._note_failure(reason)

    def _submit(self):
        """Hand the mail to the mail server.

        Note: `self.ensure_one()`

        :return: What became of it, nothing where the server took it; and what the server said.
        :rtype: tuple[str or None, str]
        """
        self.ensure_one()
        mail = self.env["mail.mail"].create(
            {
                "mail_message_id": self.message_id.id,
                "body_html": self.body,
                "email_to": formataddr((self.partner_id.name or "", self.email)),
                "auto_delete": True,
            }
        )
        try:
            mail.send(raise_exception=True)
        except (MailDeliveryException, smtplib.SMTPException, OSError, AssertionError) as error:
            mail.unlink()
            return _judge(error)
        return None, ""

    def _note_sent(self):
        self._set_state("sent", reason=False, sent_at=fields.Datetime.now(), retry_at=False)._enqueue_log("sent")
        if self.kind == "document":
            self.move_id._note_sent_to_customer(self)

    def _note_delay(self, reason):
        """Try again later; not for ever."""
        failures = self.failures + 1
        retry_at = send_outcome.get_retry_moment(self.asked_at, failures)
        if not retry_at:
            self._note_failure(reason)
            return
        self.write({"state": "queued", "reason": reason, "failures": failures, "retry_at": retry_at, "sent_at": False})
        self._enqueue(eta=retry_at)

    def _note_failure(self, reason):
        self._set_state("failed", reason=reason, retry_at=False)._enqueue_log("send_failed")

    # === GETTERS === #

    def _get_template(self):
        """Return the mail's template.

        Note: `self.ensure_one()`
        """
        self.ensure_one()
        name = self._get_letter()
        return self.env.ref(name) if name else self.move_id._get_mail_template()

    def _get_letter(self):
        """Return the template of a mail that brings no document. Later stages add theirs.

        Note: `self.ensure_one()`

        :return: Its external id; empty where the mail brings the document.
        :rtype: str
        """
        self.ensure_one()
        return "service_billing.mail_template_ready" if self.kind == "notice" else ""


def _judge(error):
    """Find out why the mail server did not take a mail.

    :param Exception error: What core's mail server raised.
    :return: What it means, and what the server said.
    :rtype: tuple[str, str]
    """
    while error and not isinstance(error, (smtplib.SMTPException, OSError, AssertionError)):
        error = error.__cause__ or error.__context__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return send_outcome.judge_answer(code, about_recipient=True), _describe(code, answer)
    if isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
        return send_outcome.judge_answer(code, about_recipient=False), _describe(code, error.smtp_error)
    if isinstance(error, (OSError, smtplib.SMTPException)):
        return send_outcome.LATER, " ".join(str(error).split())
    return send_outcome.FAILED, " ".join(str(error).split())


def _describe(code, answer):
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return f"{code} {' '.join(text.split())}"
