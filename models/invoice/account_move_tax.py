from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..settings.row_lock import wait_for_rows


class AccountMove(models.Model):
    """One choice of taxes for all lines of a draft, and a breakdown that never puts two rates in one row."""

    _inherit = "account.move"

    billing_tax_breakdown = fields.Html(
        string="Taxes by Rate", compute="_compute_billing_tax_breakdown", sanitize=False
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    def _compute_billing_tax_breakdown(self):
        for move in self:
            rows = move.billing_managed and move._get_tax_rows()
            values = {"rows": rows, "currency": move.currency_id}
            move.billing_tax_breakdown = rows and self.env["ir.qweb"]._render("service_billing.tax_breakdown", values)

    # === ACTION METHODS === #

    def action_billing_set_tax(self):
        """Ask which taxes all lines of the draft shall have.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Tax on All Lines"),
            "res_model": "service.invoice.tax",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    # === BUSINESS METHODS - TAXES === #

    def _set_taxes(self, taxes):
        """Give all lines of a draft the same taxes; where a line bills a charge, the charge has them first. What is
        deducted of a deposit keeps the taxes of the deposit.

        Note: `self.ensure_one()`

        :param taxes: The taxes; none bills without tax.
        :raise UserError: If the document is no draft, or its taxes follow from another document.
        """
        self.ensure_one()
        self.check_access("write")
        wait_for_rows(self)
        self._check_taxes_open()
        values = {"tax_ids": [Command.set(taxes.ids)]}
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        charges = lines.billing_charge_ids
        own = charges.filtered(lambda charge: charge.kind != "deduction")
        known = own.filtered("is_changed")
        own.write(values)
        # In sudo mode to take the mark back, which nobody may write by hand: who chose the taxes knows of them.
        (own - known).sudo().is_changed = False
        (lines.exists() - charges.exists().invoice_line_id).write(values)

    def _check_taxes_open(self):
        if self.state != "draft":
            raise UserError(self.env._("%(number)s is finalized: its taxes cannot change.", number=self.display_name))
        if self.reversed_entry_id:
            raise UserError(self.env._("A credit note has the taxes of the invoice that it credits."))

    # === GETTERS === #

    def _get_tax_rows(self):
        """Return base and tax of each tax, where the totals would put several rates of a tax group in one row.

        Note: `self.ensure_one()`

        :return: `[{'label': str, 'base': float, 'tax': float}]` in the document's currency, highest rate first; empty
            where the totals have a row for each rate.
        :rtype: list[dict]
        """
        self.ensure_one()
        taxes = self.invoice_line_ids.tax_ids.flatten_taxes_hierarchy()
        if not any(len(set(group.mapped("amount"))) > 1 for group in taxes.grouped("tax_group_id").values()):
            return []
        engine = self.env["account.tax"]
        base_lines, _tax_lines = self._get_rounded_base_and_tax_lines()
        details = engine._aggregate_base_lines_tax_details(base_lines, lambda _line, data: data and data["tax"])
        sums = engine._aggregate_base_lines_aggregated_values(details)
        return [
            {
                "label": tax.invoice_label or tax.name,
                "base": sums[tax]["base_amount_currency"],
                "tax": sums[tax]["tax_amount_currency"],
            }
            for tax in sorted(filter(None, sums), key=lambda tax: (-tax.amount, tax.id))
        ]
