from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

from ..settings.row_lock import execute_racing


class ServicePortalLimit(models.Model):
    """How often visitors asked for something lately. What they asked for is kept as a digest: addresses are nobody's
    business."""

    _name = "service.portal.limit"
    _description = "Limit of Requests"
    _log_access = False

    name = fields.Char(string="Digest", required=True, readonly=True)
    begins_at = fields.Datetime(string="Since", required=True, readonly=True, index=True)
    count = fields.Integer(string="Requests", required=True, readonly=True)

    _window_uniq = models.UniqueIndex("(name, begins_at)")

    # === BUSINESS METHODS - COUNTING === #

    @api.model
    def _allows(self, subject, most, seconds):
        """Count a request, and tell whether it may be answered. Two at once are counted one after the other.

        :param str subject: What is asked for, or who asks.
        :param int most: How many requests may be answered.
        :param int seconds: In how long.
        :rtype: bool
        """
        moment = fields.Datetime.now()
        begin = datetime.min + (moment - datetime.min) // timedelta(seconds=seconds) * timedelta(seconds=seconds)
        # In sudo mode to read the database's secret.
        digest = hmac(self.sudo().env, "service_portal_limit", subject)
        [[count]] = execute_racing(
            self.env,
            SQL(
                """
                INSERT INTO %(table)s (name, begins_at, count) VALUES (%(digest)s, %(begin)s, 1)
                ON CONFLICT (name, begins_at) DO UPDATE SET count = %(table)s.count + 1
                RETURNING count
                """,
                table=SQL.identifier(self._table),
                digest=digest,
                begin=begin,
            ),
        )
        return count <= most

    @api.autovacuum
    def _gc_windows(self):
        self.search([("begins_at", "<", fields.Datetime.now() - timedelta(days=2))]).unlink()
