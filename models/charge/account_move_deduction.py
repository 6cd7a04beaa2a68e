from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..settings.row_lock import touch_rows
from .tax_split import TaxSplit, round_base_lines, split_by_tax

LAST = 10_000


class AccountMove(models.Model):
    """The work's invoice deducts what was billed in advance: tax by tax, as it was billed, and never more than the work
    on the invoice.
    """

    _inherit = "account.move"

    # === BUSINESS METHODS - DEDUCTIONS === #

    def _apply_deductions(self, *, strict=False):
        """Make the deductions on drafts fit their work and the deposits that are left.

        :param bool strict: Refuse where a deposit is left because it is taxed otherwise than the work.
        :raise UserError: If it is refused; the sentence says what to do.
        """
        # In sudo mode to write the ledger, which nobody may write by hand.
        drafts = self.sudo().filtered(lambda move: move.state == "draft")
        orders = drafts.billing_charge_ids.order_line_id.order_id
        deposits = self._get_deposits(orders) if orders else self.env["service.charge"].sudo()
        drafts.billing_charge_ids.filtered(lambda charge: charge.kind == "deduction").invoice_line_id.unlink()
        if not deposits:
            return
        touch_rows(deposits)
        for move in drafts:
            values = move._prepare_deductions(deposits, strict=strict)
            move._create_deductions(values)

    def _get_deposits(self, orders):
        """Return the invoiced deposits that invoices of the orders may deduct: their own, those of other orders of the
        same quotation, and those that are for them, too.

        :rtype: recordset of `service.charge`
        """
        quotations = orders.sale_order_id
        domain = (
            Domain("milestone_id.order_id", "in", orders.ids)
            | Domain("milestone_id.shared_order_ids", "in", orders.ids)
            | Domain("milestone_id.order_id.sale_order_id", "in", quotations.ids)
        )
        return (
            self.env["service.charge"]
            .sudo()
            .search(Domain("milestone_id", "!=", False) & Domain("state", "=", "invoiced") & domain, order="date, id")
        )

    def _prepare_deductions(self, deposits, *, strict):
        """Prepare what one draft deducts of the deposits.

        Note: `self.ensure_one()`

        :return: A list of `{'charge': dict, 'deposit': record, 'amount': float}`.
        :rtype: list[dict]
        """
        self.ensure_one()
        # Several deposits of several taxes round off by themselves.
        values, cents = [], self.currency_id.rounding * len(deposits)
        for order, work in self._get_work_splits().items():
            own = deposits.filtered(lambda deposit, order=order: self._is_for(deposit, order))
            left = self.env["service.charge"].sudo()
            for deposit in own:
                rest = deposit._get_deductible() - sum(v["amount"] for v in values if v["deposit"] == deposit)
                split = work.get(TaxSplit.of_charge(deposit).key)
                amount = min(rest, split.total) if split else 0.0
                if self.currency_id.compare_amounts(amount, 0.0) > 0:
                    taken = split.take(TaxSplit.of_charge(deposit), amount, self.currency_id)
                    charge = self._prepare_deduction_values(deposit, order, taken)
                    values.append({"charge": charge, "deposit": deposit, "amount": amount})
                if self.currency_id.compare_amounts(rest - amount, cents) > 0 and deposit.order_id == order:
                    left |= deposit
            if strict and left and order.state == "done":
                self._check_same_tax(left[0], work.values())
        return values

    def _create_deductions(self, values):
        self.ensure_one()
        charges = self.env["service.charge"].sudo().create([value["charge"] for value in values])
        self.write(
            {
                "invoice_line_ids": [
                    Command.create(
                        charge._prepare_invoice_line_values(
                            sequence=LAST + index, billing_charge_ids=[Command.link(charge.id)]
                        )
                    )
                    for index, charge in enumerate(charges)
                ]
            }
        )
        self.env["service.deposit.use"].sudo().create(
            [
                {
                    "deposit_charge_id": value["deposit"].id,
                    "deduction_charge_id": charge.id,
                    "amount": value["amount"],
                }
                for charge, value in zip(charges, values, strict=True)
            ]
        )

    def _check_same_tax(self, deposit, splits):
        """Make sure that a deposit is not left over while work of its order, taxed otherwise, is billed in full.

        :raise UserError: If it is.
        """
        unpaid = sum(split.total for split in splits)
        if self.currency_id.compare_amounts(unpaid, 0.0) > 0:
            raise UserError(
                self.env._(
                    "%(invoice)s has more of its tax than the work: deducting it would make that tax negative, so "
                    "credit what is too much of it first.",
                    invoice=deposit.invoice_id.name,
                )
            )

    def _prepare_deduction_values(self, deposit, order, taken):
        """Prepare the charge that deducts a deposit.

        :param deposit: The charge of the deposit.
        :param order: The service order whose work deducts it.
        :param TaxSplit taken: What it deducts, in the document's currency.
        :rtype: dict
        """
        key = f"service_deduction,{self.id},{deposit.id},{order.id}"
        return {
            "company_id": deposit.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": deposit.currency_id.id,
            "fiscal_position_id": deposit.fiscal_position_id.id,
            "kind": "deduction",
            "name": self._get_deduction_name(deposit),
            "date": deposit.company_id._get_billing_today(),
            "quantity": -1.0,
            "product_uom_id": deposit.product_uom_id.id,
            "price_unit": taken.price_unit,
            "tax_ids": [Command.set(deposit.tax_ids.ids)],
            "order_id": order.id,
            "extra_tax_data": taken.export(deposit.currency_id, key=key, quantity=-1.0),
        }

    # === GETTERS === #

    def _has_deductions(self):
        self.ensure_one()
        # In sudo mode because whoever looks at the invoice may not read its charges.
        return any(charge.kind == "deduction" for charge in self.sudo().billing_charge_ids)

    def _is_for(self, deposit, order):
        """Tell whether the work of an order on this document may deduct a deposit.

        :rtype: bool
        """
        milestone = deposit.milestone_id
        has_order = order in (milestone.order_id | milestone.shared_order_ids) or (
            order.sale_order_id and order.sale_order_id == milestone.order_id.sale_order_id
        )
        own = (self.company_id, self.commercial_partner_id, self.currency_id)
        return has_order and (deposit.company_id, deposit.commercial_partner_id, deposit.currency_id) == own

    def _get_work_splits(self):
        """Return what the work on the document amounts to by order and taxes, rounded as the document is.

        Note: `self.ensure_one()`

        :return: `{order: {tax key: TaxSplit}}`, in the document's currency.
        :rtype: dict
        """
        self.ensure_one()
        splits = {}
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        base_lines = [self._prepare_product_base_line_for_taxes_computation(line) for line in lines]
        round_base_lines(base_lines, self.company_id)
        for base_line in base_lines:
            order = base_line["record"].billing_charge_ids.order_line_id.order_id
            if order:
                splits.setdefault(order, []).append(base_line)
        return {order: split_by_tax(order_lines) for order, order_lines in splits.items()}

    def _get_deduction_name(self, deposit):
        """Return what the customer reads about a deduction, in the customer's language.

        :rtype: str
        """
        move = self.with_context(lang=self.partner_id.lang or self.env.lang)
        invoice = deposit.invoice_id
        return move.env._(
            "Less invoice %(number)s of %(date)s: %(deposit)s",
            number=invoice.name,
            date=format_date(move.env, invoice.invoice_date),
            deposit=deposit._get_title(),
        )
