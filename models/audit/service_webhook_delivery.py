import time
from datetime import timedelta

from odoo import fields, models

from odoo.addons.queue_job.exception import RetryableJobError

from ..logic.event_chain import get_canonical
from ..logic.webhook_signature import get_signature
from ..settings.row_lock import wait_for_rows
from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY
from .webhook_post import WebhookError, post_webhook

SIGNATURE = "Service-Billing-Signature"
ALLOW_PRIVATE = "service_billing.webhook_allow_private"
# How long to wait after each attempt that failed; after the last one it is given up.
MINUTES_TO_WAIT = (1, 5, 30, 120, 480, 1440)


class ServiceWebhookDelivery(models.Model):
    """One event on its way to one webhook. The row is what makes it go there once."""

    _name = "service.webhook.delivery"
    _description = "Webhook Delivery"
    _order = "id desc"

    webhook_id = fields.Many2one("service.webhook", required=True, readonly=True, ondelete="cascade", index=True)
    event_id = fields.Many2one("service.billing.event", required=True, readonly=True, ondelete="restrict")
    event_kind = fields.Selection(related="event_id.kind")
    happened_at = fields.Datetime(related="event_id.happened_at")
    company_id = fields.Many2one(related="webhook_id.company_id", store=True, index=True)
    state = fields.Selection(
        selection=[("waiting", "Waiting"), ("done", "Delivered"), ("failed", "Failed")],
        default="waiting",
        required=True,
        readonly=True,
    )
    attempt_count = fields.Integer(string="Attempts", readonly=True)
    delivered_at = fields.Datetime(string="Delivered", readonly=True)
    error = fields.Char(readonly=True, help="Why the last attempt failed.")

    _once = models.UniqueIndex("(webhook_id, event_id)", "This event is on its way to this webhook already.")

    # === ACTION METHODS === #

    def action_retry(self):
        """Try again what failed, and nothing else."""
        self.check_access("read")
        wait_for_rows(self)
        failed = self.filtered(lambda delivery: delivery.state == "failed")
        # In sudo mode because nobody writes deliveries by hand.
        failed.sudo().write({"state": "waiting", "attempt_count": 0, "error": False})
        failed.sudo()._enqueue()

    # === BUSINESS METHODS - DELIVER === #

    def _enqueue(self, minutes=0):
        for delivery in self:
            delivery.with_delay(
                channel=CHANNEL,
                eta=timedelta(minutes=minutes) if minutes else None,
                identity_key=f"service.webhook.delivery.{delivery.id}.{delivery.attempt_count}",
                description=self.env._("%(webhook)s: deliver an event", webhook=delivery.webhook_id.name),
            )._job_deliver()

    def _job_deliver(self):
        """Post the event to its webhook. What fails is tried again after a while, and in the end is a to-do.

        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If somebody else works on it.
        """
        self.ensure_one()
        if not self.exists():
            return self.env._("Deleted meanwhile.")
        if not self.try_lock_for_update():
            raise RetryableJobError(f"{self._name} {self.id} is locked.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        self.invalidate_recordset()
        if self.state != "waiting":
            return self.env._("Done before.")
        self.attempt_count += 1
        try:
            self._post()
        except WebhookError as error:
            return self._set_failed(str(error))
        self.write({"state": "done", "delivered_at": fields.Datetime.now(), "error": False})
        return self.env._("Delivered.")

    def _post(self):
        body = get_canonical(self._prepare_message()).encode()
        allow_private = self.env["ir.config_parameter"].sudo().get_param(ALLOW_PRIVATE) == "True"
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Service Billing",
            SIGNATURE: get_signature(self.webhook_id.secret, int(time.time()), body),
        }
        post_webhook(self.webhook_id.url, body, headers, allow_private=allow_private)

    def _set_failed(self, error):
        """Note why an attempt failed, and try again later; after the last one tell whoever is responsible."""
        self.error = error
        if self.attempt_count <= len(MINUTES_TO_WAIT):
            self._enqueue(minutes=MINUTES_TO_WAIT[self.attempt_count - 1])
            return error
        self.state = "failed"
        user = self.company_id._get_job_responsible()
        if user and not self.webhook_id.activity_ids.filtered(lambda activity: activity.user_id == user):
            self.webhook_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Events could not be delivered"),
                note=error,
                user_id=user.id,
            )
        return error

    # === GETTERS === #

    def _prepare_message(self):
        """Return what the receiver is told.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        event = self.event_id
        return {
            "id": event.id,
            "type": event.kind,
            "happened_at": f"{event.happened_at.isoformat()}Z",
            "company": self.company_id.name,
            "document": {"model": event.res_model, "id": event.res_id, "name": event.res_name},
            "details": event._get_details(),
        }
