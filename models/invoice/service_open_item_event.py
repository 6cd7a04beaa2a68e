from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..settings.service_batch import CHANNEL

# How many instalments a job logs before it leaves the rest to the next.
ITEMS_OF_A_JOB = 1000


class ServiceOpenItem(models.Model):
    """Instalments that become overdue: an event of their document each, once."""

    _inherit = "service.open.item"

    # === CRON METHODS === #

    @api.model
    def _cron_log_overdue(self):
        """Enqueue a job for each company in which something became overdue."""
        # As nobody in particular, because every company has its open items.
        items = self.with_user(SUPERUSER_ID)
        for company in items.env["res.company"].search([]):  # pylint: disable=no-search-all
            if items._find_unlogged_overdue(company, limit=1):
                items.with_company(company)._enqueue_overdue()

    def _enqueue_overdue(self):
        company = self.env.company
        self.with_delay(
            channel=CHANNEL,
            identity_key=f"service.open.item.overdue.{company.id}",
            description=self.env._("%(company)s: log what is overdue", company=company.name),
        )._job_log_overdue()

    # === BUSINESS METHODS - EVENTS === #

    @api.model
    def _job_log_overdue(self):
        """Log the instalments of the company that became overdue, each once.

        :return: What the job page shows as the result.
        :rtype: str
        """
        items = self._find_unlogged_overdue(self.env.company, limit=ITEMS_OF_A_JOB)
        left = items
        while left:
            # A chain takes one event at a time: the first instalment of each document, then the next.
            first = left.browse(of_move[0].id for of_move in left.grouped("move_id").values())
            first._log_overdue()
            left -= first
        if len(items) == ITEMS_OF_A_JOB:
            self._enqueue_overdue()
        return self.env._("Overdue: %(count)s instalments.", count=len(items))

    def _log_overdue(self):
        """Log that instalments are overdue, one of each document."""
        self.env["service.billing.event"]._log(
            "overdue",
            self.move_id,
            details_by_id={item.move_id.id: item._get_overdue_details() for item in self},
            once_key_by_id={item.move_id.id: f"overdue:{item.kind}:{item.line_id.id}" for item in self},
        )

    # === GETTERS === #

    @api.model
    def _find_unlogged_overdue(self, company, limit):
        """Return instalments of a company that are overdue today and have no event that says so, document by document.

        :rtype: recordset of `service.open.item`
        """
        domain = self._get_overdue_domain() & Domain("company_id", "=", company.id)
        query = self._search(domain, order="move_id, date_due, id", limit=limit)
        query.add_where(
            SQL(
                """
                NOT EXISTS (
                    SELECT 1
                      FROM service_billing_event event
                     WHERE event.res_model = 'account.move' AND event.res_id = %s
                       AND event.once_key = concat('overdue:', %s, ':', %s)
                )
                """,
                self._field_to_sql(self._table, "move_id", query),
                self._field_to_sql(self._table, "kind", query),
                self._field_to_sql(self._table, "line_id", query),
            )
        )
        return self.browse(query)

    def _get_overdue_details(self):
        """Return what the log keeps of an overdue instalment.

        Note: `self.ensure_one()`

        :rtype: dict[str, str or int]
        """
        self.ensure_one()
        digits = self.currency_id.decimal_places
        return {
            "due_date": str(self.date_due),
            "due": f"{self.residual:.{digits}f}",
            "currency": self.currency_id.name,
            "instalment": self.position,
        }
