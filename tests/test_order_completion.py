import base64

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import SIGNATURE, ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestOrderCompletion(ServiceBillingCommon):
    def setUp(self):
        super().setUp()
        self.order = self._create_order().with_user(self.technician)

    def _assert_missing(self, order, *codes):
        self.assertEqual(sorted(order._get_done_constraints()), sorted(codes))

    # === WHAT IS MISSING === #

    def test_each_missing_thing_is_named_before_done(self):
        self._assert_missing(self.order, "time", "report", "signature")

        with self.assertRaises(UserError) as refusal:
            self.order.action_done()

        for sentence in self.order._get_done_constraints().values():
            self.assertIn(sentence, str(refusal.exception))
            self.assertIn(sentence, self.order.missing_text)
        self.assertEqual(self.order.state, "new")

    def test_nothing_is_missing_once_all_is_there(self):
        self._work_order(self.order)

        self._assert_missing(self.order)
        self.assertFalse(self.order.missing_text)

    def test_type_decides_what_is_required(self):
        self.order.type_id = self.type_quick
        self._assert_missing(self.order)

        self.type_quick.require_photo = True
        self._assert_missing(self.order, "photo")

    def test_order_without_type_requires_nothing(self):
        self.order.with_user(self.biller).type_id = False

        self.order.action_done()

        self.assertEqual(self.order.state, "done")

    def test_running_timer_is_missing_its_end(self):
        self._work_order(self.order, hours=0)
        self.order.action_start()

        self._assert_missing(self.order, "timer")

    def test_report_of_blanks_is_no_report(self):
        self._work_order(self.order)
        self.order.report = "<p><br/></p>"

        self._assert_missing(self.order, "report")

    def test_photo_satisfies_the_type(self):
        self.type_repair.require_photo = True
        self._work_order(self.order)
        self.order.photo_ids = [Command.create({"name": "boiler.png", "datas": SIGNATURE})]

        self._assert_missing(self.order)

    def test_list_of_what_is_missing_follows_what_is_entered(self):
        before = self.order.missing_text

        self.order.report = "<p>Replaced the valve.</p>"

        self.assertNotEqual(self.order.missing_text, before)

    def test_done_order_misses_nothing_even_if_its_type_changes(self):
        self._work_order(self.order)
        self.order.action_done()

        self.type_repair.require_photo = True

        self.assertFalse(self.order.missing_text)

    def test_done_keeps_its_moment(self):
        self._work_order(self.order)

        with freeze_time("2026-05-04 11:00:00"):
            self.order.action_done()

        self.assertEqual(str(self.order.done_on), "2026-05-04 11:00:00")

    # === SIGNATURE === #

    def test_signature_keeps_its_moment(self):
        with freeze_time("2026-05-04 10:55:00"):
            self.order.write({"signature": SIGNATURE, "signed_by": "Mr. Alpina"})
            self.env.flush_all()
        with freeze_time("2026-05-04 11:00:00"):
            self.order.signed_by = "Mrs. Alpina"

        self.assertEqual(str(self.order.signed_on), "2026-05-04 10:55:00")

    def test_moment_of_the_signature_cannot_be_typed(self):
        with self.assertRaises(UserError):
            self.order.write({"signature": SIGNATURE, "signed_on": "2020-01-01 00:00:00"})

    def test_removed_signature_is_missing_again(self):
        self._work_order(self.order)

        self.order.signature = False

        self.assertFalse(self.order.signed_on)
        self._assert_missing(self.order, "signature")

    def test_what_is_not_an_image_is_no_signature(self):
        texts = (b"I agree.", b"<p>I agree.</p>", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", b"RIFF0000WEBPVP8")
        for content in ("no base64!", *map(base64.b64encode, texts)):
            with self.subTest(content=content):
                with self.assertRaises(UserError) as refusal:
                    self._call(self.technician, "service.order", "write", self.order.ids, {"signature": content})
                self.assertNotIn("\n", str(refusal.exception))

        self.assertFalse(self.order.signature)
