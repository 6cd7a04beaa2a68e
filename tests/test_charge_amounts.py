from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestChargeAmounts(ServiceBillingCommon):
    def _tax(self, amount, **values):
        return self.percent_tax(amount, type_tax_use="sale", **values)

    def _set_tax(self, tax, *products):
        for product in products or (self.labor, self.part, self.service):
            product.taxes_id = tax

    def _create_charges(self, *values_list):
        common = {"partner_id": self.customer.id, "product_id": self.service.id}
        return self.env["service.charge"].with_user(self.biller).create([{**common, **vals} for vals in values_list])

    def _get_shown_total(self, charges):
        return charges._get_document_totals()[1]

    # === ROUNDING === #

    def test_thirds_of_an_hour_are_rounded_by_line_to_the_currency(self):
        self.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 3
        for method, untaxed, total in (("round_per_line", 99.90, 114.90), ("round_globally", 99.91, 114.90)):
            with self.subTest(method=method):
                self.company.tax_calculation_rounding_method = method
                charges = self._create_charges(*[{"quantity": 0.333, "price_unit": 100.01}] * 3)

                invoice = charges._create_invoices()

                self.assertEqual(invoice.invoice_line_ids.mapped("quantity"), [0.333] * 3)
                self.assertEqual(invoice.invoice_line_ids.mapped("price_subtotal"), [33.30] * 3)
                self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (untaxed, total))
                self.assertEqual(charges._get_document_totals(), (untaxed, total))
                ledger = invoice.line_ids.filtered(lambda line: line.display_type == "product")
                self.assertEqual(round(-sum(ledger.mapped("balance")), 2), untaxed)

    def test_tax_included_prices_keep_the_total_the_technician_showed(self):
        self._set_tax(self._tax(21, price_include_override="tax_included"))
        self.labor.list_price = 60.50
        order = self._done_order(hours=1.25, parts=3, services=1)

        invoice = self._invoice_order(order)

        self.assertEqual(order.amount_total, round(75.63 + 120 + 90, 2))
        self.assertEqual(invoice.amount_total, order.amount_total)
        self.assertEqual(sum(order.charge_ids.mapped("price_total")), order.amount_total)

    def test_hundred_lines_show_the_total_of_their_invoice_under_both_rounding_methods(self):
        taxes = {21: self._tax(21), 6: self._tax(6)}
        for method in ("round_per_line", "round_globally"):
            for is_included in (False, True):
                with self.subTest(method=method, is_included=is_included):
                    self.company.tax_calculation_rounding_method = method
                    for tax in taxes.values():
                        tax.price_include_override = "tax_included" if is_included else "tax_excluded"
                    charges = self._create_charges(
                        *(
                            {
                                "quantity": 1 + number % 7,
                                "price_unit": 3.33 + number * 0.07,
                                "discount": number % 4,
                                "tax_ids": [Command.set(taxes[6 if number % 3 else 21].ids)],
                            }
                            for number in range(100)
                        )
                    )
                    shown = charges._get_document_totals()

                    invoice = charges._create_invoices()

                    self.assertEqual(shown, (invoice.amount_untaxed, invoice.amount_total))
                    self.assertEqual(len(invoice.invoice_line_ids), 100)

    def test_question_before_drafting_shows_the_invoices_total(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        charges = self._create_charges(*[{"price_unit": 0.33}] * 10)

        wizard = self.env["service.charge.invoice"].with_user(self.biller).create({"charge_ids": charges.ids})

        self.assertIn("3.80", wizard.total_text)
        self.assertEqual(charges._create_invoices().amount_total, 3.80)

    def test_order_shows_the_total_of_its_invoice_under_global_rounding(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.service.list_price = 0.33
        order = self._create_order(type_id=self.type_quick.id)
        order.line_ids = [Command.create({"kind": "fixed", "product_id": self.service.id}) for _line in range(10)]

        order.action_done()

        self.assertEqual(order.amount_total, 3.80)
        self.assertEqual(self._invoice_order(order).amount_total, 3.80)

    # === NEGATIVE AND ZERO === #

    def test_total_below_zero_asks_for_a_credit_note(self):
        charges = self._create_charges({"quantity": 1}, {"quantity": -2})
        invoice = charges._create_invoices()

        with self.assertRaises(UserError):
            invoice.action_billing_finalize()

        self.assertEqual(invoice.state, "draft")
        self.assertIn("negative", invoice._get_finalize_constraints())

    def test_negative_line_within_a_positive_total_is_a_discount(self):
        invoice = self._create_charges({"quantity": 2}, {"quantity": -1})._create_invoices()

        invoice.action_billing_finalize()

        self.assertEqual(invoice.amount_untaxed, 90)

    def test_invoice_of_warranty_work_is_numbered_and_paid(self):
        order = self._create_order()
        self._work_order(order, hours=1, parts=1)
        order.line_ids.billing_decision = "warranty"
        order.action_done()

        invoice = self._finalize_order(order)

        self.assertRecordValues(invoice, [{"state": "posted", "billing_status": "paid", "amount_total": 0}])
        self.assertTrue(invoice.name.endswith("/00001"))
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertFalse(invoice._has_to_be_paid())

    @mute_logger("odoo.sql_db")
    def test_charge_of_no_quantity_is_refused(self):
        with self.assertRaises(IntegrityError) as refusal, self.cr.savepoint():
            self._create_charges({"quantity": 0})

        message = self.env["service.charge"]._sql_error_to_message(refusal.exception)
        self.assertEqual(message, "The quantity of a charge is never zero.")

    # === GROUPING === #

    def test_charges_share_an_invoice_only_where_all_that_it_says_is_shared(self):
        office = self._create_customer("Accounts", parent_id=self.customer.id, type="other")
        currency = self.setup_other_currency("EUR")
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        charges = self._create_charges(
            {},
            {},
            {"partner_id": office.id},
            {"currency_id": currency.id},
            {"fiscal_position_id": position.id},
            {"partner_id": self.partner_b.id},
        )

        invoices = charges._create_invoices()

        self.assertEqual(sorted(len(invoice.invoice_line_ids) for invoice in invoices), [1, 1, 1, 1, 2])
        self.assertEqual(len(invoices), 5)
        for charge in charges:
            self.assertRecordValues(
                charge.invoice_id,
                [
                    {
                        "partner_id": charge.partner_id.id,
                        "currency_id": charge.currency_id.id,
                        "fiscal_position_id": charge.fiscal_position_id.id,
                        "amount_total": self._get_shown_total(charge.invoice_id.billing_charge_ids),
                    }
                ],
            )

    def test_invoices_of_several_customers_are_drafted_in_one_go(self):
        orders = self._done_order() + self._done_order(partner_id=self.partner_a.id)

        action = orders.action_create_invoice()

        self.assertEqual(len(orders.invoice_ids), 2)
        self.assertEqual(sorted(action["domain"][0][2]), sorted(orders.invoice_ids.ids))

    def test_order_in_another_currency_is_charged_and_invoiced_in_it(self):
        currency = self.setup_other_currency("EUR")
        self.customer.property_product_pricelist = self._create_pricelist(currency_id=currency.id)
        order = self._done_order(hours=1)

        invoice = self._finalize_order(order)

        self.assertEqual((order.currency_id, order.charge_ids.currency_id, invoice.currency_id), (currency,) * 3)
        self.assertEqual(invoice.amount_untaxed, 120)
        self.assertEqual(-invoice.invoice_line_ids.balance, 60)
        self.assertEqual(self.customer.with_user(self.biller).billing_open_charge_total, 0)

    def test_open_charges_in_several_currencies_are_summed_in_the_companys(self):
        currency = self.setup_other_currency("EUR")
        self._create_charges({}, {"currency_id": currency.id, "price_unit": 90})

        total = self.customer.with_user(self.biller).billing_open_charge_total

        self.assertEqual(total, round(90 * 1.15 + 45 * 1.15, 2))

    def test_price_follows_the_currency_of_the_charge(self):
        charge = self._create_charges({})

        charge.currency_id = self.setup_other_currency("EUR")

        self.assertEqual(charge.price_unit, 180)

    def test_charges_of_two_companies_never_share_an_invoice(self):
        self._set_up_second_company()
        here = self._create_charges({})
        there = (
            self.env["service.charge"]
            .with_user(self.second_biller)
            .create({"partner_id": self.customer.id, "product_id": self.service.id})
        )
        self.biller.company_ids += self.second_company
        both = (
            (here + there)
            .with_user(self.biller)
            .with_context(allowed_company_ids=(self.company + self.second_company).ids)
        )

        invoices = both._create_invoices()

        self.assertEqual(invoices.company_id, self.company + self.second_company)
        for charge in both:
            self.assertEqual(charge.invoice_id.company_id, charge.company_id)
            self.assertEqual(charge.invoice_id.journal_id.company_id, charge.company_id)
            self.assertEqual(charge.tax_ids.company_id, charge.tax_ids and charge.company_id)
