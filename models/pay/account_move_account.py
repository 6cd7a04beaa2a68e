from odoo import models

from ..logic.invoice_status import DUE
from ..settings.row_lock import wait_for_rows


class AccountMove(models.Model):
    """The account area of a customer: all that is open, and paying all of it at once."""

    _inherit = "account.move"

    # === BUSINESS METHODS - PAYING === #

    def _pay_all_online(self):
        """Start one payment of all that is left of the invoices; they are of one customer, company and currency.

        :return: The address of the hosted page.
        :rtype: str
        :raise UserError: If they cannot be paid online; the sentence is for the customer.
        """
        wait_for_rows(self)
        return self._start_checkout(self._get_amount_for_all())

    # === GETTERS === #

    def _get_amount_for_all(self):
        """Return what settles all of the invoices if it is paid now; they are of one currency.

        :rtype: float
        """
        return self.currency_id.round(sum(self.mapped("amount_residual")))

    def _get_open_account(self):
        """Return what is open of the documents, in groups that can be paid at once.

        :return: Dicts with `company`, `customer`, `currency`, their `key`, `invoices`, the `payable` ones among them
            that can be paid online now, and the `total` that is left of all.
        :rtype: list[dict]
        """
        is_open = self.filtered(lambda move: move.move_type == "out_invoice" and move.billing_status in DUE)
        groups = is_open.grouped(lambda move: (move.company_id, move.commercial_partner_id, move.currency_id))
        return [
            {
                "key": f"{company.id}-{customer.id}-{currency.id}",
                "company": company,
                "customer": customer,
                "currency": currency,
                "invoices": invoices,
                "payable": company._get_online_provider(currency)
                and invoices.filtered(lambda move: move._has_to_be_paid()),
                "total": currency.round(sum(invoices.mapped("amount_residual"))),
            }
            for (company, customer, currency), invoices in groups.items()
        ]

    def _get_customer_status(self):
        """Return the status in the customer's words.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        if self.billing_overdue:
            return self.env._("Overdue")
        return dict(self._fields["billing_status"]._description_selection(self.env)).get(self.billing_status, "")
