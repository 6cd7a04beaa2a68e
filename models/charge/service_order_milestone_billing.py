from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools.misc import formatLang

from ..logic import advance_plan
from ..settings.row_lock import touch_rows
from .tax_split import TaxSplit, round_base_lines, split_by_tax


class ServiceOrderMilestone(models.Model):
    """From milestones to charges: one a tax, each once."""

    _inherit = "service.order.milestone"

    # === ACTION METHODS === #

    def action_bill(self):
        """Make the charges of planned milestones.

        :raise UserError: If one is billed already, or comes to more than is left of what was agreed.
        """
        self.check_access("write")
        touch_rows(self.order_id)
        self.invalidate_recordset()
        self._check_planned()
        for milestone in self:
            for message in milestone._get_bill_constraints().values():
                raise UserError(message)
            milestone._create_charges()

    # === BUSINESS METHODS - BILLING === #

    def _bill_reached(self, today):
        """Make the charges of those milestones that are due; one that cannot be billed yet stays as it is.

        :param date today: The day that counts.
        :return: The new charges.
        :rtype: recordset of `service.charge`
        """
        touch_rows(self.order_id)
        self.invalidate_recordset()
        charges = self.env["service.charge"]
        for milestone in self.filtered(lambda milestone: milestone.state == "planned"):
            if milestone._is_reached(today) and not milestone._get_bill_constraints():
                charges |= milestone._create_charges()
        return charges

    def _create_charges(self):
        self.ensure_one()
        base_lines = self._prepare_base_lines()
        round_base_lines(base_lines, self.company_id)
        splits = self._get_last_splits(base_lines) or self._get_share_splits(base_lines)
        values = [
            self._prepare_charge_values(split, milestone_part=part)
            for part, split in enumerate(splits)
            if not self.currency_id.is_zero(split.total)
        ]
        # In sudo mode to write the ledger, which nobody may write by hand.
        return self.env["service.charge"].sudo().create(values).sudo(self.env.su)

    def _get_share_splits(self, base_lines):
        """Return the milestone's share of each tax of the work.

        Note: `self.ensure_one()`

        :param list base_lines: The work for core's tax engine, rounded.
        :rtype: list[TaxSplit]
        """
        self.ensure_one()
        engine = self.env["account.tax"]
        lines = engine._prepare_down_payment_lines(base_lines, self.company_id, "fixed", self.total)
        round_base_lines(lines, self.company_id)
        return list(split_by_tax(lines).values())

    def _get_last_splits(self, base_lines):
        """Return what is left of each tax for a milestone that bills all that is left; nothing for any other.

        Note: `self.ensure_one()`

        :param list base_lines: The work for core's tax engine, rounded.
        :rtype: list[TaxSplit]
        """
        self.ensure_one()
        splits = split_by_tax(base_lines)
        advances = (self.order_id.milestone_ids - self)._filter_counted().charge_ids
        billed = [TaxSplit.of_charge(charge) for charge in advances]
        if not {split.key for split in billed} <= splits.keys():
            return []
        for split in billed:
            splits[split.key].subtract(split)
        left = list(splits.values())
        is_last = self.currency_id.compare_amounts(sum(split.total for split in left), self.total) == 0
        return left if is_last and all(split.total >= 0 for split in left) else []

    def _prepare_base_lines(self):
        """Prepare what decides on which taxes the milestone is billed, for core's tax engine.

        Note: `self.ensure_one()`

        :rtype: list[dict]
        """
        self.ensure_one()
        if not self.tax_ids:
            return self.order_id._prepare_agreed_base_lines()
        return [
            self.env["account.tax"]._prepare_base_line_for_taxes_computation(
                self,
                tax_ids=self.tax_ids,
                price_unit=self.total,
                quantity=1.0,
                partner_id=self.partner_id,
                currency_id=self.currency_id,
                rate=1.0,
            )
        ]

    def _prepare_charge_values(self, split, **extra):
        """Prepare the charge that bills the milestone's share of one tax.

        Note: `self.ensure_one()`

        :param TaxSplit split: The share, with its tax.
        :rtype: dict
        """
        self.ensure_one()
        order = self.order_id
        return {
            "company_id": self.company_id.id,
            "partner_id": self._get_billed_address().id,
            "currency_id": self.currency_id.id,
            "fiscal_position_id": order.fiscal_position_id.id,
            "kind": self.kind,
            "name": self._get_charge_name(),
            "date": self.company_id._get_billing_today(),
            "quantity": 1.0,
            "product_uom_id": self.env.ref("uom.product_uom_unit").id,
            "price_unit": split.price_unit,
            "tax_ids": [Command.set(split.tax_ids.ids)],
            "extra_tax_data": split.export(self.currency_id, key=f"service_milestone,{self.id}", quantity=1.0),
            "milestone_id": self.id,
            "order_id": order.id,
            **extra,
        }

    # === GETTERS === #

    @api.model
    def _search_due(self, company, until):
        """Return the planned milestones that are due and can be billed.

        :param company: The company that bills.
        :param date until: The last day that counts.
        :rtype: recordset of `service.order.milestone`
        """
        planned = self.search(
            Domain("state", "=", "planned")
            & Domain("company_id", "in", company.ids)
            & Domain("order_id.state", "not in", ("done", "cancelled"))
            & Domain("due_on", "in", ("date", "confirmed", "started"))
        )
        return planned.filtered(
            lambda milestone: milestone._is_reached(until) and not milestone._get_bill_constraints()
        )

    def _get_billed_address(self):
        """Return who gets the invoice.

        Note: `self.ensure_one()`

        :rtype: recordset of `res.partner`
        """
        self.ensure_one()
        return self.order_id.partner_invoice_id or self.order_id.partner_id

    def _get_bill_constraints(self):
        """Return what keeps a milestone from being billed.

        Note: `self.ensure_one()`

        :return: `{code: message}`, a sentence each; empty when nothing does.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        order, constraints = self.order_id, {}
        if order.state == "cancelled":
            constraints["cancelled"] = self.env._("%(order)s is cancelled.", order=order.display_name)
        if order.state == "done":
            constraints["done"] = self.env._(
                "%(order)s is done: its final invoice bills what is left.", order=order.display_name
            )
        if self.currency_id.compare_amounts(self.total, 0.0) <= 0:
            constraints["nothing"] = self.env._(
                "Plan the work of %(order)s or enter its agreed total first.", order=order.display_name
            )
        elif self.currency_id.compare_amounts(self.total, order.remaining_total) > 0:
            constraints["over"] = self.env._(
                "“%(milestone)s” comes to more than the %(remaining)s that are left of what was agreed.",
                milestone=self.name,
                remaining=formatLang(self.env, order.remaining_total, currency_obj=self.currency_id),
            )
        return constraints

    def _get_share(self):
        """Return the milestone as the rules of billing plans see it.

        Note: `self.ensure_one()`

        :rtype: advance_plan.Share
        """
        self.ensure_one()
        is_percent = self.share_type == "percent"
        charges = self.charge_ids
        return advance_plan.Share(
            percentage=Decimal(str(round(self.percentage, 2))) if is_percent else None,
            amount=None if is_percent else _to_decimal(self.amount, self.currency_id),
            billed=_to_decimal(sum(charges.mapped("price_total")), self.currency_id) if charges else None,
        )

    def _get_charge_name(self):
        """Return what the customer reads, in the customer's language.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        env = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        total = formatLang(env, self.order_id.agreed_total, currency_obj=self.currency_id)
        if self.share_type == "amount":
            detail = env._("Service order %(order)s", order=self.order_id.name)
        else:
            percentage = formatLang(env, self.percentage, digits=2).removesuffix("00").rstrip(".,")
            detail = env._(
                "Service order %(order)s: %(percentage)s %% of %(total)s",
                order=self.order_id.name,
                percentage=percentage,
                total=total,
            )
        return f"{self.name}\n{detail}"


def _to_decimal(amount, currency):
    return Decimal(str(currency.round(amount)))
