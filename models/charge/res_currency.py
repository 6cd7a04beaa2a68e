from odoo import models
from odoo.exceptions import RedirectWarning
from odoo.tools import format_date


class ResCurrency(models.Model):
    _inherit = "res.currency"

    # === BUSINESS METHODS - RATES === #

    def _check_rate(self, company, day):
        """Make sure that each of the currencies has an exchange rate on a day: without one, core takes 1.

        :raise RedirectWarning: If one has none; it leads to its rates.
        """
        domain = [
            ("currency_id", "in", self.ids),
            ("name", "<=", day),
            ("company_id", "in", (False, company.root_id.id)),
        ]
        rated = {currency for (currency,) in self.env["res.currency.rate"]._read_group(domain, ["currency_id"])}
        for currency in self.filtered(lambda currency: currency not in rated):
            raise RedirectWarning(
                self.env._(
                    "There is no exchange rate of %(currency)s on %(day)s: add one first.",
                    currency=currency.name,
                    day=format_date(self.env, day),
                ),
                currency._get_records_action(name=currency.name),
                self.env._("Add a rate"),
            )
