import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..logic.send_cooldown import Sending, find_blocking, format_age
from ..settings.row_lock import touch_rows
from ..settings.service_batch import SECONDS_TO_RETRY
from .res_company import COLLECTIONS

_logger = logging.getLogger(__name__)

STARTS_COOLDOWN = ("queued", "sent", "delivered", "opened")


class AccountMove(models.Model):
    """Sending: who gets a finalized document, whether it may go out now, and the job that sends it."""

    _inherit = "account.move"

    billing_delivery_ids = fields.One2many(
        comodel_name="service.delivery",
        inverse_name="move_id",
        string="Sendings",
        readonly=True,
        groups="service_billing.group_biller",
    )
    billing_collection = fields.Selection(
        selection=COLLECTIONS, string="Is Paid", copy=False, help="Empty: as the company has it."
    )
    billing_delivery_problem = fields.Char(
        compute="_compute_billing_delivery_problem", groups="service_billing.group_biller"
    )
    billing_delivery_is_dead = fields.Boolean(
        compute="_compute_billing_delivery_problem", groups="service_billing.group_biller"
    )

    # === COMPUTE METHODS === #

    @api.depends("billing_managed", "billing_status", "billing_sent_on")
    def _compute_highlight_send_button(self):
        """Override of `account`: sending is the next step of ours until they are sent, unless nothing is wanted."""
        managed = self.filtered("billing_managed")
        super(AccountMove, self - managed)._compute_highlight_send_button()
        for move in managed:
            is_wanted = move.billing_status not in ("void", "uncollectible")
            move.highlight_send_button = is_wanted and not (move.billing_sent_on or move.is_being_sent)

    @api.depends("billing_delivery_ids.state")
    def _compute_billing_delivery_problem(self):
        for move in self:
            last = move.billing_delivery_ids.filtered(lambda delivery: delivery.kind == "document")[:1]
            move.billing_delivery_is_dead = last.state == "bounced"
            move.billing_delivery_problem = last.state in ("failed", "bounced") and self.env._(
                "Not sent to %(email)s: %(reason)s", email=last.email, reason=last.reason
            )

    # === BUSINESS METHODS - FINALIZE === #

    def _post(self, soft=True):
        posted = super()._post(soft)
        invoices = posted.filtered(lambda move: move.billing_managed and move.move_type == "out_invoice")
        if not self.env.context.get("billing_no_auto_send"):
            invoices._send_automatically()
        invoices._send_ready_notices()
        return posted

    # === BUSINESS METHODS - QUEUEING === #

    def _send_automatically(self):
        """Queue the mails of finalized invoices whose customers get them by themselves."""
        wanted = self.filtered(lambda move: move._is_wanted("billing_auto_send"))
        if wanted:
            wanted._create_deliveries()

    def _send_ready_notices(self):
        """Queue a notice of finalized invoices for the customers who want to be told."""
        wanted = self.filtered(lambda move: move._is_wanted("billing_ready_notice"))
        recipients = {move: found for move in wanted if (found := move._get_recipients())}
        values = [
            {"move_id": move.id, "kind": "notice", "partner_id": partner.id, "email": email}
            for move, found in recipients.items()
            for partner, email in found
        ]
        if values:
            # In sudo mode because nobody writes deliveries by hand.
            self.env["service.delivery"].sudo().create(values)._enqueue()

    def _send_to_customer(self, *, recipients=None, copy_to=None, message=None, **settings):
        """Queue finalized documents for sending, in this transaction; jobs send them after it.

        What was sent only just now is refused, and what has no address is put on the list to be printed.

        :param list recipients: Pairs of contact and address; without them, each customer's own.
        :param str copy_to: Who gets a copy.
        :param str message: What the sender adds to the mail.
        :param settings: `attach_pdf`, `mail_subject`, and what core's `account.move.send` takes, as JSON.
        :return: What is worth knowing about documents that were not queued, or not for a mail: a sentence each.
        :rtype: dict[AccountMove, str]
        """
        self.check_access("write")
        touch_rows(self)
        remarks = self._get_sending_refusals()
        sending = self.filtered(lambda move: move not in remarks)
        deliveries = sending._create_deliveries(
            recipients=recipients, copy_to=copy_to, message=message, settings=settings
        )
        mailed = deliveries.filtered(lambda delivery: delivery.method == "email").move_id
        for move in sending - mailed:
            remarks[move] = self.env._(
                "%(customer)s gets no mails: %(document)s is on the list to print or call.",
                customer=move.commercial_partner_id.name,
                document=move.name,
            )
        return remarks

    def _finalize_and_send_in_background(self, **options):
        """Let jobs finalize the drafts, and queue each for sending once it is finalized.

        :param options: As `_send_to_customer` takes them, as JSON.
        :return: The batches, as `_finalize_in_background` returns them.
        :rtype: recordset of `service.finalize.batch`
        """
        batches = self._finalize_in_background()
        # In sudo mode because nobody writes the batches by hand.
        batches.sudo().write({"is_sent": True, "send_options": options})
        return batches

    def _create_deliveries(self, *, recipients=None, copy_to=None, message=None, settings=None):
        """Queue the documents for each recipient, or to be printed where there is none.

        :return: In sudo mode.
        :rtype: recordset of `service.delivery`
        """
        shared = {"message": message, "settings": settings or {}}
        values = []
        for move in self:
            found = recipients or move._get_recipients()
            values += [
                {**shared, "move_id": move.id, "partner_id": partner.id, "email": email} for partner, email in found
            ] or [{"move_id": move.id, "method": "print"}]
            if found and copy_to:
                values.append({**shared, "move_id": move.id, "kind": "copy", "email": copy_to})
        # In sudo mode because nobody writes deliveries by hand.
        deliveries_sudo = self.env["service.delivery"].sudo()
        waiting = deliveries_sudo.search([("move_id", "in", self.ids), ("state", "=", "queued")])
        known = {(delivery.move_id.id, delivery.kind, delivery.email or None) for delivery in waiting}
        deliveries_sudo = deliveries_sudo.create(
            [
                delivery
                for delivery in values
                if (delivery["move_id"], delivery.get("kind", "document"), delivery.get("email")) not in known
            ]
        )
        deliveries_sudo.filtered(lambda delivery: delivery.method == "email")._enqueue()
        return deliveries_sudo

    # === BUSINESS METHODS - JOBS === #

    def _job_send(self):
        """Send what waits of a document: write the mails with their files, and hand them to the mail server.

        A failure is written on the delivery; nothing of it touches the document. What was sent is not sent again.

        :raise RetryableJobError: If somebody else works on the document; never once a mail is handed over.
        """
        self.ensure_one()
        # In sudo mode because nobody writes deliveries by hand, and whoever asked for it writes no mails.
        move_sudo = self.sudo().with_company(self.sudo().company_id)
        deliveries_sudo = move_sudo.env["service.delivery"].search(
            [("move_id", "=", self.id), ("state", "=", "queued"), ("method", "=", "email")], order="id"
        )
        if not move_sudo.try_lock_for_update() or deliveries_sudo.try_lock_for_update() != deliveries_sudo:
            raise RetryableJobError("Somebody works on the document.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        now = fields.Datetime.now()
        due_sudo = deliveries_sudo.filtered(lambda delivery: not delivery.retry_at or delivery.retry_at <= now)
        move_sudo._prepare_deliveries(due_sudo.filtered(lambda delivery: not delivery.prepared_at))
        due_sudo.filtered(lambda delivery: delivery.prepared_at and delivery.state == "queued")._hand_over()

    def _prepare_deliveries(self, deliveries):
        """Write the mails, and the documents that go with them. What fails is written on the deliveries.

        :param deliveries: Those of this document that are not written yet, in sudo mode.
        """
        letters = deliveries.filtered(lambda delivery: delivery._get_letter())
        for group in filter(None, (letters, deliveries - letters)):
            try:
                with self.env.cr.savepoint():
                    self._prepare_mails(group)
            except UserError as error:
                group._note_failure(" ".join(str(error.args[0]).split()))
            except (OperationalError, RetryableJobError):
                raise
            except Exception:
                _logger.exception("Sending account.move %s failed", self.id)
                group._note_failure(self.env._("An unexpected error, which the server's log explains."))

    def _prepare_mails(self, deliveries):
        if deliveries[0]._get_letter():
            deliveries._prepare_mails([])
            return
        settings = self._load_send_settings(deliveries[0].settings)
        self.env["account.move.send"]._generate_and_send_invoices(self, **settings, billing_deliveries=deliveries)

    def _note_sent_to_customer(self, delivery):
        """Remember that a mail server took the document. Later files add what follows from it.

        Note: `self.ensure_one()`

        :param delivery: The delivery that was handed over.
        """
        self._set_sent()

    # === GETTERS === #

    def _get_sending_refusals(self):
        """Return which documents cannot be sent, and why.

        :rtype: dict[AccountMove, str]
        """
        now = fields.Datetime.now()
        blocking = {
            move: find_blocking(sendings, now, move.company_id.billing_send_cooldown)
            for move, sendings in self._get_sendings().items()
        }
        return {
            move: self.env._(
                "%(document)s was sent %(age)s ago to %(recipient)s.",
                document=move.name,
                age=format_age(now - sending.asked_at),
                recipient=sending.recipient,
            )
            for move, sending in blocking.items()
            if sending
        }

    def _get_sendings(self):
        """Return what was mailed of each document, or waits for it; what failed does not count.

        :rtype: dict[AccountMove, list[Sending]]
        """
        # In sudo mode because what others sent counts too.
        deliveries_sudo = (
            self.env["service.delivery"]
            .sudo()
            .search(
                [
                    ("move_id", "in", self.ids),
                    ("kind", "=", "document"),
                    ("method", "=", "email"),
                    ("state", "in", STARTS_COOLDOWN),
                ]
            )
        )
        sendings = {}
        for delivery in deliveries_sudo:
            sending = Sending(delivery.asked_at, delivery.email, is_waiting=delivery.state == "queued")
            sendings.setdefault(delivery.move_id.sudo(self.env.su), []).append(sending)
        return sendings
