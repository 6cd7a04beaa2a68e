import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import consteq, email_normalize, hmac

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.queue_job.exception import RetryableJobError

from ..settings.row_lock import wait_for_rows
from ..settings.service_batch import CHANNEL

MINUTES, TRIES = 10, 5


class ServicePortalCode(models.Model):
    """A one-time code that opens the account area: mailed to the contact on file, kept as a digest."""

    _name = "service.portal.code"
    _description = "One-Time Code"
    _order = "id desc"

    email = fields.Char(required=True, readonly=True, index=True)
    digest = fields.Char(readonly=True, groups="base.group_system")
    expires_at = fields.Datetime(readonly=True)
    failures = fields.Integer(readonly=True)

    # === BUSINESS METHODS - SENDING === #

    @api.model
    def _request(self, email):
        """Let a job mail a code, if a contact has this address; whoever asks cannot tell.

        :param str email: What a visitor typed, normalized.
        """
        # In sudo mode because the visitor is nobody yet.
        code_sudo = self.sudo().create({"email": email})
        code_sudo.with_delay(channel=CHANNEL, description=self.env._("Mail a one-time code"))._job_send()

    def _job_send(self):
        """Make the code and mail it; it is known to nobody but the recipient. Earlier codes end.

        :raise RetryableJobError: If the mail server does not take the mail now.
        """
        # In sudo mode because nobody sees codes.
        code_sudo = self.sudo().exists()
        if not code_sudo.env["res.partner"]._find_account_contacts(code_sudo.email):
            code_sudo.unlink()
            return
        code_sudo.search([("email", "=", code_sudo.email), ("id", "!=", code_sudo.id)]).unlink()
        code = f"{secrets.randbelow(10**6):06}"
        moment = fields.Datetime.now() + timedelta(minutes=MINUTES)
        code_sudo.write({"digest": code_sudo._get_digest(code), "expires_at": moment})
        template = code_sudo.env.ref("service_billing.mail_template_portal_code").with_context(billing_code=code)
        values = {"email_to": code_sudo.email}
        try:
            template.send_mail(code_sudo.id, force_send=True, raise_exception=True, email_values=values)
        except (MailDeliveryException, OSError) as error:
            raise RetryableJobError("The mail server does not take the mail.") from error

    # === BUSINESS METHODS - USE === #

    @api.model
    def _redeem(self, email, code):
        """Use a code: it works once, soon, and not after too many tries.

        :param str email: To whom it was mailed.
        :param str code: What a visitor typed.
        :rtype: bool
        """
        # In sudo mode because the visitor is nobody yet.
        codes_sudo = self.sudo()
        last = codes_sudo.search([("email", "=", email_normalize(email or "")), ("digest", "!=", False)], limit=1)
        wait_for_rows(last)
        last = last.exists()
        if not last or last.failures >= TRIES or last.expires_at <= fields.Datetime.now():
            return False
        if not consteq(last.digest, last._get_digest("".join(code.split()))):
            last.failures += 1
            return False
        last.unlink()
        return True

    @api.autovacuum
    def _gc_codes(self):
        self.search([("create_date", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()

    # === GETTERS === #

    def _get_digest(self, code):
        self.ensure_one()
        return hmac(self.env, "service_portal_code", (self.id, self.email, code))

    def _get_lang(self):
        """Return the language of the mail.

        :rtype: str
        """
        contacts = self.env["res.partner"]._find_account_contacts(self.email)
        return contacts[:1].lang or self.env.company.partner_id.lang
