from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .print_common import PrintCommon

ANNEX = "service_billing.account_move_action_hours_annex"


@tagged("post_install", "-at_install")
class TestPrintAnnex(PrintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_timezone = "UTC"
        cls.type_retainer = cls.type_quick.copy({"name": "Retainer", "bill_on": "cycle", "has_hours_annex": True})

    def _invoice_of(self, *works, order_type=None):
        """Return the draft that bills works on one order.

        :param works: (technician, day, hour of the beginning, task)
        """
        order = self._create_order(type_id=(order_type or self.type_retainer).id)
        order.line_ids = [
            Command.create(
                {
                    "kind": "labor",
                    "technician_id": technician.id,
                    "name": task,
                    "started_at": f"{day} {hour:02}:00:00",
                    "stopped_at": f"{day} {hour + 1:02}:07:00",
                }
            )
            for technician, day, hour, task in works
        ]
        order.action_done()
        return self._invoice_order(order)

    def test_annex_adds_up_days_and_people(self):
        ana, ben = self.technician, self.other_technician
        invoice = self._invoice_of(
            (ana, "2026-02-02", 8, "Copy"),
            (ana, "2026-02-02", 10, "Copy"),
            (ben, "2026-02-02", 8, "Design"),
            (ana, "2026-02-03", 8, "Design"),
        )
        order = invoice.service_order_ids.name

        text = self._print_text(invoice, ANNEX)

        for expected in (
            f"Monday 02/02/2026 3:21 h 3:45 h Other Technician Design · {order} 1:07 h 1:15 h",
            f"Technician Copy · {order} 2:14 h 2:30 h Tuesday",
            "Tuesday 02/03/2026 1:07 h 1:15 h",
            "Other Technician 1:07 h 1:15 h Technician 3:21 h 3:45 h Total 4:28 h 5:00 h",
        ):
            with self.subTest(expected):
                self.assertIn(expected, text)

    def test_invoice_carries_the_annex_where_the_order_type_says_so(self):
        work = (self.technician, "2026-02-02", 8, "Copy")

        with_annex = self._print_pages(self._invoice_of(work))
        without = self._print_pages(self._invoice_of(work, order_type=self.type_quick))

        self.assertEqual((len(with_annex), len(without)), (2, 1))
        self.assertIn("Monday 02/02/2026", with_annex[1])
        self.assertNotIn("1:07 h", with_annex[0])
        self.assertIn("1:07 h", without[0])

    def test_annex_stays_as_it_was_when_the_type_changes(self):
        invoice = self._invoice_of((self.technician, "2026-02-02", 8, "Copy"))

        self.type_retainer.has_hours_annex = False

        self.assertTrue(invoice._get_print_hours(annex_only=True))

    def test_warranty_is_named_beside_the_task(self):
        invoice = self._invoice_of((self.technician, "2026-02-02", 8, "Copy"))
        invoice.billing_charge_ids.billing_decision = "warranty"

        [row] = invoice._get_print_hours()["days"][0]["rows"]

        self.assertTrue(row["task"].endswith(" · Warranty"))

    def test_document_without_hours_has_no_annex(self):
        invoice = self._create_invoice_of([("Heating oil", 100.0, self.tax_of_ten)])

        self.assertFalse(invoice.billing_has_hours)
        self.assertEqual(invoice._get_print_hours(), {})
        with self.assertRaises(UserError):
            invoice.action_print_hours()

    def test_technician_prints_no_hours_of_an_invoice(self):
        invoice = self._invoice_of((self.technician, "2026-02-02", 8, "Copy"))

        with self.assertRaises(AccessError):
            self._call(self.technician, "account.move", "action_print_hours", invoice.ids)
