from odoo import api, fields, models
from odoo.tools import SQL


class ServiceBillingEventRun(models.Model):
    """An automation rule that ran because of an event. The row is what makes it run once."""

    _name = "service.billing.event.run"
    _description = "Rule Run by an Event"
    _order = "id desc"

    event_id = fields.Many2one("service.billing.event", required=True, readonly=True, ondelete="restrict")
    automation_id = fields.Many2one(
        "base.automation", string="Rule", required=True, readonly=True, ondelete="cascade", index=True
    )

    _once = models.UniqueIndex("(event_id, automation_id)", "This rule ran because of this event already.")

    @api.model
    def _begin(self, event, rule):
        """Note that a rule runs because of an event.

        :return: Whether it did not run before.
        :rtype: bool
        """
        return bool(
            self.env.execute_query(
                SQL(
                    "INSERT INTO %s (event_id, automation_id) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING id",
                    SQL.identifier(self._table),
                    event.id,
                    rule.id,
                )
            )
        )
