from datetime import timedelta

from .common_card import CardCommon
from .common_jobs import performing_jobs


class AutopayCommon(CardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"lang": "en_US", "email": "customer@example.com"})
        cls.today = cls.company._get_billing_today()

    def _agree(self, customer=None, company=None):
        return self.env["service.autopay"]._agree(customer or self.customer, company or self.company, "203.0.113.9")

    def _due_in(self, days, *prices, **values):
        return self._open_invoice(*prices or (100.0,), invoice_date_due=self.today + timedelta(days=days), **values)

    def _run(self):
        with performing_jobs():
            self.env["service.autopay"]._cron_charge()

    def _come(self, invoice):
        """Let the day come on which the charges of an invoice were announced."""
        self._get_items(invoice).filtered("charge_on").charge_on = self.today

    def _get_items(self, invoice):
        return self.env["service.autopay.item"].sudo().search([("line_id.move_id", "=", invoice.id)])

    def _get_notices(self):
        return self.env["mail.mail"].sudo().search([("subject", "like", "we charge your card")])
