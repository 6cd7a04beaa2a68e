from odoo import SUPERUSER_ID, api, models
from odoo.tools import ormcache

from ..settings.service_batch import CHANNEL


class ServiceBillingEvent(models.Model):
    """Who is told of an event: automation rules and webhooks, each in a job of its own after the event is there for
    good. What fails in one of them changes nothing about the event, nor for the others."""

    _inherit = "service.billing.event"

    # === BUSINESS METHODS - LOG === #

    @api.model
    def _log(self, kind, records, details=None, **options):
        events = super()._log(kind, records, details, **options)
        if events:
            # In sudo mode, as nobody in particular: whoever caused the event may know nothing of rules and webhooks.
            events.with_user(SUPERUSER_ID)._tell(kind)
        return events

    def _tell(self, kind):
        """Let jobs tell those who listen of events that were just logged.

        :param str kind: What happened.
        """
        rule_ids, webhook_ids = self._get_listener_ids(kind)
        if rule_ids:
            self._enqueue_rules(self.env["base.automation"].browse(rule_ids))
        if webhook_ids:
            webhooks = self.env["service.webhook"].browse(webhook_ids)
            self.env["service.webhook.delivery"].create(
                [
                    {"webhook_id": webhook.id, "event_id": event.id}
                    for event in self
                    for webhook in webhooks
                    if webhook.company_id.id == event.company_id
                ]
            )._enqueue()

    def _enqueue_rules(self, rules):
        for event in self:
            for rule in rules.filtered(lambda rule, event=event: rule.model_name == event.res_model):
                event.with_company(event.company_id).with_delay(
                    channel=CHANNEL,
                    identity_key=f"service.billing.event.rule.{event.id}.{rule.id}",
                    description=f"{rule.name}: {event.res_name}",
                )._job_run_rule(rule)

    # === BUSINESS METHODS - RULES === #

    def _job_run_rule(self, rule):
        """Run an automation rule on the document of the event. Once it ran, running it again does nothing.

        :param BaseAutomation rule: The rule.
        :return: What the job page shows as the result.
        :rtype: str
        """
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not rule.exists().active or not document:
            return self.env._("Switched off or deleted meanwhile.")
        if not self.env["service.billing.event.run"]._begin(self, rule):
            return self.env._("Done before.")
        rule._process(rule._filter_post(document))
        return self.env._("Done.")

    # === GETTERS === #

    @api.model
    @ormcache("kind")
    def _get_listener_ids(self, kind):
        """Return the automation rules and the webhooks that are told of a kind of event.

        :return: Two tuples of ids.
        :rtype: tuple
        """
        rules = [("trigger", "=", "on_billing_event"), ("billing_event_kind", "=", kind)]
        # In sudo mode because those of all companies are wanted.
        webhooks_sudo = self.env["service.webhook"].sudo().search([])  # pylint: disable=no-search-all
        return (
            self.env["base.automation"].sudo().search(rules)._ids,
            webhooks_sudo.filtered(lambda webhook: webhook._wants(kind))._ids,
        )
