from datetime import datetime
from itertools import groupby

from odoo import api, models
from odoo.tools import SQL

from ..logic.event_chain import CHANGED, MISSING, UNLINKED, Link, find_break, get_canonical
from .service_billing_event import CONTENT

PAGE = 10_000
UNSEALED, OTHER = "unsealed", "other"


class ServiceBillingEvent(models.Model):
    """The integrity check: is every event as it was written, and is none missing?"""

    _inherit = "service.billing.event"

    # === ACTION METHODS === #

    def action_check(self):
        """Check the chain of the document whose events are shown, else all of the companies of the user.

        :return: A notice that names the first event that is not as it was written.
        :rtype: dict
        """
        self.check_access("read")
        document = self._get_shown_document()
        found = self._find_broken(document)
        message = self._get_break_message(found["broken"]) if found["broken"] else self._get_intact_message(found)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "danger" if found["broken"] else "success", "message": message, "sticky": True},
        }

    # === BUSINESS METHODS - CHECK === #

    @api.model
    def _find_broken(self, document=None):
        """Compute the chains anew, and find the first event that is not as it was written.

        :param document: The document whose chain is checked; without one, all chains of the user's companies and
            their seals.
        :return: `{"events": int, "documents": int, "broken": None or (res_model, res_id, sequence, reason)}`
        :rtype: dict
        """
        found = {"events": 0, "documents": 0, "broken": None}
        # pylint: disable-next=bad-builtin-groupby
        for chain, rows in groupby(self._iterate_rows(document), key=lambda row: row[:2]):
            links = [self._get_link(row) for row in rows]
            found["events"] += len(links)
            found["documents"] += 1
            place = find_break(links)
            if place:
                return {**found, "broken": (*chain, *place)}
        return {**found, "broken": self._find_changed(document) if document else self._find_unsealed()}

    @api.model
    def _iterate_rows(self, document=None):
        """Yield what the check needs of events, chain by chain, a page at a time.

        :param document: Whose events; without one, all of the user's companies.
        :return: (res_model, res_id, sequence, previous_hash, hash, *values of `CONTENT`)
        """
        where, after = SQL("company_id = ANY(%s)", self.env.companies.ids), SQL("TRUE")
        if document:
            where = SQL("res_model = %s AND res_id = %s", document._name, document.id)
        while True:
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT res_model, res_id, sequence, previous_hash, hash, %s
                      FROM %s
                     WHERE %s AND %s
                     ORDER BY res_model, res_id, sequence
                     LIMIT %s
                    """,
                    SQL(", ").join(map(SQL.identifier, CONTENT)),
                    SQL.identifier(self._table),
                    where,
                    after,
                    PAGE,
                )
            )
            yield from rows
            if len(rows) < PAGE:
                return
            after = SQL("(res_model, res_id, sequence) > %s", rows[-1][:3])

    @api.model
    def _get_link(self, row):
        _model, _id, sequence, previous_hash, event_hash, *content = row
        values = [str(value) if isinstance(value, datetime) else value for value in content]
        return Link(sequence, get_canonical(values), previous_hash, event_hash)

    @api.model
    def _find_changed(self, document):
        """Find whether a document says something else than its log. Later stages know what their documents say.

        :param document: The document.
        :return: As `_find_broken` has it.
        :rtype: tuple or None
        """
        return

    @api.model
    def _find_unsealed(self):
        """Find the first event that was there when a day was sealed, and is not there any more as it was.

        :return: As `_find_broken` has it.
        :rtype: tuple or None
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT head ->> 0, (head ->> 1)::int, (head ->> 2)::int
                  FROM %(table)s seal
                 CROSS JOIN LATERAL jsonb_array_elements(seal.details::jsonb -> 'heads') head
                  LEFT JOIN %(table)s event
                    ON event.res_model = head ->> 0 AND event.res_id = (head ->> 1)::int
                   AND event.sequence = (head ->> 2)::int
                 WHERE seal.res_model = 'res.company' AND seal.kind = 'sealed' AND seal.res_id = ANY(%(companies)s)
                   AND event.hash IS DISTINCT FROM head ->> 3
                 ORDER BY seal.sequence, 1, 2, 3
                 LIMIT 1
                """,
                table=SQL.identifier(self._table),
                companies=self.env.companies.ids,
            )
        )
        return (*rows[0], UNSEALED) if rows else None

    # === GETTERS === #

    @api.model
    def _get_shown_document(self):
        """Return the document whose events the list shows, if it shows those of one.

        :rtype: recordset or None
        :raise AccessError: If the user may not read it.
        """
        model, document_id = (self.env.context.get(f"billing_document_{name}") for name in ("model", "id"))
        if not model or not document_id:
            return None
        document = self.env[model].browse(document_id)
        document.check_access("read")
        return document

    @api.model
    def _get_intact_message(self, found):
        seal = self.search([("res_model", "=", "res.company"), ("res_id", "=", self.env.company.id)], limit=1)
        message = self.env._(
            "Events: %(events)s, documents: %(documents)s. All is as it was written.",
            events=found["events"],
            documents=found["documents"],
        )
        return f"{message} {self.env._('Last seal: %(hash)s.', hash=seal.hash)}" if seal else message

    @api.model
    def _get_break_message(self, broken):
        model, document_id, sequence, reason = broken
        reasons = {
            CHANGED: self.env._("it was changed"),
            MISSING: self.env._("it is missing"),
            UNLINKED: self.env._("it does not follow the one before it"),
            UNSEALED: self.env._("it was there when the day was sealed, and is not any more"),
            OTHER: self.env._("the document no longer says what it said then"),
        }
        event = self.search([("res_model", "=", model), ("res_id", "=", document_id)], limit=1)
        return self.env._(
            "The audit trail of %(document)s is broken at event %(sequence)s: %(reason)s.",
            document=event.res_name or f"{model} {document_id}",
            sequence=sequence,
            reason=reasons[reason],
        )
