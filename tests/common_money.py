from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command

from .common import ServiceBillingCommon


class MoneyCommon(ServiceBillingCommon):
    """Invoices without a service order: a line of it costs what it says, without tax unless one is given."""

    @classmethod
    def _draft_invoice(cls, *prices, user=None, **values):
        """Return a draft of the biller's with a free-text line for each price."""
        user = user or cls.biller
        lines = [
            Command.create({"name": f"Work {index}", "price_unit": price, "tax_ids": [Command.clear()]})
            for index, price in enumerate(prices or (100.0,), start=1)
        ]
        return (
            cls.env["account.move"]
            .with_user(user)
            .with_company(user.company_id)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.customer.id,
                    "invoice_line_ids": lines,
                    **values,
                }
            )
        )

    @classmethod
    def _open_invoice(cls, *prices, **values):
        """Return a finalized invoice of the biller's with a free-text line for each price."""
        invoice = cls._draft_invoice(*prices, **values)
        invoice.action_billing_finalize()
        return invoice

    @contextmanager
    def _refused(self, error=UserError):
        """Expect one clear sentence, and nothing changed by what is tried inside."""
        with self.assertRaises(error) as caught, self.env.cr.savepoint():
            yield caught
        message = str(caught.exception)
        self.assertRegex(message, r"^[^\n]+\.$", "An error is one sentence.")
        self.assertLess(len(message), 200, "An error is one sentence.")
