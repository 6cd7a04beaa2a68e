from freezegun import freeze_time

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .common_billing_run import BillingRunCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-21 10:00:00")
class TestChargeCurrency(BillingRunCommon):
    """The company has dollars; the francs have a rate of 2, and of 4 from December on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.francs = cls.setup_other_currency("CHF", rates=[("2026-01-01", 2.0), ("2026-12-01", 4.0)])
        cls.profile = cls._give_cycle(currency_id=cls.francs.id)

    def test_charge_in_another_currency_is_converted_and_keeps_its_own_price(self):
        charge = self._charge(price=100)

        invoice = charge._create_invoices()

        self.assertRecordValues(invoice, [{"currency_id": self.francs.id, "amount_total": 200}])
        self.assertRecordValues(charge, [{"price_unit": 100, "currency_id": self.company.currency_id.id}])
        self.assertEqual(invoice.billing_rate_text, "1 USD = 2.0000 CHF")

    def test_charges_of_both_currencies_share_one_draft(self):
        charges = self._charge(price=100) | self._charge(price=30, currency_id=self.francs.id)

        self.assertEqual(charges._get_document_totals(), (230, 230))
        self.assertEqual(charges._create_invoices().amount_total, 230)

    def test_rate_is_that_of_the_invoice_date(self):
        invoice = self._charge(price=100)._create_invoices().with_user(self.biller)

        invoice.invoice_date = "2026-12-02"

        self.assertEqual(invoice.amount_total, 400)

    def test_draft_made_for_another_day_has_the_rate_of_that_day(self):
        self.assertEqual(self._charge(price=100)._create_invoices(invoice_date="2026-12-02").amount_total, 400)

    def test_draft_finalized_later_takes_the_rate_of_that_day_and_keeps_it(self):
        invoice = self._charge(price=100)._create_invoices().with_user(self.biller)

        with freeze_time("2026-12-05 10:00:00"):
            invoice.action_billing_finalize()

        self.assertEqual((invoice.amount_total, invoice.billing_status), (400, "open"))
        self.francs.rate_ids.filtered(lambda rate: rate.rate == 4).rate = 5
        self.assertEqual(invoice.billing_rate_text, "1 USD = 4.0000 CHF")

    def test_deleted_draft_gives_the_charge_back_unchanged(self):
        charge = self._charge(price=100)

        charge._create_invoices().unlink()

        self.assertRecordValues(charge, [{"state": "open", "price_unit": 100, "price_total": 100}])

    def test_converted_price_on_the_draft_is_not_edited_by_hand(self):
        line = self._charge(price=100)._create_invoices().with_user(self.biller).invoice_line_ids

        with self.assertRaises(UserError):
            line.price_unit = 100

    def test_missing_rate_blocks_and_leads_to_the_rates(self):
        self.francs.rate_ids.unlink()
        charge = self._charge(price=100)

        with self.assertRaises(RedirectWarning) as caught, self.env.cr.savepoint():
            charge._create_invoices()

        self.assertEqual(caught.exception.args[1]["res_id"], self.francs.id)
        self.assertEqual(charge.state, "open")

    def test_missing_rate_of_one_customer_stops_no_other_in_a_run(self):
        other = self._create_customer("Pension Edelweiss")
        self._charge(price=100), self._charge(other)
        run = self._preview(partner_ids=(self.customer | other).ids)
        self.francs.rate_ids.unlink()

        self._run(run)

        failed = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(failed.partner_id, self.customer)
        self.assertIn("no exchange rate of CHF", failed.reason)
