from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_template_id = fields.Many2one(
        comodel_name="service.invoice.template",
        string="Invoice Template",
        domain="[('company_id', 'parent_of', id)]",
        ondelete="restrict",
        help="For customers who have no template of their own.",
    )
    billing_bad_debt_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Bad Debts",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_other'))]",
        help="The account that takes what customers never pay. It is found or made when it is needed first.",
    )
    billing_bad_debt_tax_relief = fields.Boolean(
        string="Take Tax of Bad Debts Back",
        help="Writing an invoice off takes its tax back too, where the law allows it; otherwise all of it is a loss.",
    )

    # === GETTERS === #

    def _get_bad_debt_account(self):
        """Return the account of bad debts. Without a choice it is the one of that name, made if there is none.

        Note: `self.ensure_one()`

        :rtype: recordset of `account.account`
        """
        self.ensure_one()
        if not self.billing_bad_debt_account_id:
            # In sudo mode because whoever writes an invoice off may not set the company up.
            company_sudo = self.sudo()
            accounts = self.env["account.account"].sudo().with_company(self)
            found = accounts.search(
                [
                    *accounts._check_company_domain(self),
                    ("account_type", "in", ("expense", "expense_other")),
                    ("name", "ilike", "bad debt"),
                ],
                limit=1,
            )
            company_sudo.billing_bad_debt_account_id = found or company_sudo._create_bad_debt_account()
        return self.billing_bad_debt_account_id

    def _create_bad_debt_account(self):
        accounts = self.env["account.account"].with_company(self)
        return accounts.create(
            {
                "name": self.env._("Bad Debts"),
                "code": accounts._search_new_account_code("658000"),
                "account_type": "expense",
                "company_ids": [fields.Command.link(self.id)],
            }
        )
