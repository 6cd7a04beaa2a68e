from odoo import fields, models

from ..settings.service_batch import CHANNEL


class ServiceDelivery(models.Model):
    """What the log of a document keeps of its deliveries."""

    _inherit = "service.delivery"

    # === BUSINESS METHODS - LOG === #

    def _enqueue_log(self, kind):
        """Let a job log what happened: of two who log for one document at once, one is run again, and no mail shall
        go out a second time because of that.

        :param str kind: What happened, as `service.billing.event` has it.
        """
        moment = fields.Datetime.to_string(fields.Datetime.now())
        for delivery in self.filtered(lambda delivery: delivery.kind != "copy"):
            key = f"{kind}:{delivery.id}:{moment}"
            delivery.with_delay(
                channel=CHANNEL,
                identity_key=f"{self._name}.log.{key}",
                description=self.env._("Log the sending of %(document)s", document=delivery.move_id.name),
            )._job_log(kind, key)

    def _job_log(self, kind, key):
        """Log what happened, once.

        :param str kind: What happened.
        :param str key: What happens once.
        """
        # In sudo mode because whoever asked for the mail may read no deliveries.
        delivery_sudo = self.sudo()
        details = delivery_sudo._prepare_event_details()
        self.env["service.billing.event"]._log(kind, delivery_sudo.move_id, details, once_key=key)

    # === GETTERS === #

    def _prepare_event_details(self):
        """Prepare what the log keeps.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        details = {"recipient": self.email, "what": self.kind, "how": self.method, "reason": self.reason}
        return {**{name: value for name, value in details.items() if value}, "sent_hash": self.checksums or {}}
