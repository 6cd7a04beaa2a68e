from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .print_common import PrintCommon


@tagged("post_install", "-at_install")
class TestInvoiceTax(PrintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax_of_zero = cls.tax_of_ten.copy(
            {
                "name": "Zero",
                "amount": 0,
                "invoice_label": "Zero",
                "tax_group_id": cls.tax_of_ten.tax_group_id.copy({"name": "Zero"}).id,
            }
        )

    def _draft(self, *lines, **values):
        commands = [
            Command.create({"name": f"Line {number}", "price_unit": price, "tax_ids": [Command.set(tax.ids)]})
            for number, (price, tax) in enumerate(lines)
        ]
        return (
            self.env["account.move"]
            .with_user(self.biller)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": commands,
                    **values,
                }
            )
        )

    def _set_taxes(self, draft, taxes):
        action = draft.action_billing_set_tax()
        wizard = (
            self.env["service.invoice.tax"]
            .with_user(self.biller)
            .with_context(**action["context"])
            .create({"tax_ids": [Command.set(taxes.ids)]})
        )
        wizard.action_confirm()

    # === SET TAX ON ALL LINES === #

    def test_all_lines_get_the_tax(self):
        draft = self._draft((100.0, self.tax_sale_a), (200.0, self.tax_of_zero))
        draft.invoice_line_ids = [Command.create({"display_type": "line_note", "name": "Thank you"})]

        self._set_taxes(draft, self.tax_of_ten)

        lines = draft.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        self.assertEqual(lines.mapped("tax_ids"), self.tax_of_ten)
        self.assertRecordValues(draft, [{"amount_untaxed": 300.0, "amount_tax": 30.0}])

    def test_no_tax_takes_the_taxes_off(self):
        draft = self._draft((100.0, self.tax_sale_a))

        self._set_taxes(draft, self.tax_of_ten.browse())

        self.assertEqual(draft.amount_tax, 0.0)

    def test_line_that_bills_a_charge_gets_it_through_the_charge(self):
        draft = self._invoice_order(self._done_order(hours=1.0, parts=1))
        charges = draft.sudo().billing_charge_ids

        self._set_taxes(draft, self.tax_of_ten)
        draft.action_billing_finalize()

        self.assertEqual(charges.mapped("tax_ids"), self.tax_of_ten)
        self.assertEqual(charges.order_line_id.mapped("tax_ids"), self.tax_of_ten)
        self.assertFalse(any(charges.mapped("is_changed")))
        self.assertRecordValues(draft, [{"amount_untaxed": 100.0, "amount_tax": 10.0}])

    def test_second_click_changes_nothing(self):
        draft = self._draft((100.0, self.tax_sale_a))
        self._set_taxes(draft, self.tax_of_ten)
        lines = draft.invoice_line_ids

        self._set_taxes(draft, self.tax_of_ten)

        self.assertEqual(draft.invoice_line_ids, lines)
        self.assertEqual(draft.amount_tax, 10.0)

    def test_finalized_invoice_keeps_its_taxes(self):
        draft = self._draft((100.0, self.tax_sale_a))
        draft.action_billing_finalize()

        with self.assertRaises(UserError):
            self._set_taxes(draft, self.tax_of_ten)

    def test_credit_note_keeps_the_taxes_of_its_invoice(self):
        draft = self._draft((100.0, self.tax_sale_a))
        draft.action_billing_finalize()
        credit_note = self._credit_invoice(draft)

        with self.assertRaises(UserError):
            self._set_taxes(credit_note, self.tax_of_ten)

    # === BREAKDOWN === #

    def _get_groups(self, invoice):
        """Return name, base and tax of each row that the screen and the paper show."""
        return [
            (group["group_name"], group["base_amount_currency"], group["tax_amount_currency"])
            for subtotal in invoice.tax_totals["subtotals"]
            for group in subtotal["tax_groups"]
        ]

    def test_each_rate_has_its_row_on_screen_and_paper(self):
        invoice = self._draft((100.0, self.tax_sale_a), (200.0, self.tax_of_ten), (50.0, self.tax_of_zero))
        invoice.action_billing_finalize()

        groups = self._get_groups(invoice)
        text = " ".join(self._print_html(invoice).text_content().split())

        self.assertEqual([group[1:] for group in groups], [(100.0, 15.0), (200.0, 20.0), (50.0, 0.0)])
        for row in ("Tax 15% on $ 100.00 $ 15.00", "Ten on $ 200.00 $ 20.00", "Zero on $ 50.00 $ 0.00"):
            with self.subTest(row):
                self.assertIn(row, text.replace("\xa0", " "))

    def test_two_rates_of_one_tax_group_have_a_row_each_on_screen_and_paper(self):
        other = self.tax_sale_a.copy({"name": "Five", "amount": 5, "invoice_label": "Five"})
        invoice = self._draft((100.0, self.tax_sale_a), (200.0, other), (50.0, other))
        plain = self._draft((100.0, self.tax_sale_a), (200.0, self.tax_of_ten))

        rows = invoice._get_tax_rows()
        paper = self._print_html(invoice).xpath("//table[@name='tax_breakdown']")[0].text_content()

        self.assertEqual([(row["base"], row["tax"]) for row in rows], [(100.0, 15.0), (250.0, 12.5)])
        self.assertIn("Five", paper)
        self.assertIn("250.00", paper.replace("\xa0", " "))
        self.assertIn("Five", invoice.billing_tax_breakdown)
        self.assertFalse(plain.billing_tax_breakdown)

    def test_prices_that_include_tax_are_broken_down(self):
        included = self.tax_of_ten.copy({"name": "Ten included", "price_include_override": "tax_included"})
        invoice = self._draft((110.0, included), (100.0, self.tax_of_ten))

        self.assertRecordValues(invoice, [{"amount_untaxed": 200.0, "amount_tax": 20.0, "amount_total": 220.0}])

    def test_fiscal_position_of_the_customer_maps_to_reverse_charge(self):
        position = self.env["account.fiscal.position"].create({"name": "Abroad", "auto_apply": False})
        reverse = self.tax_of_zero.copy(
            {
                "name": "Reverse charge",
                "fiscal_position_ids": [Command.set(position.ids)],
                "original_tax_ids": [Command.set(self.service.taxes_id.ids)],
                "invoice_legal_notes": "<p>VAT reverse charged</p>",
            }
        )
        self.customer.with_company(self.company).property_account_position_id = position

        charges = self.env["service.charge"].with_user(self.biller)
        invoice = charges.create({"partner_id": self.customer.id, "product_id": self.service.id})._create_invoices()
        invoice.action_billing_finalize()

        self.assertEqual(invoice.invoice_line_ids.tax_ids, reverse)
        self.assertRecordValues(invoice, [{"amount_untaxed": 90.0, "amount_tax": 0.0}])
        self.assertIn("VAT reverse charged", self._print_html(invoice).text_content())

    def test_line_keeps_a_tax_that_somebody_chose(self):
        draft = self._draft((100.0, self.tax_sale_a))
        draft.invoice_line_ids.tax_ids = self.tax_of_ten
        draft.ref = "PO-1"

        self.assertEqual(draft.amount_tax, 10.0)
