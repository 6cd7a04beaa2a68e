from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain


class AccountMove(models.Model):
    """Name and address that a finalized document prints: those its customer had then."""

    _inherit = "account.move"

    billing_printed_customer = fields.Json(
        copy=False,
        readonly=True,
        help="What the document prints of its customer since the customer's own data changed.",
    )

    # === BUSINESS METHODS - CUSTOMER === #

    @api.model
    def _keep_printed_customers(self, partners):
        """Let the finalized documents of partners print what they print now, before names or addresses change.

        :param partners: Customers, with all their contacts.
        """
        # In sudo mode because whoever changes a contact may not see its invoices in all companies.
        domain = (
            Domain("billing_managed", "=", True)
            & Domain("posted_before", "=", True)
            & Domain("billing_printed_customer", "=", False)
            & (Domain("partner_id", "in", partners.ids) | Domain("partner_shipping_id", "in", partners.ids))
        )
        for key, moves in self.sudo().search(domain).grouped(lambda move: move._get_printed_key()).items():
            moves.billing_printed_customer = moves[:1]._prepare_printed_customer(*key)

    def _prepare_printed_customer(self, customer, delivery):
        """Prepare what a document prints of its customer, in the customer's language.

        :param customer: The invoice address.
        :param delivery: The delivery address; empty where it is the same.
        :return: `{'address': HTML, 'vat': str, 'delivery': HTML}`
        :rtype: dict
        """
        return {
            "address": customer._get_print_address(customer.lang),
            "vat": customer.vat or "",
            "delivery": delivery._get_print_address(customer.lang) if delivery else "",
        }

    # === GETTERS === #

    def _get_printed_key(self):
        self.ensure_one()
        is_elsewhere = self.partner_shipping_id != self.partner_id
        return (self.partner_id, self.partner_shipping_id if is_elsewhere else self.partner_shipping_id.browse())

    def _get_print_customer(self):
        """Return what the document prints of its customer since that changed.

        Note: `self.ensure_one()`

        :return: `{'address': Markup, 'vat': str, 'delivery': Markup}`; empty where the customer is what it was.
        :rtype: dict
        """
        self.ensure_one()
        printed = self.billing_printed_customer or {}
        return {name: value if name == "vat" else Markup(value) for name, value in printed.items()}

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"billing_printed_customer"}
