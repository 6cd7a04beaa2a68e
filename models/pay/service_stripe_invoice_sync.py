import json
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

from odoo import models
from odoo.tools import format_amount

from ..logic.invoice_status import UNCOLLECTIBLE, VOID
from ..logic.stripe_amount import chargeable_amount, from_minor_units, to_minor_units
from ..logic.stripe_invoice import stripe_lines
from .stripe_gateway import StripeRefusedError

# A server whose clock is ahead of Stripe's still finds what it made.
CLOCKS_DIFFER = timedelta(hours=1)
ADDED_LINES = ("tax", "rounding")


class ServiceStripeInvoice(models.Model):
    """What is asked of Stripe: one invoice of its own, and never more for it than is due of ours."""

    _inherit = "service.stripe.invoice"

    # === BUSINESS METHODS - SYNC === #

    def _sync(self):
        """Make the invoice at Stripe unless it is there, and take off what is not due any more.

        Note: `self.ensure_one()`, with the lock on it and its invoice.

        :raise StripeGatewayError: If Stripe does not do it.
        """
        self.ensure_one()
        gateway = self.provider_id._get_gateway()
        found = self._find(gateway)
        if not found and not self._get_due():
            # It was over before Stripe heard of it.
            self.write({"state": "void", "error": False})
            return
        found = found or self._create_draft(gateway)
        if found["status"] == "draft":
            found = self._finalize(gateway, found)
        self.invoice_ref = found["id"]
        self._take(self._take_off(gateway, found))

    def _find(self, gateway):
        """Return the invoice at Stripe, even where we forgot that it is there.

        :rtype: dict or None
        """
        if self.invoice_ref:
            return gateway.retrieve("invoices", self.invoice_ref)
        since = {"gte": int((self.create_date - CLOCKS_DIFFER).replace(tzinfo=UTC).timestamp())}
        wanted = self._get_stripe_metadata().items()
        made = gateway.list("invoices", {"customer": self._get_customer_ref(), "created": since})
        return next((one for one in made if wanted <= (one.get("metadata") or {}).items()), None)

    def _create_draft(self, gateway):
        self._check_chargeable()
        values = self._prepare_invoice()
        try:
            return self._ask(gateway, "invoices", values)
        except StripeRefusedError as error:
            if not error.is_missing("customer"):
                raise
            self.env["service.stripe.customer"]._note_gone(self.provider_id, values["customer"])
            return self._ask(gateway, "invoices", self._prepare_invoice())

    def _finalize(self, gateway, draft):
        """Have the draft ask for its money, if that is our total and nothing else.

        :rtype: dict
        :raise StripeRefusedError: If Stripe makes another amount of it: below its minimum it asks for nothing, and it
            may add taxes or a customer's balance. See https://docs.stripe.com/api/invoices/object.
        """
        ref = draft["id"]
        if not draft["lines"]["data"]:
            lines = {"lines": self._prepare_lines()}
            draft = gateway.act("invoices", "add_lines", ref, lines, key=self._get_key("lines"))
        code = self.move_id.currency_id.name
        total = to_minor_units(self.move_id.amount_total, code)
        if draft["total"] != total or draft["amount_due"] != total:
            gateway.act("invoices", "delete", ref)
            amount = from_minor_units(draft["amount_due"], code)
            raise StripeRefusedError(
                self.env._("Stripe would ask for %(amount)s instead.", amount=self._format(amount)), "amount"
            )
        return gateway.act("invoices", "finalize_invoice", ref, {"auto_advance": False}, key=self._get_key("finalize"))

    def _take_off(self, gateway, found):
        """Take off what was paid or credited elsewhere. What Stripe has as paid stays: it cannot ask for more again.

        :param dict found: As Stripe has it.
        :return: As Stripe has it then.
        :rtype: dict
        """
        due, remaining = self._get_due(), found["amount_remaining"]
        if found["status"] != "open" or due >= remaining:
            return found
        try:
            if due:
                # Until it is attached to an invoice, the record of a payment changes nothing.
                report = self._prepare_report(remaining - due)
                record = self._ask(gateway, "payment_records", report, verb="report_payment")
                attached = {"payment_record": record["id"]}
                return gateway.act("invoices", "attach_payment", found["id"], attached, key=f"{record['id']}.attach")
            if self._is_taken_back() and not found["amount_paid"]:
                return gateway.act("invoices", "void_invoice", found["id"])
            return gateway.act("invoices", "pay", found["id"], {"paid_out_of_band": True})
        except StripeRefusedError:
            # The customer may have been faster.
            again = gateway.retrieve("invoices", found["id"])
            if again["status"] == "open":
                raise
            return again

    def _ask(self, gateway, resource, values, *, verb="create"):
        """Have Stripe make something, once: whoever asks for the same again gets what was made before.

        :rtype: dict
        """
        digest = sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
        return gateway.create(resource, values, key=self._get_key(f"{resource}.{digest}"), verb=verb)

    def _check_chargeable(self):
        """Make sure that the customer can pay on Stripe's page, and that we hear of it.

        :raise StripeRefusedError: If not.
        """
        move = self.move_id
        if not self.provider_id._is_online():
            raise StripeRefusedError(self.env._("Stripe is not connected: see the settings."))
        total = move.amount_total
        if move.currency_id.compare_amounts(chargeable_amount(total, move.currency_id.name), total):
            raise StripeRefusedError(self.env._("Stripe cannot take %(amount)s.", amount=self._format(total)))

    # === GETTERS === #

    def _get_due(self):
        """Return what is due of the invoice.

        Note: `self.ensure_one()`

        :return: In the smallest unit.
        :rtype: int
        """
        self.ensure_one()
        move = self.move_id
        return to_minor_units(move.amount_residual, move.currency_id.name) if move.state == "posted" else 0

    def _is_taken_back(self):
        """Tell whether the invoice is settled without money.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.move_id.billing_status in (VOID, UNCOLLECTIBLE) or self.move_id.payment_state == "reversed"

    def _get_customer_ref(self):
        return self.env["service.stripe.customer"]._get_ref(self.provider_id, self.move_id.commercial_partner_id)

    def _get_key(self, purpose):
        return self.provider_id._get_stripe_key(f"invoice.{purpose}", self.id, self.try_count)

    def _get_stripe_metadata(self):
        """Return what the invoice carries at Stripe, from which its payment is found.

        Note: `self.ensure_one()`

        :rtype: dict[str, str]
        """
        self.ensure_one()
        database = self.env["payment.transaction"]._get_stripe_database()
        return {"odoo_db": database, "odoo_invoices": str(self.move_id.id)}

    def _format(self, amount):
        return format_amount(self.env, amount, self.move_id.currency_id)

    def _prepare_invoice(self, **extra):
        """Return what the draft is made of: Stripe neither charges nor mails it by itself, and adds nothing to it.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        move = self.move_id
        # Stripe takes no day in the past.
        due = max(move.invoice_date_due or move.invoice_date, move.company_id._get_billing_today())
        return {
            "customer": self._get_customer_ref(),
            "currency": move.currency_id.name.lower(),
            "number": move.name,
            "collection_method": "send_invoice",
            "due_date": int(datetime.combine(due, time.max, UTC).timestamp()),
            "auto_advance": False,
            "automatic_tax": {"enabled": False},
            "pending_invoice_items_behavior": "exclude",
            "discounts": "",
            "metadata": self._get_stripe_metadata(),
            **extra,
        }

    def _prepare_lines(self):
        """Return the lines of the invoice for Stripe: what is priced, and what the books add to it.

        Note: `self.ensure_one()`

        :rtype: list[dict]
        """
        self.ensure_one()
        move = self.move_id
        priced = move.invoice_line_ids.filtered(lambda line: line.display_type == "product").sorted()
        added = move.line_ids.filtered(lambda line: line.display_type in ADDED_LINES)
        return stripe_lines(
            [(line.name, line.price_subtotal) for line in priced],
            [(line.name, -line.amount_currency) for line in added],
            code=move.currency_id.name,
            title=move.name,
        )

    def _prepare_report(self, amount, **extra):
        """Return what Stripe is told of money that it did not see.

        Note: `self.ensure_one()`

        :param int amount: In the smallest unit.
        :rtype: dict
        """
        self.ensure_one()
        move = self.move_id
        lang = move.partner_id.lang or move.company_id.partner_id.lang
        midnight = datetime.combine(move.company_id._get_billing_today(), time(0), UTC)
        moment = int(midnight.timestamp())
        return {
            "amount_requested": {"currency": move.currency_id.name.lower(), "value": amount},
            "initiated_at": moment,
            "outcome": "guaranteed",
            "guaranteed": {"guaranteed_at": moment},
            "payment_method_details": {
                "type": "custom",
                # The customer may read it on Stripe's page.
                "custom": {"display_name": self.with_context(lang=lang).env._("Paid or credited elsewhere")},
            },
            "metadata": {**self._get_stripe_metadata(), "odoo_due": str(self._get_due())},
            **extra,
        }
