from freezegun import freeze_time

from odoo.fields import Command

from .common_money import MoneyCommon


class OpenItemCommon(MoneyCommon):
    """Invoices of 100.00 made on 10 January: 30 % are due on the 15th, the rest on 9 February."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_timezone = "UTC"
        cls.parts = cls.env["account.payment.term"].create(
            {
                "name": "30 % in 5 days, the rest in 30",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30, "nb_days": 5}),
                    Command.create({"value": "percent", "value_amount": 70, "nb_days": 30}),
                ],
            }
        )

    @classmethod
    def _open_in_january(cls, *prices, **values):
        with freeze_time("2026-01-10 12:00:00"):
            return cls._open_invoice(*prices, **{"invoice_payment_term_id": cls.parts.id, **values})

    def _get_statuses(self, invoices, moment):
        """Return the status of each instalment at a moment of UTC, by due date."""
        self.env.invalidate_all()
        with freeze_time(moment):
            items = self.env["service.open.item"].search([("move_id", "in", invoices.ids)])
            return items.mapped("status")

    def _search_overdue(self, moment, value=True):
        """Return which of the customer's documents the filter finds at a moment of UTC."""
        with freeze_time(moment):
            return self.env["account.move"].search(
                [("billing_overdue", "=", value), ("partner_id", "=", self.customer.id)]
            )
