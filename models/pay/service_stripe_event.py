import json
import logging
from datetime import UTC, datetime, timedelta

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from ..settings.row_lock import execute_racing, wait_for_rows
from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY
from .stripe_event_error import IgnoredEventError, StripeEventError
from .stripe_gateway import StripeGatewayError, StripeLaterError
from .stripe_mismatch import StripeMismatchError

_logger = logging.getLogger(__name__)

# Before the jobs that send mails and bill: a customer waits for it.
PRIORITY = 5
FINAL = ("done", "ignored")
# While Stripe cannot be reached, an event waits; after a day somebody is told.
SECONDS_TO_WAIT = 60
PATIENCE = timedelta(days=1)
# What Stripe told may name people.
PAYLOAD_LIFE = timedelta(days=90)


class ServiceStripeEvent(models.Model):
    """Something that happened at Stripe, as it told us: kept once, and applied by a job.

    What an event says is old by the time it is applied, and may come late, twice or in any order: it is the occasion
    to read the object again, and what counts is what the object is now.
    """

    _name = "service.stripe.event"
    _description = "Stripe Event"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "happened_at desc, id desc"
    _rec_name = "kind"

    # what Stripe told
    provider_id = fields.Many2one("payment.provider", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    event_ref = fields.Char(string="Event ID", required=True, readonly=True)
    kind = fields.Char(string="Event", required=True, readonly=True)
    happened_at = fields.Datetime(string="Time", required=True, readonly=True)
    received_at = fields.Datetime(string="Received", required=True, readonly=True)
    origin = fields.Selection(
        selection=[("webhook", "Told by Stripe"), ("sweep", "Found by the sweep")], required=True, readonly=True
    )
    object_kind = fields.Char(string="Object", required=True, readonly=True)
    object_ref = fields.Char(string="Object ID", required=True, readonly=True, index=True)
    payload = fields.Text(readonly=True, groups="base.group_system")

    # what became of it
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("done", "Done"),
            ("ignored", "Ignored"),
            ("unmatched", "Unmatched"),
            ("failed", "Failed"),
        ],
        default="new",
        required=True,
        readonly=True,
        index=True,
    )
    attempt_count = fields.Integer(string="Attempts", readonly=True)
    reason = fields.Char(readonly=True, help="Why it was not applied.")

    _event_uniq = models.UniqueIndex("(provider_id, event_ref)")

    # === ACTION METHODS === #

    def action_replay(self):
        """Apply events again that were not applied.

        :return: A notice.
        :rtype: dict
        """
        self.check_access("read")
        waiting = self._apply_again()
        message = self.env._("%(count)s events are applied again.", count=len(waiting))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": message if waiting else self.env._("Applied already."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS METHODS - INBOX === #

    @api.model
    def _receive(self, provider, event, *, origin="webhook"):
        """Keep an event of Stripe's, and let a job apply it. Known ones are left alone.

        :param provider: The account, whose secret the event was signed with.
        :param dict event: As Stripe documents it.
        :param str origin: How we came by it.
        :return: The event in sudo mode; empty where it is known.
        :rtype: recordset of `service.stripe.event`
        """
        subject = event["data"]["object"]
        now = fields.Datetime.now()
        values = {
            "provider_id": provider.id,
            "company_id": provider.company_id.id,
            "event_ref": event["id"],
            "kind": event["type"],
            "happened_at": datetime.fromtimestamp(event["created"], UTC).replace(tzinfo=None),
            "received_at": now,
            "create_date": now,
            "origin": origin,
            "object_kind": subject["object"],
            "object_ref": subject["id"],
            "payload": json.dumps(event, sort_keys=True),
            "state": "new",
            "attempt_count": 0,
        }
        rows = execute_racing(
            self.env,
            SQL(
                "INSERT INTO service_stripe_event (%s) VALUES %s ON CONFLICT DO NOTHING RETURNING id",
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            ),
        )
        # In sudo mode because Stripe tells it, and no user.
        received = self.sudo().browse(event_id for [event_id] in rows)
        received._enqueue()
        return received

    def _enqueue(self):
        for event in self.with_user(SUPERUSER_ID):
            event.with_company(event.company_id).with_delay(
                channel=CHANNEL,
                priority=PRIORITY,
                identity_key=f"{self._name}.apply.{event.id}",
                description=self.env._("Stripe: %(kind)s", kind=event.kind),
            )._job_apply()

    # === BUSINESS METHODS - APPLY === #

    def _apply_again(self):
        """Let jobs apply the events among these that were not applied.

        :return: Those.
        :rtype: recordset of `service.stripe.event`
        """
        wait_for_rows(self)
        waiting = self.filtered(lambda event: event.state not in FINAL)
        # In sudo mode because nobody writes events by hand.
        waiting.sudo().write({"state": "new", "reason": False})
        waiting._enqueue()
        return waiting

    def _job_apply(self):
        """Apply the event. Once that is done, running again changes nothing.

        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If somebody else works on it, or Stripe cannot be reached.
        """
        self.ensure_one()
        if not self.exists():
            return self.env._("Deleted meanwhile.")
        if not self.try_lock_for_update():
            raise RetryableJobError(f"{self._name} {self.id} is locked.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        self.invalidate_recordset()
        if self.state in FINAL:
            return self.env._("Done before.")
        self.write({**self._get_result(), "attempt_count": self.attempt_count + 1})
        self._tell()
        return self.reason or self.env._("Done.")

    def _get_result(self):
        """Apply the event, and return what to write on it.

        :rtype: dict
        :raise RetryableJobError: If time heals it.
        """
        try:
            with self.env.cr.savepoint():
                problem = self._apply()
            return {"state": "failed" if problem else "done", "reason": problem or False}
        except StripeEventError as error:
            return {"state": error.state, "reason": str(error)}
        except StripeMismatchError as error:
            return {"state": "unmatched", "reason": str(error)}
        except StripeLaterError as error:
            if fields.Datetime.now() - self.received_at > PATIENCE:
                return {"state": "failed", "reason": str(error)}
            raise RetryableJobError(str(error), seconds=SECONDS_TO_WAIT, ignore_retry=True) from error
        except StripeGatewayError as error:
            return {"state": "failed", "reason": str(error)}
        except (UserError, RedirectWarning) as error:
            return {"state": "failed", "reason": " ".join(str(error.args[0]).split())}
        except (OperationalError, RetryableJobError):
            raise
        except UniqueViolation as error:
            # Somebody made the same at this moment; whoever runs again finds it.
            raise RetryableJobError(f"{self._name} {self.id} met another one.", seconds=SECONDS_TO_RETRY) from error
        except Exception:
            _logger.exception("Stripe event %s failed", self.event_ref)
            return {"state": "failed", "reason": self.env._("An unexpected error, which the server's log explains.")}

    def _apply(self):
        """Read the object that the event is about, and hand it to the method for its kind.

        :return: What is left to be mended though the event is applied, or nothing.
        :rtype: str or None
        :raise StripeEventError: If it is not applied.
        :raise StripeGatewayError: If the object cannot be read.
        """
        self.ensure_one()
        resource = self._get_resources().get(self.object_kind)
        if not resource or self.kind not in self._get_event_types():
            raise IgnoredEventError(self.env._("Nothing depends on this kind of event."))
        name, params = resource
        found = self.provider_id._get_gateway().retrieve(name, self.object_ref, params)
        return getattr(self, f"_apply_{self.object_kind.replace('.', '_')}")(found)

    def _tell(self):
        """Leave a to-do where somebody has to look at the event, and close it once it is applied."""
        if self.state in FINAL:
            self.activity_ids.action_feedback(feedback=self.env._("It is applied."))
            return
        user = self.company_id._get_job_responsible()
        if user and not self.activity_ids:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Stripe tells something that does not fit"),
                note=self.reason,
                user_id=user.id,
            )

    # === CRON METHODS === #

    @api.autovacuum
    def _gc_payloads(self):
        """Forget after a while what was told beside the event itself, once it is applied."""
        is_old = [("happened_at", "<", fields.Datetime.now() - PAYLOAD_LIFE), ("payload", "!=", False)]
        self.search([("state", "in", FINAL), *is_old], limit=10_000).payload = False

    # === GETTERS === #

    @api.model
    def _get_event_types(self):
        """Return the kinds of events that Stripe is asked for. Later files add theirs.

        :rtype: set[str]
        """
        return set()

    @api.model
    def _get_resources(self):
        """Return how the objects of events are read: `{kind: (resource, parameters)}`. Later files add theirs, and a
        method `_apply_<kind>` each, with `_` for `.` in it.

        :rtype: dict[str, tuple[str, dict]]
        """
        return {}
