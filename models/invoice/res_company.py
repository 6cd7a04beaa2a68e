from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_DUE_LIMIT = 3650


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
    billing_due_limit = fields.Integer(
        string="Due Date Limit",
        default=180,
        help="An invoice is due after the day on which it is finalized and within so many days. 0 turns the rule off.",
    )
    billing_due_on_receipt = fields.Boolean(
        string="Due on Receipt",
        default=True,
        help="An invoice that is dated on the day it is finalized may be due on that day.",
    )
    billing_backdating = fields.Boolean(
        string="Back-Dated Invoices",
        help="An invoice may be dated before the last one that has a number: numbers then do not follow dates.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_due_limit")
    def _check_billing_due_limit(self):
        if any(not 0 <= company.billing_due_limit <= MAX_DUE_LIMIT for company in self):
            raise ValidationError(
                self.env._("The due date limit is between 0 and %(limit)s days.", limit=MAX_DUE_LIMIT)
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
