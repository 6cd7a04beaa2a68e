from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_stripe_fee_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Stripe Fees",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_other', 'expense_direct_cost'))]",
        help="The account that takes what Stripe keeps. It is found or made when it is needed first.",
    )

    # === GETTERS === #

    def _get_stripe_fee_account(self):
        """Return the account of Stripe's fees. Without a choice it is the one of that name, made if there is none.

        Note: `self.ensure_one()`

        :rtype: recordset of `account.account`
        """
        self.ensure_one()
        # In sudo mode because whoever books a payout may not set the company up.
        company_sudo = self.sudo()
        if not company_sudo.billing_stripe_fee_account_id:
            accounts = company_sudo.env["account.account"].with_company(self)
            named = [("account_type", "in", ("expense", "expense_other")), ("name", "ilike", "stripe")]
            found = accounts.search([*accounts._check_company_domain(self), *named], limit=1)
            company_sudo.billing_stripe_fee_account_id = found or accounts.create(
                {
                    "name": self.env._("Stripe Fees"),
                    "code": accounts._search_new_account_code("627800"),
                    "account_type": "expense",
                    "company_ids": [fields.Command.link(self.id)],
                }
            )
        return company_sudo.billing_stripe_fee_account_id
