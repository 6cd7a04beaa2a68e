from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from ..settings.row_lock import wait_for_rows


class ResPartner(models.Model):
    """What a customer has paid too much, paid in advance, or been credited: it pays invoices, or is paid back."""

    _inherit = "res.partner"

    billing_use_credit = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No")],
        string="Use Credit by Itself",
        groups="service_billing.group_biller",
        help="Whether the customer's credit pays invoices as soon as they are finalized. Empty: as the company does.",
    )
    billing_credit_text = fields.Char(
        string="Credit",
        compute="_compute_billing_credit_text",
        groups="service_billing.group_biller",
        help="What is not used yet of payments and credit notes, by currency.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_billing_credit_text(self):
        balances = self._get_credit_balances(self.env.companies)
        for partner in self:
            balance = balances.get(partner.commercial_partner_id, {})
            partner.billing_credit_text = ", ".join(
                format_amount(self.env, amount, currency) for currency, amount in balance.items()
            )

    # === ACTION METHODS === #

    def action_view_billing_credit(self):
        """Open the customer's credits: what came in, what used it and what is left.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_credit_item_action")
        domain = [("commercial_partner_id", "=", self.commercial_partner_id.id)]
        return {**action, "domain": domain, "context": {"search_default_left": True}}

    # === BUSINESS METHODS - CREDIT === #

    def _refund_credit(self, amount, *, currency, journal, **payment_values):
        """Pay a customer's credit back, oldest first, and never more of it than is left.

        Note: `self.ensure_one()`

        :param float amount: In the currency.
        :param currency: The currency of the credit.
        :param journal: The bank or cash journal, which says in which company.
        :param payment_values: What else the payment is made of.
        :return: The payments: one, unless the credit stands on several receivable accounts.
        :rtype: recordset of `account.payment`
        :raise UserError: If the amount is not above zero, or more than is left.
        """
        self.ensure_one()
        credits = self._find_open_credits(journal.company_id, currency)
        wait_for_rows(credits)
        left = -sum(credits.mapped("amount_residual_currency"))
        if currency.compare_amounts(amount, 0.0) <= 0:
            raise UserError(self.env._("Enter an amount above zero."))
        if currency.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._("Only %(amount)s of credit is left.", amount=format_amount(self.env, left, currency))
            )
        payments = self.env["account.payment"]
        for account, lines in credits.grouped("account_id").items():
            part = min(amount, -sum(lines.mapped("amount_residual_currency")))
            if currency.compare_amounts(part, 0.0) > 0:
                values = self._prepare_refund_values(account, part, currency, journal)
                payments |= lines._pay_back({**values, **payment_values})
                amount -= part
        return payments

    def _prepare_refund_values(self, account, amount, currency, journal, **extra):
        """Prepare the payment that pays credit back.

        :param account: The receivable account on which the credit stands.
        :param float amount: In the currency.
        :rtype: dict
        """
        return {
            "payment_type": "outbound",
            "partner_type": "customer",
            "partner_id": self.commercial_partner_id.id,
            "destination_account_id": account.id,
            "amount": amount,
            "currency_id": currency.id,
            "journal_id": journal.id,
            **extra,
        }

    # === GETTERS === #

    def _get_credit_balance(self):
        """Return what the customer's credit is in the company of the environment, which the customer may know too.

        Note: `self.ensure_one()`

        :return: `{currency: amount}`, amounts above zero; empty without credit.
        :rtype: dict
        """
        self.ensure_one()
        # In sudo mode because a customer reads no journal items.
        balances = self.sudo()._get_credit_balances(self.env.company)
        return balances.get(self.commercial_partner_id, {})

    def _get_portal_credit(self):
        """Return the credit that the contact sees online: that of the customer, if the contact sees all its documents.

        Note: `self.ensure_one()`

        :return: `[{'company': ResCompany, 'currency': ResCurrency, 'amount': float}]`
        :rtype: list[dict]
        """
        self.ensure_one()
        if self.billing_portal_role != "company":
            return []
        # In sudo mode because a customer reads no journal items.
        items_sudo = self.env["service.credit.item"].sudo()
        items_sudo = items_sudo.search(
            [("commercial_partner_id", "=", self.commercial_partner_id.id), ("is_used", "=", False)]
        )
        return [
            {"company": company, "currency": currency, "amount": amount}
            for company in items_sudo.company_id
            for currency, amount in self.with_company(company)._get_credit_balance().items()
        ]

    def _get_credit_balances(self, companies):
        """Return what the customers' credit is.

        :param companies: The companies whose books are asked.
        :return: `{customer: {currency: amount}}`, amounts above zero.
        :rtype: dict
        """
        groups = self.env["service.credit.item"]._read_group(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", companies.ids),
                ("is_used", "=", False),
            ],
            ["commercial_partner_id", "currency_id"],
            ["residual:sum"],
        )
        balances = {}
        for partner, currency, amount in groups:
            if currency.compare_amounts(amount, 0.0) > 0:
                balances.setdefault(partner, {})[currency] = amount
        return balances

    def _find_open_credits(self, company, currency):
        """Return the lines that hold the customer's credit, oldest first.

        Note: `self.ensure_one()`

        :rtype: recordset of `account.move.line`
        """
        self.ensure_one()
        domain = Domain("commercial_partner_id", "=", self.commercial_partner_id.id)
        domain &= Domain("company_id", "=", company.id) & Domain("currency_id", "=", currency.id)
        items = self.env["service.credit.item"].search(domain & Domain("is_used", "=", False), order="date, id")
        return items.line_id

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "billing_use_credit"]
