from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..settings.row_lock import wait_for_rows
from ..settings.service_batch import CHANNEL, SECONDS_TO_RETRY
from .stripe_gateway import StripeGatewayError, StripeLaterError

SECONDS_TO_WAIT = 60
STATES = {"draft": "waiting", "open": "open", "paid": "paid", "void": "void", "uncollectible": "void"}


class ServiceStripeInvoice(models.Model):
    """An invoice of ours as it stands in Stripe Invoicing. It is written down when the invoice is finalized; a job
    makes it at Stripe, and every later job brings it to what is due of ours by then, however often it runs."""

    _name = "service.stripe.invoice"
    _inherit = ["service.kept.mixin"]
    _description = "Invoice at Stripe"
    _order = "id desc"
    _rec_name = "invoice_ref"

    move_id = fields.Many2one("account.move", string="Invoice", required=True, readonly=True, ondelete="cascade")
    # Copied: related fields would be looked for whenever an invoice is written.
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    provider_id = fields.Many2one("payment.provider", required=True, readonly=True, ondelete="cascade", index=True)
    invoice_ref = fields.Char(string="Stripe's Number", readonly=True, index="btree_not_null")
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("open", "Open"),
            ("paid", "Paid"),
            ("void", "Void"),
            ("failed", "Failed"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    try_count = fields.Integer(
        string="Failed Tries", readonly=True, help="Each try that Stripe refused ends its idempotency keys."
    )
    error = fields.Char(readonly=True, help="Why Stripe does not have what is due.")

    _move_uniq = models.UniqueIndex("(move_id)")
    _unsettled_idx = models.Index("(id) WHERE state IN ('waiting', 'open')")

    # === BUSINESS METHODS - JOBS === #

    def _enqueue(self):
        """Let jobs bring Stripe to what is due."""
        for mirrored in self.with_user(SUPERUSER_ID):
            mirrored.with_company(mirrored.company_id).with_delay(
                channel=CHANNEL,
                max_retries=0,
                identity_key=f"{self._name}.sync.{mirrored.id}",
                description=self.env._("%(invoice)s: Stripe Invoicing", invoice=mirrored.move_id.name),
            )._job_sync()

    def _job_sync(self):
        """Bring Stripe to what is due.

        :return: What the job page shows as the result.
        :rtype: str
        :raise RetryableJobError: If somebody else works on it, or Stripe cannot be reached.
        """
        self.ensure_one()
        for records in (self.move_id, self):
            if not records.try_lock_for_update():
                raise RetryableJobError("Somebody works on it.", seconds=SECONDS_TO_RETRY, ignore_retry=True)
        self.invalidate_recordset()
        self.move_id.invalidate_recordset()
        try:
            self._sync()
        except StripeLaterError as error:
            raise RetryableJobError(str(error), seconds=SECONDS_TO_WAIT, ignore_retry=True) from error
        except StripeGatewayError as error:
            self._fail(str(error))
        return self.error or self.env._("Done.")

    def _retry(self):
        """Have a job try again what failed.

        :raise UserError: If nothing did.
        """
        wait_for_rows(self)
        failed = self.filtered(lambda mirrored: mirrored.state == "failed")
        if not failed:
            raise UserError(self.env._("It is tried again already."))
        failed.state = "waiting"
        failed._enqueue()

    # === BUSINESS METHODS - STATES === #

    def _take(self, stripe_invoice):
        """Take over how the invoice stands at Stripe.

        Note: `self.ensure_one()`, with the lock on it.

        :param dict stripe_invoice: As Stripe has it now.
        """
        self.ensure_one()
        values = {"invoice_ref": stripe_invoice["id"], "state": STATES[stripe_invoice["status"]], "error": False}
        if any(self[name] != value for name, value in values.items()):
            self.write(values)

    def _fail(self, reason):
        """Note why Stripe does not have what is due. Where the customer can pay too much there, somebody is told.

        Note: `self.ensure_one()`
        """
        self.ensure_one()
        self.write({"state": "failed", "error": reason, "try_count": self.try_count + 1})
        summary = self.env._("Stripe still asks for this invoice")
        if not self.invoice_ref or summary in self.move_id.activity_ids.mapped("summary"):
            return
        user = self.move_id.invoice_user_id or self.company_id._get_job_responsible()
        self.move_id.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=self.env._(
                "Stripe's page of the invoice asks for another amount than is due: %(reason)s Try it again, or "
                "change it in Stripe's dashboard.",
                reason=reason,
            ),
            user_id=user.id,
            automated=True,
        )

    # === GETTERS === #

    def _get_kept_fields(self):
        """Return the fields that nobody writes by hand: all of them.

        :rtype: set[str]
        """
        return set(self._fields)

    def _get_address(self, name):
        """Return an address at Stripe as it is now: Stripe lets old ones expire.

        Note: `self.ensure_one()`

        :param str name: `hosted_invoice_url` or `invoice_pdf`.
        :rtype: str
        :raise UserError: If Stripe does not have it.
        """
        with self.provider_id._explaining_stripe():
            found = self.provider_id._get_gateway().retrieve("invoices", self.invoice_ref)
        if not found.get(name):
            raise UserError(self.env._("Stripe has no page for this invoice."))
        return found[name]
