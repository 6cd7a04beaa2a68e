import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST_DAYS = 365


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_reminder_days = fields.Char(
        string="Renewal Reminders (Days Before)",
        default="30, 7",
        help="How many days before a subscription ends the customer is reminded, such as “30, 7”. 0: never.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_reminder_days")
    def _check_billing_reminder_days(self):
        for company in self:
            self._parse_reminder_days(company.billing_reminder_days)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_service_subscription_sequences()
        return companies

    # === BUSINESS METHODS - NUMBERING === #

    def _create_service_subscription_sequences(self):
        """Give each company numbers of its own for its subscriptions."""
        # In sudo mode because who may add a company need not have rights on sequences.
        template = self.env.ref("service_billing.sequence_service_subscription").sudo()
        return template.create([{**template.copy_data()[0], "company_id": company.id} for company in self])

    # === GETTERS === #

    @api.model
    def _parse_reminder_days(self, text):
        """Read a list of days such as `30, 7`.

        :param str text: What somebody entered; empty means none.
        :return: The days, most first, each once, without 0.
        :rtype: list[int]
        :raise ValidationError: If it is no such list.
        """
        words = [word for word in re.split(r"[\s,;]+", text or "") if word]
        if any(not re.fullmatch(r"[0-9]{1,3}", word) or int(word) > MOST_DAYS for word in words):
            raise ValidationError(self.env._("Reminders are numbers of days from 0 to 365, such as “30, 7”."))
        return sorted({int(word) for word in words} - {0}, reverse=True)
