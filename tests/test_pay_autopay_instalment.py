from odoo.fields import Command
from odoo.tests import tagged

from .common_autopay import AutopayCommon


@tagged("post_install", "-at_install")
class TestPayAutopayInstalment(AutopayCommon):
    """Invoices in instalments are charged one instalment after the other."""

    def test_each_instalment_is_charged_on_its_day(self):
        self._save_card()
        self._agree()
        terms = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in a month",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50.0, "nb_days": days}) for days in (0, 30)
                ],
            }
        )
        invoice = self._open_invoice(100.0, invoice_payment_term_id=terms.id)
        self._run()
        self._come(invoice)

        self._run()

        self.assertEqual([charge["amount"] for charge in self._get_charges()], [5000])
        self.assertEqual((len(self._get_items(invoice)), invoice.amount_residual), (1, 50.0))

    def test_instalment_below_the_minimum_is_charged_with_the_next(self):
        self._save_card()
        self._agree()
        small, rest = {"value": "fixed", "value_amount": 0.2, "nb_days": 0}, {"value_amount": 100.0, "nb_days": 6}
        terms = self.env["account.payment.term"].create(
            {"name": "A little now", "line_ids": [Command.create(small), Command.create(rest)]}
        )
        invoice = self._open_invoice(100.0, invoice_payment_term_id=terms.id)
        self._run()
        self._come(invoice)
        self._run()
        self.assertEqual((self._get_items(invoice).attempt_id.code, self._get_charges()), ("amount_too_small", []))

        self.company.billing_autopay_notice_days = 9
        self._run()
        self.assertTrue(self._get_notices().filtered(lambda mail: "100.00" in mail.body_html))
        self._come(invoice)
        self._run()

        self.assertEqual([charge["amount"] for charge in self._get_charges()], [10000])
        self.assertEqual(invoice.amount_residual, 0.0)
