from datetime import timedelta

from odoo import models
from odoo.tools import format_amount, is_html_empty

DAYS_OF_DUPLICATES = 30
DAYS_OF_USUAL_TOTALS, INVOICES_OF_USUAL_TOTALS, TIMES_USUAL_TOTAL = 365, 3, 3
GONE = ("void", "cancelled")


class AccountMove(models.Model):
    """The checks before finalize. Each takes the drafts of one company and returns `{draft: sentence}`."""

    _inherit = "account.move"

    # === GETTERS === #

    def _get_preflight_vat(self):
        if not self.company_id.vat:
            return {}
        lacking = self.filtered(
            lambda move: move.commercial_partner_id.is_company and not move.commercial_partner_id.vat
        )
        return {
            move: self.env._("%(customer)s has no VAT number.", customer=move.commercial_partner_id.name)
            for move in lacking
        }

    def _get_preflight_einvoice(self):
        """Return what is missing for the e-invoice. What makes e-invoices overrides it."""
        return {}

    def _get_preflight_email(self):
        lacking = self.filtered(lambda move: move.partner_id and not move.partner_id.email)
        return {
            move: self.env._("%(customer)s has no e-mail address.", customer=move.partner_id.display_name)
            for move in lacking
        }

    def _get_preflight_bounced(self):
        bounced = self.filtered(lambda move: move.partner_id.email and move.partner_id.message_bounce)
        return {
            move: self.env._("An e-mail to %(address)s came back before.", address=move.partner_id.email)
            for move in bounced
        }

    def _get_preflight_duplicate(self):
        return {
            move: self.env._(
                "%(customer)s got %(other)s over the same total in the last %(days)s days.",
                customer=move.commercial_partner_id.name,
                other=others[0].name or self.env._("another draft"),
                days=DAYS_OF_DUPLICATES,
            )
            for move, others in self._get_duplicates().items()
        }

    def _get_preflight_price(self):
        messages = {}
        # In sudo mode because whoever finalizes may not read the charges.
        for move_sudo in self.sudo():
            free = move_sudo._get_lines_without_price()
            if free:
                move = move_sudo.sudo(self.env.su)
                messages[move] = self.env._("%(line)s has no price.", line=(free[0].name or "").split("\n")[0])
        return messages

    def _get_preflight_tax(self):
        return {
            move: self.env._("The taxes are not those of %(customer)s.", customer=move.partner_id.name)
            for move in self._get_wrongly_taxed()
        }

    def _get_preflight_unusual(self):
        usual = self._get_usual_totals()
        messages = {}
        for move in self:
            average = usual.get(move.commercial_partner_id, 0.0)
            if average and move.amount_total_signed > TIMES_USUAL_TOTAL * average:
                amount = format_amount(self.env, average, move.company_currency_id)
                messages[move] = self.env._(
                    "The total is more than three times the usual one of %(amount)s.", amount=amount
                )
        return messages

    def _get_preflight_report(self):
        messages = {}
        for move in self:
            order = move._get_unsigned_orders()[:1]
            if order:
                messages[move] = self.env._("The report of %(order)s is not signed.", order=order.name)
        return messages

    # === GETTERS - WHAT THE CHECKS LOOK AT === #

    def _get_duplicates(self):
        """Return the other invoices over the same total for the same customer, those of the last days.

        :rtype: dict
        """
        invoices = self.filtered(lambda move: move.move_type == "out_invoice" and move.amount_total)
        if not invoices:
            return {}
        since = self.company_id._get_billing_today() - timedelta(days=DAYS_OF_DUPLICATES)
        others = self.search_fetch(
            [
                ("commercial_partner_id", "in", invoices.commercial_partner_id.ids),
                ("amount_total", "in", invoices.mapped("amount_total")),
                ("move_type", "=", "out_invoice"),
                ("company_id", "=", self.company_id.id),
                ("billing_status", "not in", GONE),
                "|",
                ("invoice_date", ">=", since),
                ("state", "=", "draft"),
            ],
            ["commercial_partner_id", "currency_id", "amount_total", "name"],
            order="id desc",
        )
        alike = others.grouped(lambda move: (move.commercial_partner_id, move.currency_id, move.amount_total))
        duplicates = {
            move: alike.get((move.commercial_partner_id, move.currency_id, move.amount_total), self.browse()) - move
            for move in invoices
        }
        return {move: found for move, found in duplicates.items() if found}

    def _get_lines_without_price(self):
        """Return the lines that cost nothing although their work is not given away.

        Note: `self.ensure_one()`

        :rtype: recordset of `account.move.line`
        """
        self.ensure_one()
        return self.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and line.currency_id.is_zero(line.price_unit)
                and line.billing_decision in (False, "billable")
            )
        )

    def _get_wrongly_taxed(self):
        """Return the invoices whose fiscal position or taxes are not those that their customer has.

        :rtype: recordset of `account.move`
        """
        invoices = self.filtered(lambda move: move.move_type == "out_invoice" and move.partner_id)
        positions = {
            (partner, delivery): self._get_usual_position(partner, delivery)
            for partner, delivery in {(move.partner_id, move.partner_shipping_id) for move in invoices}
        }
        return invoices.filtered(
            lambda move: (
                positions[move.partner_id, move.partner_shipping_id] != move.fiscal_position_id
                or any(
                    move.fiscal_position_id.map_tax(line.tax_ids)._origin != line.tax_ids._origin
                    for line in move.invoice_line_ids
                    if line.display_type == "product"
                )
            )
        )

    def _get_usual_position(self, partner, delivery):
        positions = self.env["account.fiscal.position"].with_company(self.company_id)
        return positions._get_fiscal_position(partner, delivery=delivery)

    def _get_usual_totals(self):
        """Return the average total of the customers' invoices of the last year, where there were enough of them.

        :return: `{customer: amount in company currency}`
        :rtype: dict
        """
        since = self.company_id._get_billing_today() - timedelta(days=DAYS_OF_USUAL_TOTALS)
        groups = self._read_group(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("billing_status", "not in", GONE),
                ("invoice_date", ">=", since),
            ],
            ["commercial_partner_id"],
            ["amount_total_signed:avg", "__count"],
        )
        return {partner: average for partner, average, count in groups if count >= INVOICES_OF_USUAL_TOTALS}

    def _get_unsigned_orders(self):
        """Return the orders that the draft bills and whose report was never signed.

        Note: `self.ensure_one()`

        :rtype: recordset of `service.order`
        """
        self.ensure_one()
        # In sudo mode because whoever finalizes may not see the order in another technician's hands.
        orders = self.sudo().billing_charge_ids.order_line_id.order_id
        return orders.filtered(lambda order: not is_html_empty(order.report) and not order.signature)
