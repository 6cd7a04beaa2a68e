from datetime import timedelta
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date, formatLang

from ..logic.billing_period import Period
from ..logic.subscription_plan import get_part_amount, get_parts, get_unit_price, subtract


class ServiceSubscriptionLine(models.Model):
    """Which days of a line are billed, for how much, and how that changes from a day on."""

    _inherit = "service.subscription.line"

    # === BUSINESS METHODS - PRICE === #

    def _change_from(self, day, **values):
        """Let the line end the day before, and another one with other values take over.

        Note: `self.ensure_one()`

        :param date day: The first day of the new values.
        :param values: The new quantity, price and discount; a quantity of 0 ends the line.
        :return: The line that takes over, if one does.
        :rtype: recordset of `service.subscription.line`
        :raise UserError: If the line is not billed on that day, or other values follow later already.
        """
        self.ensure_one()
        self.subscription_id._begin_change(running=True)
        self._check_can_change(day)
        # In sudo mode to write what is agreed, which nobody may write by hand.
        line_sudo, successor = self.sudo(), self.sudo().browse()
        if values.get("quantity"):
            successor = line_sudo.copy(self._prepare_successor_values(day, **values))
        line_sudo.write({"valid_to": day - timedelta(days=1)})
        self.subscription_id._log_change(self._get_change_text(day, successor))
        self.subscription_id._apply_plan()
        return successor.sudo(self.env.su)

    def _check_can_change(self, day):
        """Make sure that the line can have other values from a day on. Later stages have a say, too.

        Note: `self.ensure_one()`

        :param date day: The first day of the new values.
        :raise UserError: If it cannot; the sentence says which day can.
        """
        self.ensure_one()
        first = max(self.valid_from or self.subscription_id.start_date, self.subscription_id.start_date)
        last = min(self.valid_to or day, self.subscription_id.end_date or day)
        if not first < day <= last:
            raise UserError(
                self.env._(
                    "Choose a day after %(first)s on which “%(line)s” is billed.",
                    first=format_date(self.env, first),
                    line=self.product_id.display_name,
                )
            )

    def _prepare_successor_values(self, day, **extra):
        """Prepare the line that takes over.

        Note: `self.ensure_one()`

        :param date day: Its first day.
        :rtype: dict
        """
        self.ensure_one()
        return {
            "subscription_id": self.subscription_id.id,
            "valid_from": day,
            "valid_to": self.valid_to,
            "origin_line_id": self.id,
            **extra,
        }

    def _get_change_text(self, day, successor):
        if not successor:
            return self.env._(
                "%(line)s ends before %(day)s.", line=self.product_id.display_name, day=format_date(self.env, day)
            )
        return self.env._(
            "%(line)s from %(day)s on: %(before)s becomes %(after)s.",
            line=self.product_id.display_name,
            day=format_date(self.env, day),
            before=formatLang(self.env, self.price_subtotal, currency_obj=self.currency_id),
            after=formatLang(self.env, successor.price_subtotal, currency_obj=self.currency_id),
        )

    # === GETTERS === #

    def _get_planned_spans(self, until):
        """Return the days that are billed, up to a day.

        Note: `self.ensure_one()`

        :param date until: The last day that counts.
        :rtype: list[Period]
        """
        self.ensure_one()
        subscription = self.subscription_id
        start = max(subscription.start_date, self.valid_from or subscription.start_date)
        stop = min(until, subscription.end_date or until, self.valid_to or until)
        return subtract([Period(start, stop)], subscription._get_pause_spans(until)) if start <= stop else []

    def _get_open_parts(self, until, covered):
        """Return what is to be billed, up to a day, and is not yet.

        Note: `self.ensure_one()`

        :param date until: The last day that counts.
        :param list covered: The days that are billed already.
        :rtype: list[Part]
        """
        self.ensure_one()
        spans = subtract(self._get_planned_spans(until), covered)
        return get_parts(self.subscription_id._get_rhythm(), spans)

    def _get_part_shares(self, part):
        """Return the prices, after discount, and shares of all that is billed of a period up to a part of this line:
        by the lines that it took over from, and by itself.

        Note: `self.ensure_one()`

        :param Part part: The days.
        :rtype: list[tuple[Decimal, Fraction]]
        """
        self.ensure_one()
        rhythm, shares, line = self.subscription_id._get_rhythm(), [], self
        while line:
            until = part.days.start - timedelta(days=1)
            spans = [span.clip(part.period.start, None) for span in line._get_planned_spans(until)]
            earlier = get_parts(rhythm, list(filter(None, spans)))
            shares = [(line._get_exact_price(), other.share) for other in earlier] + shares
            line = line.origin_line_id
        return [*shares, (self._get_exact_price(), part.share)]

    def _get_exact_price(self):
        price, quantity, discount = (Decimal(str(value)) for value in (self.price_unit, self.quantity, self.discount))
        return price * quantity * (100 - discount) / 100

    def _prepare_part_values(self, part):
        """Prepare quantity and price of a part: those of the line for all of a period, else by days.

        Note: `self.ensure_one()`

        :param Part part: The days.
        :rtype: dict
        """
        self.ensure_one()
        if part.is_whole or self.discount >= 100:
            return {"quantity": self.quantity, "price_unit": self.price_unit, "discount": self.discount}
        amount = get_part_amount(self._get_part_shares(part), Decimal(str(self.currency_id.rounding)))
        step = Decimal(1).scaleb(-self.env["decimal.precision"].precision_get("Product Price"))
        discount = Decimal(str(self.discount))
        for quantity in (Decimal(str(self.quantity)), Decimal(1)):
            price = get_unit_price(amount, quantity=quantity, discount=discount, step=step)
            if price is not None:
                return {"quantity": float(quantity), "price_unit": float(price), "discount": self.discount}
        return {"quantity": 1.0, "price_unit": float(amount), "discount": 0.0}

    def _get_part_total(self, part):
        """Return what a part costs without taxes.

        Note: `self.ensure_one()`

        :param Part part: The days.
        :rtype: float
        """
        self.ensure_one()
        values, engine = self._prepare_part_values(part), self.env["account.tax"]
        discount = values["discount"] if self.billing_decision == "billable" else 100.0
        base_line = {**self._prepare_base_line(), **values, "discount": discount}
        company = self.company_id or self.env.company
        engine._add_tax_details_in_base_line(base_line, company)
        engine._round_base_lines_tax_details([base_line], company)
        return base_line["tax_details"]["total_excluded_currency"]

    def _get_part_text(self, part):
        """Return how the customer reads a part, in the customer's language.

        Note: `self.ensure_one()`

        :param Part part: The days.
        :rtype: str
        """
        self.ensure_one()
        line = self.with_context(lang=self.partner_id.lang)
        days = line.subscription_id._get_span_text(part.days)
        if part.is_whole:
            return f"{self.name}\n{days}"
        text = line.env._(
            "%(days)s (%(count)s of %(total)s days)", days=days, count=part.days.days, total=part.period.days
        )
        if self.product_uom_id.compare(self._prepare_part_values(part)["quantity"], self.quantity):
            digits = 0 if self.quantity.is_integer() else 2
            return f"{formatLang(line.env, self.quantity, digits=digits)} \N{MULTIPLICATION SIGN} {self.name}\n{text}"
        return f"{self.name}\n{text}"
