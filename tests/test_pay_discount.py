from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common_card import CardCommon
from .common_jobs import performing_jobs
from .common_stripe import CARD


@tagged("post_install", "-at_install")
class TestPayDiscount(CardCommon):
    """Invoices of which less is due when they are paid early."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_collection = "online"
        cls.today = cls.company._get_billing_today()
        cls.terms = cls.env["account.payment.term"].create(
            {
                "name": "2 % within 10 days",
                "early_discount": True,
                "discount_percentage": 2.0,
                "discount_days": 10,
                "early_pay_discount_computation": "included",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100.0, "nb_days": 30})],
            }
        )
        cls.taxes = cls.env["account.tax"].create(
            [{"name": f"{rate} %", "amount": rate, "type_tax_use": "sale"} for rate in (20.0, 5.0)]
        )

    def _open_discounted(self, computation="included", **values):
        """Return an invoice of 300 and taxes of two rates: 345."""
        self.terms.early_pay_discount_computation = computation
        invoice = self._draft_invoice(200.0, 100.0, invoice_payment_term_id=self.terms.id, **values)
        for line, rate in zip(invoice.invoice_line_ids, self.taxes, strict=True):
            line.tax_ids = rate
        invoice.action_billing_finalize()
        return invoice

    def _get_offers(self, invoice):
        self.env.invalidate_all()
        return {code: float(amount) for code, amount in invoice.sudo()._get_pay_offers().items()}

    def _pay(self, invoice, choice="early"):
        self.double.pay(invoice.sudo()._pay_online(choice), CARD)
        self._receive_all()

    def _pay_all(self, invoices):
        self.double.pay(invoices.sudo()._pay_all_online(), CARD)
        self._receive_all()

    def _receive_all(self):
        with performing_jobs():
            for event in self._get_events():
                self.receive(event)
        self.env.invalidate_all()

    def _end_discount(self, invoice):
        self.env.flush_all()
        day = self.today - timedelta(days=1)
        self.env.cr.execute(
            "UPDATE account_move_line SET discount_date = %s WHERE move_id = %s AND discount_date IS NOT NULL",
            (day, invoice.id),
        )
        self.env.invalidate_all()

    def test_discount_is_offered_while_it_is_valid_and_nothing_was_paid(self):
        invoice, partly = self._open_discounted(), self._open_discounted()
        full = invoice.amount_residual
        self.assertEqual(self._get_offers(invoice), {"early": round(full * 0.98, 2), "full": full})

        self._pay_invoice(partly, 10.0)
        self._end_discount(invoice)

        self.assertEqual(self._get_offers(partly), {"full": full - 10.0})
        self.assertEqual(self._get_offers(invoice), {"full": full})
        with self._refused():
            invoice.sudo()._pay_online("early")

    def test_payment_with_the_discount_settles_the_invoice_with_all_its_taxes(self):
        euro = self.setup_other_currency("EUR")
        for computation, currency in (("included", self.company.currency_id), ("mixed", euro), ("excluded", euro)):
            with self.subTest(computation):
                invoice = self._open_discounted(computation, currency_id=currency.id)
                due = self._get_offers(invoice)["early"]

                self._pay(invoice)

                payment = invoice.sudo().transaction_ids.payment_id
                self.assertEqual((payment.amount, invoice.billing_status), (due, "paid_online"))
                self.assertTrue(currency.is_zero(invoice.amount_residual))
                self.assertFalse(payment._get_open_credit())

    def test_tax_of_the_discount_is_taken_back_for_each_rate(self):
        invoice = self._open_discounted()

        self._pay(invoice)

        lines = invoice.sudo().transaction_ids.payment_id.move_id.line_ids.filtered("tax_line_id")
        self.assertEqual({line.tax_line_id.amount: line.balance for line in lines}, {20.0: 0.8, 5.0: 0.1})

    def test_who_paid_in_time_has_the_discount_however_late_it_is_told(self):
        told_late, paid_late = self._open_discounted(), self._open_discounted()
        for invoice, day in ((told_late, self.today - timedelta(days=1)), (paid_late, self.today)):
            self.double.pay(invoice.sudo()._pay_online("early"), CARD)
            self._end_discount(invoice)
            transactions = type(self.env["payment.transaction"])
            with patch.object(transactions, "_get_paid_day", return_value=day):
                self._receive_all()

        self.assertEqual(told_late.billing_status, "paid_online")
        self.assertEqual(paid_late.billing_status, "partially_paid")
        self.assertAlmostEqual(paid_late.amount_residual, paid_late.amount_total * 0.02)

    def test_office_charges_the_discounted_amount_while_it_is_valid(self):
        token, invoice, late = self._save_card(), self._open_discounted(), self._open_discounted()
        self._end_discount(late)
        due = self._get_offers(invoice)["early"]
        windows = [self._open_charge(document).new({}) for document in (invoice, late)]
        self.assertEqual([window.discounted_until for window in windows], [self.today + timedelta(days=10), False])

        self._charge(invoice, token)
        self._charge(late, token)

        self.assertEqual([charge["amount"] for charge in self._get_charges()], [round(due * 100), 345_00])
        self.assertEqual((invoice.billing_status, late.billing_status), ("paid_online", "paid_online"))

    def test_paying_all_invoices_at_once_takes_the_discounts_off_that_are_valid(self):
        valid, other, late = self._open_discounted(), self._open_discounted("mixed"), self._open_discounted()
        plain = self._open_invoice(100.0)
        self._end_discount(late)
        invoices = valid | other | late | plain
        due = sum(self._get_offers(invoice)["early"] for invoice in (valid, other)) + late.amount_residual + 100.0

        self._pay_all(invoices)

        payment = invoices.sudo().transaction_ids.payment_id
        self.assertEqual(payment.mapped("amount"), [round(due, 2)])
        self.assertEqual(set(invoices.mapped("billing_status")), {"paid_online"})
        self.assertFalse(payment._get_open_credit())

    def test_paying_all_too_late_leaves_the_discounts_open(self):
        invoices = self._open_discounted() | self._open_invoice(100.0)
        self.double.pay(invoices.sudo()._pay_all_online(), CARD)
        self._end_discount(invoices[0])

        self._receive_all()

        self.assertAlmostEqual(sum(invoices.mapped("amount_residual")), invoices[0].amount_total * 0.02)

    def test_who_pays_all_of_it_has_no_discount(self):
        invoice = self._open_discounted()

        self._pay(invoice, "full")

        self.assertEqual(invoice.sudo().transaction_ids.payment_id.amount, invoice.amount_total)
        self.assertFalse(invoice.amount_residual)
