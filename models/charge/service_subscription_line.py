from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import format_date

from ..logic.subscription_plan import Part, subtract


class ServiceSubscriptionLine(models.Model):
    _inherit = "service.subscription.line"

    charge_ids = fields.One2many("service.charge", "subscription_line_id", string="Charges")

    # === BUSINESS METHODS - CHARGES === #

    def _adapt_charges(self):
        """Make the charges that are not invoiced yet follow the plan: cut what is not billed any more, remove what has
        no day left. What somebody corrected on a charge that keeps its days stays.
        """
        obsolete = self.env["service.charge"]
        for line in self:
            for charge in line.charge_ids.filtered(lambda charge: charge.state in ("pending", "open", "drafted")):
                spans = line._get_planned_spans(charge.period_stop)
                kept = [span for span in spans if span.stop >= charge.period_start]
                if not kept:
                    obsolete |= charge
                elif (days := kept[0].clip(charge.period_start, None)) != charge._get_period():
                    period = line.subscription_id._get_rhythm().get_period_of(days.start)
                    charge.write(line._prepare_charge_part_values(Part(period, days)))
        obsolete._take_off_draft()
        obsolete.unlink()

    def _check_can_change(self, day):
        """Refuse days that are invoiced: another price may only follow."""
        super()._check_can_change(day)
        # In sudo mode to see the whole ledger.
        settled = self.sudo().charge_ids.filtered(lambda charge: charge.state in ("invoiced", "waived"))
        last = max(settled.mapped("period_stop"), default=None)
        if last and last >= day:
            raise UserError(
                self.env._(
                    "“%(line)s” is invoiced until %(last)s: choose %(next)s or later.",
                    line=self.product_id.display_name,
                    last=format_date(self.env, last),
                    next=format_date(self.env, last + timedelta(days=1)),
                )
            )

    def _prepare_charge_values(self, part, until, **extra):
        """Prepare the charge of a part. What is due with its period but begins later carries the day on which it is
        charged, so that it goes on the same invoice.

        Note: `self.ensure_one()`

        :param Part part: The days.
        :param date until: The last day that counts.
        :rtype: dict
        """
        self.ensure_one()
        subscription = self.subscription_id
        return {
            "company_id": self.company_id.id,
            "partner_id": (subscription.partner_invoice_id or subscription.partner_id).id,
            "currency_id": self.currency_id.id,
            "fiscal_position_id": subscription.fiscal_position_id.id,
            "subscription_line_id": self.id,
            "kind": "recurring",
            "date": max(subscription._get_due_date(part), min(part.days.start, until)),
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "billing_decision": self.billing_decision,
            **self._prepare_charge_part_values(part),
            **extra,
        }

    def _prepare_charge_part_values(self, part):
        """Prepare what a charge has from the days that it bills.

        Note: `self.ensure_one()`

        :param Part part: The days.
        :rtype: dict
        """
        self.ensure_one()
        return {
            **self._prepare_part_values(part),
            "name": self._get_part_text(part),
            "period_start": part.days.start,
            "period_stop": part.days.stop,
        }

    # === GETTERS === #

    def _get_excess_charges(self):
        """Return the invoiced charges of days that are not billed any more, and of which nothing was credited.

        :return: `{charge: [Period]}`, with the days that are too much.
        :rtype: dict
        """
        excess = {}
        for line in self:
            for charge in line.charge_ids.filtered(lambda charge: charge.state == "invoiced"):
                days = subtract([charge._get_period()], line._get_planned_spans(charge.period_stop))
                if days and not charge.credited_quantity:
                    excess[charge] = days
        return excess
