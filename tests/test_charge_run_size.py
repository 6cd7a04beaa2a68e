from odoo.tests import tagged

from .common_billing_run import BillingRunCommon


@tagged("post_install", "-at_install")
class TestRunSize(BillingRunCommon):
    """Beyond the thousand at which lists are cut and reads are split."""

    def test_2501_charges_of_five_customers_are_billed_once(self):
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(5)])
        charges = self.env["service.charge"].create(
            [
                {"partner_id": partner.id, "name": f"Visit {number}", "price_unit": 10, "tax_ids": []}
                for partner, count in zip(partners, (1001, 375, 375, 375, 375), strict=True)
                for number in range(count)
            ]
        )
        run = self._preview(partner_ids=partners.ids)
        self._run(run)
        again = self._preview(partner_ids=partners.ids)

        self.assertRecordValues(run, [{"status": "done", "invoice_count": 5, "total": 25010, "done_count": 5}])
        self.assertEqual(set(charges.mapped("state")), {"drafted"})
        self.assertEqual(len(charges.invoice_line_id), 2501)
        self.assertFalse(again.line_ids)
