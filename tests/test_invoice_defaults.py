from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import Form, tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestInvoiceDefaults(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term_30, cls.term_60 = cls.env["account.payment.term"].create(
            [
                {"name": f"{days} days", "line_ids": [Command.create({"value": "percent", "nb_days": days})]}
                for days in (30, 60)
            ]
        )

    def _choose_customer(self, customer):
        """Return what the biller's form shows once the customer is chosen and a check-up is on it."""
        form = Form(self.env["account.move"].with_user(self.biller).with_context(default_move_type="out_invoice"))
        form.partner_id = customer
        with form.invoice_line_ids.new() as line:
            line.product_id = self.service
        return form.save()

    # === TERMS AND DUE DATE === #

    def test_terms_of_the_customer_come_first(self):
        self.company.billing_default_term_id = self.term_60
        self.customer.property_payment_term_id = self.term_30

        invoice = self._open_invoice()

        self.assertEqual(invoice.invoice_payment_term_id, self.term_30)
        self.assertEqual(invoice.invoice_date_due, Date.add(Date.today(), days=30))

    def test_terms_of_the_company_fill_in(self):
        self.company.billing_default_term_id = self.term_60

        invoice = self._open_invoice()

        self.assertEqual(invoice.invoice_payment_term_id, self.term_60)
        self.assertEqual(invoice.invoice_date_due, Date.add(Date.today(), days=60))

    def test_credit_note_has_no_terms_of_the_company(self):
        self.company.billing_default_term_id = self.term_60

        credit_note = self._draft_invoice(move_type="out_refund")

        self.assertFalse(credit_note.invoice_payment_term_id)

    def test_due_at_once_without_terms(self):
        self.assertEqual(self._open_invoice().invoice_date_due, Date.today())

    def test_due_date_can_be_chosen_on_a_draft(self):
        invoice = self._draft_invoice(invoice_payment_term_id=False, invoice_date_due="2030-01-31")

        invoice.action_billing_finalize()

        receivable = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual(invoice.invoice_date_due, Date.to_date("2030-01-31"))
        self.assertEqual(receivable.date_maturity, Date.to_date("2030-01-31"))

    # === CUSTOMER === #

    def test_choosing_the_customer_fills_the_rest(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.service.with_context(lang="de_DE").name = "Wartung"
        customer = self._create_customer(
            "Gasthof Post",
            lang="de_DE",
            property_payment_term_id=self.term_30.id,
            property_account_position_id=self.fiscal_pos_a.id,
            child_ids=[Command.create({"name": "Back entrance", "type": "delivery"})],
        )

        invoice = self._choose_customer(customer)

        self.assertRecordValues(
            invoice,
            [
                {
                    "partner_id": customer.id,
                    "partner_shipping_id": customer.child_ids.id,
                    "invoice_payment_term_id": self.term_30.id,
                    "fiscal_position_id": self.fiscal_pos_a.id,
                }
            ],
        )
        self.assertEqual(invoice.invoice_line_ids.name, "Wartung")
        self.assertEqual(invoice.invoice_line_ids.tax_ids, self.tax_sale_b)

    def test_currency_comes_from_the_customers_price_list(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        self.env.ref("base.group_user")._apply_group(self.env.ref("product.group_product_pricelist"))
        customer = self._create_customer("Gasthof Post")
        customer.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )

        invoice = self._choose_customer(customer)

        self.assertEqual(invoice.currency_id, euro)
        self.assertRecordValues(invoice.invoice_line_ids, [{"price_unit": 45.0, "currency_id": euro.id}])

    def test_currency_stays_once_lines_are_priced(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        invoice = self._draft_invoice(currency_id=euro.id)

        invoice.partner_id = self._create_customer("Gasthof Post")

        self.assertEqual(invoice.currency_id, euro)

    # === LINES === #

    def test_free_text_is_enough_for_a_line(self):
        invoice = self._draft_invoice(
            invoice_line_ids=[Command.create({"name": "Chimney swept", "quantity": 2.0, "price_unit": 35.0})]
        )

        invoice.action_billing_finalize()

        self.assertFalse(invoice.invoice_line_ids.product_id)
        self.assertEqual(invoice.amount_untaxed, 70.0)

    def test_line_adds_up_before_it_is_saved(self):
        form = Form(self.env["account.move"].with_user(self.biller).with_context(default_move_type="out_invoice"))
        form.partner_id = self.customer
        with form.invoice_line_ids.new() as line:
            line.name = "Chimney swept"
            line.quantity = 3.0
            line.price_unit = 10.0
            self.assertEqual(line.price_subtotal, 30.0)
        self.assertEqual(form.tax_totals["base_amount_currency"], 30.0)

    def test_notes_are_on_the_document(self):
        invoice = self._draft_invoice(narration="<p>Key is with the neighbour</p>")

        html = self.env["ir.actions.report"]._render_qweb_html("account.account_invoices", invoice.ids)[0].decode()

        self.assertIn("Key is with the neighbour", html)

    def test_product_of_another_company_is_refused(self):
        self._set_up_second_company()
        foreign = self._create_product(name="Foreign", company_id=self.second_company.id)

        with self.assertRaises(UserError):
            self._draft_invoice(invoice_line_ids=[Command.create({"product_id": foreign.id})])
