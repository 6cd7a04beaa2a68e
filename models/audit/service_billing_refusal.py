import logging

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from .append_only import make_append_only

_logger = logging.getLogger(__name__)


class ServiceBillingRefusal(models.Model):
    """Somebody tried to change or delete a finalized document, and was refused.

    It stands apart from the chain of the document: it has to stay when all else of the attempt is undone.
    """

    _name = "service.billing.refusal"
    _description = "Refused Attempt"
    _log_access = False
    _order = "id desc"
    _rec_name = "res_name"

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Integer(string="Document ID", required=True, readonly=True, aggregator=None)
    res_name = fields.Char(string="Document", readonly=True)
    company_id = fields.Integer(string="Company ID", readonly=True, aggregator=None, index=True)
    happened_at = fields.Datetime(string="Time", required=True, readonly=True)
    user_id = fields.Integer(string="User ID", readonly=True, aggregator=None)
    user_name = fields.Char(string="User", readonly=True)
    reason = fields.Char(required=True, readonly=True)

    def init(self):
        make_append_only(self.env.cr, self._table)

    # === BUSINESS METHODS - LOG === #

    @api.model
    def _log(self, record, reason):
        """Write down an attempt in a transaction of its own, which nothing else waits for and nothing undoes.

        :param record: The document.
        :param str reason: What the user was told.
        """
        if not self.env.registry.ready:
            return
        # In sudo mode to read whose the document is and what it is called.
        record_sudo = record.sudo()
        user = self.env.user
        values = {
            "res_model": record_sudo._name,
            "res_id": record_sudo.id,
            "res_name": record_sudo[record_sudo._rec_name] or None,
            "company_id": record_sudo.company_id.id,
            "happened_at": fields.Datetime.now(),
            "user_id": user.id,
            "user_name": user.name,
            "reason": reason,
        }
        query = SQL(
            "INSERT INTO %s (%s) VALUES %s",
            SQL.identifier(self._table),
            SQL(", ").join(map(SQL.identifier, values)),
            tuple(values.values()),
        )
        try:
            with self.env.registry.cursor() as cr:
                cr.execute("SET LOCAL lock_timeout = '1s'")
                cr.execute(query)
        except psycopg2.Error:
            _logger.warning("A refused attempt could not be logged.", exc_info=True)
