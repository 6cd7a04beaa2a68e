from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang, unique

from ..settings.row_lock import touch_rows


class ServiceSubscription(models.Model):
    _inherit = "service.subscription"

    charge_ids = fields.One2many("service.charge", "subscription_id", string="Charges")
    charge_count = fields.Integer(string="Open Charges", compute="_compute_charge_counts")
    invoice_count = fields.Integer(string="Invoices", compute="_compute_charge_counts")
    excess_text = fields.Text(string="Invoiced Too Much", compute="_compute_excess_text")

    # === COMPUTE METHODS === #

    @api.depends("charge_ids.state", "charge_ids.invoice_id")
    def _compute_charge_counts(self):
        groups = self.env["service.charge"]._read_group(
            [("subscription_id", "in", self.ids)], ["subscription_id", "state"], ["__count"]
        )
        counts = {(subscription.id, state): count for subscription, state, count in groups}
        for subscription in self:
            subscription.charge_count = counts.get((subscription._origin.id, "open"), 0)
            subscription.invoice_count = len(subscription._get_invoices())

    @api.depends("charge_ids.state", "charge_ids.credited_quantity", "state", "line_ids.valid_to", "pause_ids")
    def _compute_excess_text(self):
        for subscription in self:
            sentences = subscription._origin._get_excess_sentences()
            subscription.excess_text = "\n".join(sentences)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_charged(self):
        # In sudo mode to see charges of whoever deletes the subscription.
        charged = self.sudo().filtered("charge_ids")[:1]
        if charged:
            raise UserError(
                self.env._("%(subscription)s has charges and stays: cancel it instead.", subscription=charged.name)
            )

    # === ACTION METHODS === #

    def action_set_draft(self):
        """Take the activation back, and the charges with it, unless one of them is billed or waived."""
        super().action_set_draft()
        # In sudo mode because charges of subscriptions are removed by the ledger only.
        charges_sudo = self.sudo().charge_ids
        billed = charges_sudo.filtered(lambda charge: charge.state not in ("pending", "open"))[:1]
        if billed:
            raise UserError(
                self.env._(
                    "“%(charge)s” is billed or waived already: cancel the subscription instead.",
                    charge=billed._get_title(),
                )
            )
        charges_sudo.unlink()

    def action_view_charges(self):
        """Open the charges of the subscriptions.

        :rtype: dict
        """
        return self.charge_ids._get_records_action(name=self.env._("Charges"))

    def action_view_invoices(self):
        """Open the invoices and credit notes of the subscriptions.

        :rtype: dict
        """
        return self._get_invoices()._get_records_action(name=self.env._("Invoices"))

    def action_credit_excess(self):
        """Open the wizard that credits the invoices which bill more than what is agreed.

        :rtype: dict
        """
        invoices = self.env["service.charge"].union(*self.line_ids._get_excess_charges()).invoice_id
        action = self.env["ir.actions.actions"]._for_xml_id("account.action_view_account_move_reversal")
        return {
            **action,
            "name": self.env._("Credit Note"),
            "context": {"active_model": "account.move", "active_ids": invoices.ids},
        }

    # === BUSINESS METHODS - CHARGES === #

    def _apply_plan(self):
        """Make charges follow: those that are not invoiced are cut, what is due already is charged."""
        super()._apply_plan()
        # In sudo mode to write the ledger, which nobody may write by hand.
        active_sudo = self.sudo().filtered("activated_at")
        active_sudo.line_ids._adapt_charges()
        for company, subscriptions in active_sudo.grouped("company_id").items():
            subscriptions._create_charges(company._get_billing_today())

    def _create_charges(self, until):
        """Create the charges of all that is due by a day and not charged yet, in one call. Running again creates none.

        Only in sudo mode.

        :param date until: The last day that counts.
        :return: The new charges.
        :rtype: recordset of `service.charge`
        """
        due = self.browse(unique(subscription.id for subscription, *_part in self._get_all_due_parts(until)))
        touch_rows(due)
        return self.env["service.charge"].create(
            [line._prepare_charge_values(part, until) for _subscription, line, part in due._get_all_due_parts(until)]
        )

    def _get_all_due_parts(self, until):
        covered = self._get_covered_spans()
        return [
            (subscription, line, part)
            for subscription in self
            if subscription.activated_at
            for line, part in subscription._get_due_parts(until, covered)
        ]

    # === GETTERS === #

    @api.model
    def _get_plan_fields(self):
        return (*super()._get_plan_fields(), "charge_ids.period_start", "charge_ids.period_stop")

    def _get_covered_spans(self):
        covered = defaultdict(list, super()._get_covered_spans())
        # In sudo mode to see the whole ledger.
        charges_sudo = (
            self.env["service.charge"]
            .sudo()
            .search_fetch(
                [("subscription_id", "in", self.ids)], ["subscription_line_id", "period_start", "period_stop"]
            )
        )
        for charge in charges_sudo:
            covered[charge.subscription_line_id.sudo(self.env.su)].append(charge._get_period())
        return covered

    def _get_invoices(self):
        charges = self.charge_ids
        return charges.invoice_id | charges.credit_ids.credit_line_id.move_id

    def _get_excess_sentences(self):
        """Return what is invoiced of days that are not agreed any more, a sentence for each invoice and part of it.

        :rtype: list[str]
        """
        totals = defaultdict(float)
        for charge, spans in self.line_ids._get_excess_charges().items():
            share = sum(span.days for span in spans) / charge._get_period().days
            totals[(charge.invoice_id, charge.currency_id, tuple(spans))] += charge.price_total * share
        return [
            self.env._(
                "%(invoice)s bills %(count)s days that are not agreed any more (%(days)s): %(amount)s too much.",
                invoice=invoice.name,
                count=sum(span.days for span in spans),
                days=", ".join(self._get_span_text(span) for span in spans),
                amount=formatLang(self.env, total, currency_obj=currency),
            )
            for (invoice, currency, spans), total in totals.items()
        ]
