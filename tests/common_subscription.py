from datetime import date

from odoo.fields import Command

from .common_money import MoneyCommon


class SubscriptionCommon(MoneyCommon):
    """Subscriptions of the customer's: a maintenance contract at 100.00 without tax, unless a test says otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_product(name="Maintenance", type="service", list_price=100.0, taxes_id=[])

    @classmethod
    def _subscribe(cls, start=date(2026, 1, 1), *, prices=(100.0,), user=None, **values):
        """Return a draft with a line for each price."""
        user = user or cls.biller
        lines = [
            Command.create({"product_id": cls.contract.id, "price_unit": price, "tax_ids": [Command.clear()]})
            for price in prices
        ]
        return (
            cls.env["service.subscription"]
            .with_user(user)
            .with_company(user.company_id)
            .create({"partner_id": cls.customer.id, "start_date": start, "line_ids": lines, **values})
        )

    @classmethod
    def _active(cls, start=date(2026, 1, 1), **values):
        """Return an active subscription; what is due today is charged."""
        subscription = cls._subscribe(start, **values)
        subscription.action_activate()
        return subscription

    @classmethod
    def _collect(cls, until, subscription):
        """Let the subscription's customer be charged for all that is due by a day; return the new charges."""
        charges = cls.env["service.charge"].with_user(subscription.env.user)
        return charges._collect(subscription.partner_id, subscription.company_id, until)

    @classmethod
    def _bill(cls, charges):
        """Return the finalized invoice of the charges."""
        invoice = charges._create_invoices()
        invoice.action_billing_finalize()
        return invoice

    @classmethod
    def _change_price(cls, line, day, **values):
        """Let the biller change the price of a line from a day on."""
        wizard = cls.env["service.subscription.price"].with_user(cls.biller).create({"line_id": line.id, "date": day})
        wizard.write(values)
        wizard.action_confirm()

    def _assert_charges(self, subscription, *expected):
        """Check the charges, earliest first: start, stop and amount of each."""
        charges = subscription.charge_ids.sorted(lambda charge: (charge.period_start, charge.id))
        actual = [(charge.period_start, charge.period_stop, charge.price_subtotal) for charge in charges]
        self.assertEqual(actual, [(date(*start), date(*stop), amount) for start, stop, amount in expected])
