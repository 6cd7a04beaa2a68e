import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import email_normalize

DAYS = 90


class ServicePortalDevice(models.Model):
    """A browser that opened the account area with a code, and is remembered: it has the key, we have its digest."""

    _name = "service.portal.device"
    _description = "Remembered Device"
    _order = "id desc"
    _rec_name = "email"

    email = fields.Char(required=True, readonly=True, index=True)
    digest = fields.Char(required=True, readonly=True, groups="base.group_system")
    expires_at = fields.Datetime(required=True, readonly=True)

    _digest_uniq = models.UniqueIndex("(digest)")

    # === BUSINESS METHODS === #

    @api.model
    def _remember(self, email):
        """Remember a device.

        :param str email: Whose code it brought.
        :return: The key, for its cookie.
        :rtype: str
        """
        key = secrets.token_urlsafe(32)
        # In sudo mode because the visitor is nobody yet.
        self.sudo().create(
            {
                "email": email_normalize(email),
                "digest": _get_digest(key),
                "expires_at": fields.Datetime.now() + timedelta(days=DAYS),
            }
        )
        return key

    @api.model
    def _recognize(self, key):
        """Return the device that brings a key, while it is remembered.

        :param str key: What its cookie says.
        :return: In sudo mode.
        :rtype: recordset of `service.portal.device`
        """
        # In sudo mode because the visitor is nobody yet; the key is random, so that its digest needs no salt.
        devices_sudo = self.sudo()
        if not key:
            return devices_sudo
        return devices_sudo.search([("digest", "=", _get_digest(key)), ("expires_at", ">", fields.Datetime.now())])

    @api.autovacuum
    def _gc_devices(self):
        self.search([("expires_at", "<", fields.Datetime.now())]).unlink()


def _get_digest(key):
    return hashlib.sha256(key.encode()).hexdigest()
