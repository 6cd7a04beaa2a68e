from decimal import Decimal

from odoo import models
from odoo.tools import format_date

from ..logic import epc_payment
from ..print.qr_code import draw_qr_code


class AccountMove(models.Model):
    """What the printed invoice and credit note say beyond core's, in the language of the environment."""

    _inherit = "account.move"

    # === GETTERS === #

    def _get_name_invoice_report(self):
        """Override of `account` to print documents of ours on our paper; a country's own paper goes first."""
        name = super()._get_name_invoice_report()
        is_ours = self.billing_managed and name == "account.report_invoice_document"
        return "service_billing.report_invoice_document" if is_ours else name

    def _get_invoice_proforma_pdf_report_filename(self):
        """Override of `account`: once finalized, a document of ours is no pro forma, whether or not it was sent."""
        if self.billing_managed and self.state == "posted":
            return self._get_invoice_report_filename()
        return super()._get_invoice_proforma_pdf_report_filename()

    def _get_print_line_notes(self):
        """Return what stands below the description of lines that bill or credit a charge.

        Note: `self.ensure_one()`

        :return: `{line id: {'decision': 'Warranty', 'text': 'S00012 · Warranty'}}`; the decision is empty where the
            work is billed, the text names the service order only where there are several.
        :rtype: dict[int, dict]
        """
        self.ensure_one()
        decisions = dict(self.env["service.charge"]._fields["billing_decision"]._description_selection(self.env))
        decisions["billable"] = ""
        notes = {}
        # In sudo mode because whoever prints the document may not read its charges.
        move_sudo = self.sudo()
        has_orders = len(move_sudo.service_order_ids) > 1
        for line in move_sudo.invoice_line_ids:
            charge = line._get_print_charge()
            decision = decisions.get(charge.billing_decision, "")
            serial = charge.lot_id and self.env._("Serial number %(number)s", number=charge.lot_id.name)
            parts = (has_orders and charge.order_id.name, serial, decision)
            notes[line.id] = {"decision": decision, "text": " · ".join(filter(None, parts))}
        return notes

    def _get_print_work(self):
        """Return the work that the invoice bills, order by order, as it was when it was billed.

        Note: `self.ensure_one()`

        :return: Values as `_prepare_print_work_values` prepares them.
        :rtype: list[dict]
        """
        self.ensure_one()
        # In sudo mode because whoever prints the document may not read its charges and service orders.
        charges = (
            self.sudo()._get_billed_charges().filtered("order_line_id").sorted(lambda charge: (charge.date, charge.id))
        )
        return [
            self._prepare_print_work_values(order, charges) for order, charges in charges.grouped("order_id").items()
        ]

    def _prepare_print_work_values(self, order, charges):
        """Prepare the work of one order.

        :param order: The service order, in sudo mode.
        :param charges: Those of its charges that the invoice bills.
        :return: `{'order': str, 'date': str, 'place': str, 'times': [dict], 'signature': dict}`; times and signature as
            `service.order` prepares them; the place only where it is not the invoice address.
        :rtype: dict
        """
        is_elsewhere = order.partner_shipping_id != self.partner_id
        return {
            "order": order.name,
            "date": format_date(self.env, charges[-1].date),
            "place": order._get_print_place() if is_elsewhere else "",
            "times": [
                order._prepare_print_time_values(
                    charge,
                    day=format_date(self.env, charge.date),
                    logged=charge.logged_quantity,
                    billed=charge.quantity,
                )
                for charge in charges
                if charge.kind == "labor" and not charge.is_on_annex
            ],
            "signature": order._get_print_signature(),
        }

    def _get_print_order_numbers(self):
        """Return the numbers of the service orders that the document bills or credits, such as "S00012, S00013".

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        # In sudo mode because whoever prints the document may not read service orders.
        return ", ".join(sorted(self.sudo().service_order_ids.mapped("name")))

    def _get_print_credited_invoice(self):
        """Return which invoice a credit note takes back, such as "Invoice INV/2026/00012 of 11/21/2026".

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        invoice = self.reversed_entry_id
        date = format_date(self.env, invoice.invoice_date)
        return self.env._("Invoice %(number)s of %(date)s", number=invoice.name, date=date)

    def _get_print_credit_reason(self):
        """Return why a credit note was made, such as "Goodwill: the boiler failed again".

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        labels = dict(self._fields["billing_credit_reason"]._description_selection(self.env))
        return ": ".join(filter(None, (labels.get(self.billing_credit_reason), self.billing_credit_text)))

    def _get_print_settlement(self, payment):
        """Return what settled a part of the document.

        Note: `self.ensure_one()`

        :param dict payment: An entry of `invoice_payments_widget`.
        :rtype: str
        """
        self.ensure_one()
        # In sudo mode because the other document may belong to another branch of the company.
        counterpart = self.env["account.move"].sudo().browse(payment["move_id"])
        date = format_date(self.env, payment["date"])
        if counterpart.move_type == "out_refund":
            return self.env._("Credit note %(number)s", number=counterpart.name)
        if self.move_type == "out_refund" and counterpart.move_type == "out_invoice":
            return self.env._("Deducted from %(number)s", number=counterpart.name)
        if self.move_type == "out_refund":
            return self.env._("Refunded on %(date)s", date=date)
        return self.env._("Paid on %(date)s", date=date)

    def _get_print_account(self):
        """Return the bank account to which the invoice is to be paid.

        Note: `self.ensure_one()`

        :return: `{'number': str, 'is_iban': bool, 'routing': str, 'holder': str, 'bank': 'Red Bank (REDBDE11)',
            'bic': str}`; empty without an account.
        :rtype: dict
        """
        self.ensure_one()
        # In sudo mode because whoever prints the invoice may not read bank accounts; this one is on it.
        account = self.sudo().partner_bank_id
        if not account:
            return {}
        is_iban = epc_payment.is_iban(account.acc_number)
        bank, bic = account.bank_id.name or "", account.bank_bic or ""
        return {
            "number": epc_payment.format_iban(account.acc_number) if is_iban else account.acc_number,
            "is_iban": is_iban,
            "routing": account.clearing_number or "",
            "holder": account.acc_holder_name or account.partner_id.name,
            "bank": f"{bank} ({bic})" if bank and bic else bank or bic,
            "bic": bic,
        }

    def _get_epc_payload(self):
        """Return what the QR code for the payment of what is left to pay says.

        Note: `self.ensure_one()`

        :return: Empty unless the invoice is finalized, in euros, and to be paid to an IBAN in the SEPA zone.
        :rtype: str
        """
        self.ensure_one()
        is_payable = self.move_type == "out_invoice" and self.state == "posted" and self.currency_id.name == "EUR"
        account = self._get_print_account() if is_payable else {}
        if not account or account["number"][:2] not in self._get_sepa_country_codes():
            return ""
        return epc_payment.epc_payload(
            name=account["holder"],
            iban=account["number"],
            amount=Decimal(str(self.currency_id.round(self.amount_residual))),
            reference=self.payment_reference or self.name,
            bic=account["bic"],
        )

    def _get_sepa_country_codes(self):
        return self.env.ref("base.sepa_zone").sudo().country_ids.mapped("code")

    def _get_print_qr_code(self):
        """Return the picture of the QR code for the payment, as a `data:` address; empty if there is none.

        Note: `self.ensure_one()`

        :rtype: str
        """
        payload = self._get_epc_payload()
        return draw_qr_code(payload) if payload else ""


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === GETTERS === #

    def _get_print_charge(self):
        """Return the charge that the line bills or credits, also where the document was taken back since.

        Note: `self.ensure_one()`

        :rtype: recordset of `service.charge`
        """
        self.ensure_one()
        billed = self | self.billing_credited_line_id
        return (billed.billing_charge_ids or billed.billing_past_charge_ids)[:1]

    def _get_print_list_amount(self):
        """Return what the line would amount to without its discount, in the document's currency; with or without
        taxes, as the document shows its lines.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        taxes = self.env["account.tax"]
        base_line = {**self.move_id._prepare_product_base_line_for_taxes_computation(self), "discount": 0.0}
        taxes._add_tax_details_in_base_line(base_line, self.company_id)
        taxes._round_base_lines_tax_details([base_line], self.company_id)
        details = base_line["tax_details"]
        if self.move_id.company_price_include == "tax_included":
            return details["total_included_currency"]
        return details["total_excluded_currency"]
