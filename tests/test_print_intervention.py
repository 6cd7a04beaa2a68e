import base64
import io

from PIL import Image

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .print_common import PrintCommon

REPORT = "service_billing.service_order_action_report"


@tagged("post_install", "-at_install")
class TestPrintIntervention(PrintCommon):
    def _print_report(self, order):
        return self._print_text(order, REPORT, user=self.technician)

    def test_technician_prints_what_was_done(self):
        order = self._worked_order(description="The radiator stays cold.", client_order_ref="PO-4711")

        text = self._print_report(order)

        for expected in (
            f"Intervention Report {order.name}",
            "Hotel Alpina",
            "PO-4711",
            "The radiator stays cold.",
            "Replaced the valve.",
            "Technician 11/20/2026 8:04 AM 9:11 AM 1:07 h 1:15 h",
            "Valve 2 Units",
            "Mr. Alpina",
            "Page 1 / 1",
        ):
            with self.subTest(expected):
                self.assertIn(expected, text)

    def test_report_shows_no_prices(self):
        text = self._print_report(self._worked_order())

        self.assertNotIn("$", text)
        self.assertNotIn("40.00", text)

    def test_times_are_told_on_the_company_clock(self):
        self.company.partner_id.tz = "Asia/Tokyo"

        self.assertIn("5:04 PM 6:11 PM", self._print_report(self._worked_order()))

    def test_work_past_midnight_shows_the_second_day(self):
        order = self._create_order()
        order.line_ids = [
            Command.create({"kind": "labor", "started_at": "2026-11-20 23:30:00", "stopped_at": "2026-11-21 00:30:00"})
        ]

        self.assertIn("11/20/2026 11:30 PM 11/21/2026 12:30 AM", self._print_report(order))

    def test_running_timer_is_left_out(self):
        order = self._create_order()
        order.with_user(self.technician).action_start()

        self.assertNotIn("Started", self._print_report(order))

    def test_signature_and_photos_are_pictures(self):
        order = self._worked_order()
        before = self._count_pictures(order, REPORT)
        order.photo_ids = [Command.create({"name": f"{color}.jpg", "datas": _draw(color)}) for color in ("red", "blue")]

        self.assertEqual(self._count_pictures(order, REPORT), before + 2)
        self.assertEqual(self._count_pictures(order, REPORT, user=self.technician), before + 2)

    def test_file_that_is_no_picture_is_left_out(self):
        order = self._worked_order()
        order.photo_ids = [
            Command.create({"name": "broken.jpg", "datas": base64.b64encode(b"no picture"), "mimetype": "image/jpeg"})
        ]

        self.assertEqual(order._get_print_photos(), [])
        self.assertIn(order.name, self._print_report(order))

    def test_large_photo_is_made_small(self):
        order = self._worked_order()
        order.photo_ids = [Command.create({"name": "large.jpg", "datas": _draw("red", size=(4000, 3000))})]

        picture = base64.b64decode(order._get_print_photos()[0].split(",", 1)[1])

        self.assertEqual(Image.open(io.BytesIO(picture)).size, (1200, 900))

    def test_technician_prints_no_order_of_a_colleague(self):
        order = self._worked_order()

        with self.assertRaises(AccessError):
            self._print(order, REPORT, user=self.other_technician)

    def test_french_customer_reads_french(self):
        self._load_french()
        self.customer.lang = "fr_FR"

        text = self._print_report(self._worked_order())

        self.assertIn("Rapport d\u2019intervention", text)
        self.assertIn("20/11/2026 08:04 09:11", text)

    def test_several_orders_are_printed_one_after_the_other(self):
        orders = self._worked_order() | self._worked_order()

        pages = self._print_pages(orders, REPORT, user=self.technician)

        self.assertEqual(len(pages), 2)
        for order, page in zip(orders, pages, strict=True):
            self.assertIn(order.name, page)
            self.assertIn("Page 1 / 1", page)


def _draw(color, size=(40, 30)):
    picture = io.BytesIO()
    Image.new("RGB", size, color).save(picture, "JPEG")
    return base64.b64encode(picture.getvalue())
