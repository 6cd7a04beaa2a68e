from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestPayViews(ServiceBillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = (
            cls.env["account.move"]
            .with_user(cls.biller)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.customer.id,
                    "invoice_line_ids": [Command.create({"name": "Check-up", "price_unit": 90.0, "tax_ids": []})],
                }
            )
        )
        cls.invoice.action_billing_finalize()

    def _open_register(self):
        """Return the window in which the biller registers a payment, filled as it opens from the invoice."""
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.account_payment_register_action")
        model = self.env[action["res_model"]].with_user(self.biller)
        return Form(model.with_context(active_model="account.move", active_ids=self.invoice.ids))

    def test_register_opens_with_what_is_due(self):
        self.assertEqual(self._open_register().amount, 90.0)

    def test_register_says_how_much_is_too_much(self):
        form = self._open_register()

        form.amount = 100.0
        excess = form.billing_excess
        form.amount = 90.0

        self.assertEqual((excess, form.billing_excess), (10.0, 0.0))

    def test_payment_is_in_the_history_with_all_that_is_known_of_it(self):
        form = self._open_register()
        form.amount = 40.0
        form.payment_date = "2026-05-04"
        form.billing_external_ref = "CHQ-1"
        form.billing_note = "At the counter"
        form.save().action_create_payments()

        with Form(self.invoice) as invoice_form:
            self.assertEqual(len(invoice_form.reconciled_payment_ids), 1)
        self.assertRecordValues(
            self.invoice.reconciled_payment_ids,
            [{"amount": 40.0, "billing_external_ref": "CHQ-1", "billing_note": "At the counter"}],
        )
        self.assertEqual(str(self.invoice.reconciled_payment_ids.date), "2026-05-04")

    def test_removed_payment_stays_in_the_history(self):
        payment = self._pay_invoice(self.invoice, 40.0)

        payment.with_user(self.biller).action_billing_remove()

        self.assertEqual(self.invoice.reconciled_payment_ids, payment)
        self.assertEqual(payment.state, "canceled")

    def test_part_that_is_paid_is_no_reason_for_alarm(self):
        self._pay_invoice(self.invoice, 40.0)

        wizard = self._open_register().save()

        self.assertFalse(wizard.actionable_errors)
        self.assertEqual(wizard.amount, 50.0)

    def test_payment_that_is_not_on_the_invoice_yet_raises_the_alarm(self):
        payment = self._pay_invoice(self.invoice, 40.0)
        payment.move_id.line_ids.remove_move_reconcile()

        wizard = self._open_register().save()

        self.assertIn("unpaid_matched_payments", wizard.actionable_errors)
