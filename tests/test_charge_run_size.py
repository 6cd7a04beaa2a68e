from odoo.tests import tagged

from .common_billing_run import BillingRunCommon


@tagged("post_install", "-at_install")
class TestRunSize(BillingRunCommon):
    """Beyond the thousand at which lists are cut and reads are split."""

    def bill(self, customers, charges_each):
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(customers)])
        charges = self.env["service.charge"].create(
            [
                {"partner_id": partner.id, "name": f"Visit {number}", "price_unit": 10, "tax_ids": []}
                for partner in partners
                for number in range(charges_each)
            ]
        )
        run = self._preview(partner_ids=partners.ids)
        self._run(run)
        again = self._preview(partner_ids=partners.ids)

        self.assertRecordValues(
            run,
            [{"status": "done", "invoice_count": customers, "total": 10 * len(charges), "done_count": customers}],
        )
        self.assertEqual(set(charges.mapped("state")), {"drafted"})
        self.assertEqual(len(charges.invoice_line_id), len(charges))
        self.assertFalse(again.line_ids)

    def test_customer_with_1001_charges_is_billed_once(self):
        self.bill(1, 1001)

    def test_2500_charges_of_five_customers_are_billed_once(self):
        self.bill(5, 500)
