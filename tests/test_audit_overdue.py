from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.queue_job.tests.common import trap_jobs
from odoo.addons.service_billing.models.invoice import service_open_item_event

from .common_audit import AuditCommon
from .common_jobs import performing_jobs


@tagged("post_install", "-at_install")
@freeze_time("2030-03-01 12:00:00")
class TestAuditOverdue(AuditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_timezone = "UTC"
        cls.halves = cls.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (10, 20)
                ],
            }
        )

    def _open_in_halves(self):
        return self._open_invoice(100.0, invoice_date="2030-03-01", invoice_payment_term_id=self.halves.id)

    def _run_on(self, day):
        with freeze_time(f"2030-03-{day} 12:00:00"), performing_jobs():
            self.env["service.open.item"]._cron_log_overdue()

    def _get_overdue(self, invoice):
        events = self._trail(invoice).filtered(lambda event: event.kind == "overdue")
        return [event._get_details()["due_date"] for event in events]

    def test_each_instalment_is_logged_once_when_it_is_overdue(self):
        invoice = self._open_in_halves()
        logged = {}
        for day in (11, 12, 13, 21, 22, 23):
            self._run_on(day)
            logged[day] = len(self._get_overdue(invoice))

        self.assertEqual(logged, {11: 0, 12: 1, 13: 1, 21: 1, 22: 2, 23: 2})

    def test_instalments_that_are_overdue_together_are_all_logged(self):
        invoices = self._open_in_halves() + self._open_in_halves()

        self._run_on(25)

        for invoice in invoices:
            self.assertEqual(self._get_overdue(invoice), ["2030-03-11", "2030-03-21"])
            self.assertEqual(self._trail(invoice)[1]._get_details()["due"], "50.00")

    def test_what_is_paid_is_not_logged(self):
        invoice = self._open_in_halves()
        self._pay_invoice(invoice, 50.0)

        self._run_on(25)

        self.assertEqual(self._get_overdue(invoice), ["2030-03-21"])

    def test_nothing_overdue_enqueues_nothing(self):
        with trap_jobs() as trap:
            self.env["service.open.item"]._cron_log_overdue()

        self.assertFalse([job for job in trap.enqueued_jobs if job.recordset.env.company == self.company])

    def test_more_than_a_job_takes_is_left_to_the_next(self):
        invoices = [self._open_in_halves() for _ in range(2)]

        with patch.object(service_open_item_event, "ITEMS_OF_A_JOB", 3):
            self._run_on(25)

        self.assertEqual([len(self._get_overdue(invoice)) for invoice in invoices], [2, 2])
