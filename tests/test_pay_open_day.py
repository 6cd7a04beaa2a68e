from datetime import date

from odoo.tests import Form, freeze_time, tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-21 10:00:00")
class TestPayOpenDay(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._open_invoice(100.0, invoice_date="2026-06-01")
        cls.company.fiscalyear_lock_date = "2026-06-30"

    def _assert_recorded_on_the_first_open_day(self, payment):
        self.assertRecordValues(payment, [{"date": date(2026, 7, 1), "billing_received_on": date(2026, 6, 15)}])
        self.assertEqual(payment.move_id.date, date(2026, 7, 1))
        self.assertIn("06/15/2026", payment.message_ids[0].body)

    def test_payment_of_a_locked_period_is_recorded_on_the_first_open_day(self):
        payment = self._pay_invoice(self.invoice, 40.0, payment_date="2026-06-15")

        self._assert_recorded_on_the_first_open_day(payment)
        self.assertEqual(self.invoice.billing_status, "partially_paid")
        self.assertIn("06/15/2026", self.invoice.message_ids[0].body)

    def test_window_says_so_before(self):
        action = self.invoice.with_user(self.biller).action_register_payment()
        form = Form(self.env["account.payment.register"].with_user(self.biller).with_context(**action["context"]))
        self.assertFalse(form.billing_open_day)

        form.payment_date = "2026-06-30"

        self.assertEqual(form.billing_open_day, date(2026, 7, 1))

    def test_payment_without_an_invoice(self):
        payment = (
            self.env["account.payment"]
            .with_user(self.biller)
            .create(
                {
                    "partner_id": self.customer.id,
                    "amount": 10.0,
                    "date": "2026-06-15",
                    "journal_id": self.company_data["default_journal_bank"].id,
                }
            )
        )
        payment.action_post()

        self._assert_recorded_on_the_first_open_day(payment)

    def test_open_day_is_kept(self):
        payment = self._pay_invoice(self.invoice, 40.0, payment_date="2026-07-02")

        self.assertRecordValues(payment, [{"date": date(2026, 7, 2), "billing_received_on": False}])

    def test_exception_to_the_lock_date_is_respected(self):
        self.env["account.lock_exception"].create(
            {
                "company_id": self.company.id,
                "user_id": self.biller.id,
                "fiscalyear_lock_date": "2026-05-31",
                "reason": "Late bank statement",
            }
        )

        payment = self._pay_invoice(self.invoice, 40.0, payment_date="2026-06-15")

        self.assertRecordValues(payment, [{"date": date(2026, 6, 15), "billing_received_on": False}])

    def test_payment_to_a_vendor_is_left_to_core(self):
        payment = self.env["account.payment"].create(
            {
                "partner_type": "supplier",
                "payment_type": "outbound",
                "partner_id": self.customer.id,
                "amount": 10.0,
                "date": "2026-06-15",
            }
        )

        self.assertRecordValues(payment, [{"date": date(2026, 6, 15), "billing_received_on": False}])

    def test_company_without_service_billing_is_left_to_core(self):
        self._set_up_second_company()
        self.second_company.write({"billing_enabled": False, "fiscalyear_lock_date": "2026-06-30"})
        values = {"partner_id": self.customer.id, "amount": 10.0, "date": "2026-06-15"}

        payment = self.env["account.payment"].with_company(self.second_company).create(values)

        self.assertFalse(payment.billing_received_on)
