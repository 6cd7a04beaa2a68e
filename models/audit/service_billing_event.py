import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..logic.event_chain import get_canonical
from ..settings.row_lock import execute_racing
from .append_only import make_append_only

# The columns that the hash of an event covers, in this order.
CONTENT = {
    "res_model": "varchar",
    "res_id": "int",
    "res_name": "varchar",
    "company_id": "int",
    "kind": "varchar",
    "happened_at": "timestamp",
    "user_id": "int",
    "user_name": "varchar",
    "once_key": "varchar",
    "details": "text",
}


class ServiceBillingEvent(models.Model):
    """Something that happened to a document. The events of a document are a chain, which nobody changes.

    No foreign keys and no log-access columns, and names are copied: users are deleted, customers merged and modules
    upgraded without touching what was written.
    """

    _name = "service.billing.event"
    _description = "Billing Event"
    _log_access = False
    _order = "id desc"
    _rec_name = "res_name"

    # the document
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Integer(string="Document ID", required=True, readonly=True, aggregator=None)
    res_name = fields.Char(string="Document", readonly=True)
    company_id = fields.Integer(string="Company ID", readonly=True, aggregator=None)

    # what happened
    kind = fields.Selection(
        selection=[
            ("finalized", "Finalized"),
            ("sent", "Sent"),
            ("send_failed", "Sending failed"),
            ("delivered", "Delivered"),
            ("bounced", "Bounced"),
            ("viewed", "Viewed"),
            ("link_revoked", "Link revoked"),
            ("marked_sent", "Marked as sent"),
            ("marked_delivered", "Marked as delivered"),
            ("partially_paid", "Partially paid"),
            ("paid", "Paid"),
            ("marked_paid", "Marked as paid"),
            ("reopened", "Due again"),
            ("overdue", "Overdue"),
            ("voided", "Voided"),
            ("written_off", "Written off"),
            ("recovered", "Recovered"),
            ("corrected", "Corrected"),
            ("credited", "Credited"),
            ("credit_used", "Credit used"),
            ("cancelled", "Cancelled"),
            ("payment_failed", "Payment failed"),
            ("refund_asked", "Refund asked for"),
            ("refunded", "Refunded"),
            ("refund_failed", "Refund failed"),
            ("disputed", "Disputed"),
            ("sealed", "Sealed"),
        ],
        string="Event",
        required=True,
        readonly=True,
    )
    happened_at = fields.Datetime(string="Time", required=True, readonly=True)
    user_id = fields.Integer(string="User ID", readonly=True, aggregator=None)
    user_name = fields.Char(string="User", readonly=True)
    once_key = fields.Char(
        string="Key", readonly=True, help="What happens once for a document has a key that is there once."
    )
    details = fields.Text(string="Details as JSON", readonly=True)
    summary = fields.Char(string="Details", compute="_compute_summary")

    # the chain
    sequence = fields.Integer(required=True, readonly=True, aggregator=None)
    previous_hash = fields.Char(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _sequence_uniq = models.UniqueIndex("(res_model, res_id, sequence)")
    _once_uniq = models.UniqueIndex("(res_model, res_id, once_key) WHERE once_key IS NOT NULL")
    _company_idx = models.Index("(company_id, happened_at)")

    def init(self):
        make_append_only(self.env.cr, self._table)

    # === COMPUTE METHODS === #

    @api.depends("details")
    def _compute_summary(self):
        for event in self:
            event.summary = ", ".join(
                f"{name.replace('_', ' ')}: {value}"
                for name, value in event._get_details().items()
                if isinstance(value, (str, int)) and not name.endswith("_hash")
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        self._refuse_change()

    def write(self, vals):  # pylint: disable=method-required-super
        self._refuse_change()

    def unlink(self):  # pylint: disable=method-required-super
        self._refuse_change()

    # === ACTION METHODS === #

    def action_open_document(self):
        """Open the document that the event is about.

        :rtype: dict
        :raise UserError: If it is not there any more.
        """
        self.ensure_one()
        self.check_access("read")
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            raise UserError(self.env._("%(document)s is not there any more.", document=self.res_name))
        return document.get_formview_action()

    # === BUSINESS METHODS - LOG === #

    @api.model
    def _log(self, kind, records, details=None, *, details_by_id=None, once_key=None, once_key_by_id=None):
        """Write down what happened to documents, in one statement for all of them.

        Two transactions that log for the same document at once cannot both follow the same event: the second one gets
        a serialization error, which requests and jobs answer by running again.

        :param str kind: What happened.
        :param records: The documents, of one model.
        :param dict details: What else is worth knowing, as JSON has it, for all documents alike.
        :param dict details_by_id: The same, for each id of a document.
        :param str once_key: What happens once: where the document has an event with this key, none is added.
        :param dict once_key_by_id: The same, for each id of a document.
        :return: The new events; nobody needs rights for that.
        :rtype: ServiceBillingEvent
        """
        # In sudo mode to read whose the documents are and what they are called.
        rows = [
            self._prepare_content(
                kind,
                record,
                (details_by_id or {}).get(record.id, details),
                (once_key_by_id or {}).get(record.id, once_key),
            )
            for record in records.sudo()
        ]
        if not rows:
            return self.browse()
        return self.browse(event_id for [event_id] in execute_racing(self.env, self._get_insert_query(rows)))

    @api.model
    def _prepare_content(self, kind, record, details, once_key):
        """Return what is written about one document.

        :return: The values of `CONTENT`, in its order.
        :rtype: tuple
        """
        company = record if record._name == "res.company" else getattr(record, "company_id", None) or self.env.company
        name = record[record._rec_name] or None
        user = self.env.user
        moment = fields.Datetime.to_string(fields.Datetime.now())
        return (
            *(record._name, record.id, name, company.id, kind, moment, user.id, user.name, once_key),
            get_canonical(details or {}),
        )

    @api.model
    def _get_insert_query(self, rows):
        """Return the statement that appends an event to the chain of each document.

        PostgreSQL computes the hash exactly as `event_chain.get_hash` does. A row that is in the way is a key that is
        there already, or else one that this transaction cannot see, which is a serialization error.

        :param list rows: What `_prepare_content` returns, a document each.
        :rtype: SQL
        """
        return SQL(
            """
            INSERT INTO %(table)s (%(columns)s, sequence, previous_hash, hash)
            SELECT %(columns)s, COALESCE(head.head_sequence, 0) + 1, COALESCE(head.head_hash, ''),
                   encode(sha256(convert_to(concat_ws('|',
                       COALESCE(head.head_hash, ''), COALESCE(head.head_sequence, 0) + 1, log.payload
                   ), 'UTF8')), 'hex')
              FROM unnest(%(arrays)s) AS log (%(columns)s, payload)
              LEFT JOIN LATERAL (
                  SELECT event.sequence AS head_sequence, event.hash AS head_hash
                    FROM %(table)s event
                   WHERE event.res_model = log.res_model AND event.res_id = log.res_id
                   ORDER BY event.sequence DESC
                   LIMIT 1
              ) head ON TRUE
             ORDER BY log.res_id
            ON CONFLICT DO NOTHING
            RETURNING id
            """,
            table=SQL.identifier(self._table),
            columns=SQL(", ").join(map(SQL.identifier, CONTENT)),
            arrays=SQL(", ").join(
                SQL("%s::%s[]", list(values), SQL(sql_type))
                for values, sql_type in zip(
                    zip(*((*row, get_canonical(row)) for row in rows), strict=True),
                    (*CONTENT.values(), "text"),
                    strict=True,
                )
            ),
        )

    # === GETTERS === #

    def _get_details(self):
        """Return what else is known of an event, nothing for none.

        :rtype: dict
        """
        return json.loads(self.details or "{}")

    def _refuse_change(self):
        raise UserError(self.env._("The audit trail stays as it was written."))
