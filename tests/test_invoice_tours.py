from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestInvoiceTours(ServiceBillingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.street = "Main Street 1"

    def _draft_invoice(self):
        return (
            self.env["account.move"]
            .with_user(self.biller)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [
                        Command.create({"name": "Check-up", "quantity": 1, "price_unit": 90.0, "tax_ids": []})
                    ],
                }
            )
        )

    def _start(self, tour, invoice=None):
        url = f"/odoo/service-invoices/{invoice.id}" if invoice else None
        self.start_tour(url, tour, login="biller")

    def test_invoice_is_written_and_finalized_with_the_keyboard_alone(self):
        self._start("service_billing_invoice_by_keyboard")

        invoice = self.env["account.move"].search([("partner_id", "=", self.customer.id)])
        self.assertRecordValues(invoice, [{"billing_status": "open", "amount_untaxed": 90.0}])
        self.assertEqual(invoice.invoice_line_ids.product_id, self.service)

    def test_invoice_is_paid_in_part_and_then_credited(self):
        invoice = self._draft_invoice()

        self._start("service_billing_pay_and_credit", invoice)

        credit_note = invoice.reversal_move_ids
        self.assertRecordValues(invoice, [{"billing_status": "paid", "amount_residual": 0.0}])
        self.assertRecordValues(credit_note, [{"billing_credit_reason": "goodwill", "amount_residual": 40.0}])

    def test_payment_is_removed_and_the_journal_entry_is_one_click_away(self):
        invoice = self._draft_invoice()
        invoice.action_billing_finalize()
        payment = self._pay_invoice(invoice, 90.0)

        self._start("service_billing_remove_payment", invoice)

        self.assertEqual(payment.state, "canceled")
        self.assertEqual(invoice.billing_status, "open")

    def test_selected_charges_become_a_draft_that_follows_them(self):
        order = self._done_order(hours=1.0, parts=1)

        self._start("service_billing_invoice_charges")

        labor = order.charge_ids.filtered(lambda charge: charge.kind == "labor")
        self.assertRecordValues(labor, [{"state": "drafted", "quantity": 2.0}])
        self.assertEqual(labor.invoice_line_id.quantity, 2.0)

    def test_no_more_than_a_hundred_invoices_load_at_a_time(self):
        values = {"move_type": "out_invoice", "partner_id": self.customer.id}
        self.env["account.move"].create([values] * 101)

        self._start("service_billing_invoice_pager")
