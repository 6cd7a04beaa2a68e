from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..settings.service_batch import CHANNEL

# No transaction takes so long: what it logs is in the next seal, whenever it ends.
LONGEST_TRANSACTION = timedelta(days=1)


class ServiceBillingEvent(models.Model):
    """The seals: each night the heads of a company's chains go into a chain of the company, so that no chain can be
    cut off at its end unseen."""

    _inherit = "service.billing.event"

    # === CRON METHODS === #

    @api.model
    def _cron_seal(self):
        """Enqueue a job for each company."""
        # As nobody in particular, because every company has its seals.
        events = self.with_user(SUPERUSER_ID)
        for company in events.env["res.company"].search([]):  # pylint: disable=no-search-all
            events.with_company(company).with_delay(
                channel=CHANNEL,
                identity_key=f"service.billing.event.seal.{company.id}",
                description=self.env._("%(company)s: seal the audit trail", company=company.name),
            )._job_seal()

    # === BUSINESS METHODS - SEAL === #

    @api.model
    def _job_seal(self):
        """Seal what happened in the company since its last seal, once a day.

        :return: What the job page shows as the result.
        :rtype: str
        """
        company = self.env.company
        chain = [("res_model", "=", "res.company"), ("res_id", "=", company.id), ("kind", "=", "sealed")]
        last = self.search(chain, limit=1)
        heads = self._get_unsealed_heads(company, last)
        if not heads:
            return self.env._("Nothing happened since the last seal.")
        day = fields.Date.to_string(company._get_billing_today())
        sealed = self._log("sealed", company, {"heads": heads}, once_key=f"sealed:{day}")
        return self.env._("Sealed.") if sealed else self.env._("Sealed before.")

    @api.model
    def _get_unsealed_heads(self, company, last):
        """Return the last event of each chain of a company to which something was added since the last seal.

        :param ResCompany company: The company.
        :param ServiceBillingEvent last: Its last seal.
        :return: `[res_model, res_id, sequence, hash]` each
        :rtype: list[list]
        """
        since = last.happened_at - LONGEST_TRANSACTION if last else fields.Datetime.to_datetime("1970-01-01")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (res_model, res_id) res_model, res_id, sequence, hash
                  FROM %s
                 WHERE company_id = %s AND happened_at >= %s AND res_model != 'res.company'
                 ORDER BY res_model, res_id, sequence DESC
                """,
                SQL.identifier(self._table),
                company.id,
                since,
            )
        )
        sealed = {tuple(head) for head in last._get_details().get("heads", ())}
        return [list(row) for row in rows if row not in sealed]
