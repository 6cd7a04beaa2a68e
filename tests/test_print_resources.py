import io
from unittest.mock import patch

from PIL import Image
from reportlab.graphics.utils import RenderPMError

from odoo.tests import new_test_user, tagged

from .print_engine_common import PrintReportCase

RESOURCES = "odoo.addons.service_billing.models.print.ir_binary"


def make_png(width):
    output = io.BytesIO()
    Image.new("RGB", (width, width), "red").save(output, "PNG")
    return output.getvalue()


REFUSED = (
    "/",
    "/web/login",
    "/web/content/1",
    "/web/static/../__manifest__.py",
    "/web/static/%2e%2e/__manifest__.py",
    "/web/static/missing.png",
    "/nowhere/static/x.png",
    "/web/assets/any/web.assets_web.min.js",
    "/web/assets/any/nothing.here.min.css",
    "/web/assets/any/broken.css",
    "/report/barcode",
    "/report/barcode/?barcode_type=QR",
    "/web/image",
    "/web/image/0",
    "/web/image/no.such.model/1/image",
    "//elsewhere.example.com/web/static/img/placeholder.png",
    "https://elsewhere.example.com/web/static/img/placeholder.png",
    "http://127.0.0.1:8069/web/static/img/placeholder.png",
    "file:///etc/passwd",
    "/etc/passwd",
)


@tagged("post_install", "-at_install")
class TestPrintResources(PrintReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = new_test_user(cls.env, "print_technician", groups="base.group_user")
        cls.env["ir.config_parameter"].set_param("web.base.url", "https://office.example.com")
        cls.binary = cls.env["ir.binary"]
        mail_server = cls.env["ir.mail_server"].create({"name": "Private", "smtp_host": "mail.example.com"})
        cls.private_picture = cls.env["ir.attachment"].create(
            {"name": "private.png", "raw": make_png(20), "res_model": mail_server._name, "res_id": mail_server.id}
        )

    def count_pictures(self, source, user=None):
        [page] = self.print_html(f'<img src="{source}"/>', user=user)
        return len([image for image in page.images if image.image.width == 20])

    def test_picture_written_in_this_transaction_is_printed(self):
        self.assertEqual(self.count_pictures(f"/web/image/{self.private_picture.id}"), 1)

    def test_picture_the_user_may_not_read_is_left_out(self):
        path = f"/web/image/{self.private_picture.id}"

        self.assertEqual(self.count_pictures(path, user=self.technician), 0)
        self.assertIsNone(self.binary.with_user(self.technician).sudo()._get_print_resource(path))
        self.assertIsNotNone(self.binary._get_print_resource(path))

    def test_token_opens_a_picture(self):
        [token] = self.private_picture.generate_access_token()
        path = f"/web/image/{self.private_picture.id}?access_token="

        self.assertIsNotNone(self.binary.with_user(self.technician)._get_print_resource(path + token))
        self.assertIsNone(self.binary.with_user(self.technician)._get_print_resource(path + "wrong"))

    def test_picture_of_a_record_is_found_by_every_address(self):
        self.env.user.partner_id.image_1920 = self.private_picture.datas
        xmlid = self.env["ir.model.data"].create(
            {"module": "print_test", "name": "picture", "model": "ir.attachment", "res_id": self.private_picture.id}
        )
        picture, partner = self.private_picture.id, self.env.user.partner_id.id
        for url in (
            f"/web/image?model=res.partner&id={partner}&field=image_1920",
            f"/web/image/res.partner/{partner}/image_1920",
            f"/web/image/res.partner/{partner}/image_1920/name.png",
            f"/web/image/res.partner/{partner}/image_1920/10x10/name.png",
            f"/web/image/{picture}",
            f"/web/image/{picture}-0a1b2c/name.png",
            f"/web/image/{picture}/10x10",
            f"/web/image/{xmlid.complete_name}",
            f"/web/image/{xmlid.complete_name}/10x10/name.png",
            f"https://office.example.com/web/image/{picture}",
        ):
            with self.subTest(url=url):
                resource = self.binary._get_print_resource(url)

                self.assertEqual(resource.mimetype, "image/png")
                width = Image.open(io.BytesIO(resource.content)).width
                self.assertEqual(width, 10 if "10x10" in url else 20)

    def test_only_pictures_style_sheets_and_static_files_are_answered(self):
        page = self.env["ir.attachment"].create({"name": "x.png", "raw": b"<html>", "public": True})
        broken = self.env["ir.attachment"].create({"name": "x.png", "raw": make_png(20)[:10], "public": True})
        for url in (
            *REFUSED,
            f"/web/image/res.users/{self.env.uid}/login",
            f"/web/image/res.users/{self.env.uid}/no_such_field",
            f"/web/image/{page.id}",
            f"/web/image/{broken.id}/10x10",
            f"/web/image/{self.private_picture.id}?width=wide",
        ):
            with self.subTest(url=url):
                self.assertIsNone(self.binary._get_print_resource(url))

    def test_static_files_and_style_sheets_are_answered(self):
        for url, mimetype in (
            ("/web/static/img/placeholder.png", "image/png"),
            ("https://office.example.com/web/static/img/placeholder.png", "image/png"),
            ("/web/assets/any/web.report_assets_common.min.css", "text/css; charset=utf-8"),
        ):
            with self.subTest(url=url):
                for user in (self.technician, self.env.ref("base.public_user")):
                    resource = self.binary.with_user(user)._get_print_resource(url)

                    self.assertEqual(resource.mimetype, mimetype)
                    self.assertTrue(resource.content)

    def test_address_of_the_report_server_is_ours_too(self):
        self.env["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:8069")

        self.assertIsNotNone(self.binary._get_print_resource("http://127.0.0.1:8069/web/static/img/placeholder.png"))

    def test_barcode_is_drawn_by_odoo(self):
        drawn = {}

        def draw(_reports, kind, value, **options):
            drawn.update(options, kind=kind, value=value)
            return make_png(20)

        with patch.object(type(self.env["ir.actions.report"]), "barcode", draw):
            resource = self.binary._get_print_resource("/report/barcode/QR/a%2Fb?width=99")
            self.binary._get_print_resource("/report/barcode/?barcode_type=EAN13&value=123")

        self.assertEqual(resource.mimetype, "image/png")
        self.assertEqual(drawn, {"kind": "EAN13", "value": "123", "width": "99"})

    def test_barcode_without_rasterizer_is_left_out_and_logged(self):
        def fail(*_args, **_options):
            raise RenderPMError("no backend")

        with (
            patch.object(type(self.env["ir.actions.report"]), "barcode", fail),
            self.assertLogs(RESOURCES, "WARNING") as logs,
        ):
            [page] = self.print_html('still <img src="/report/barcode/QR/abc"/> here')

        self.assertIn("rlPyCairo", logs.output[0])
        self.assertEqual(page.extract_text().split(), ["still", "here"])
