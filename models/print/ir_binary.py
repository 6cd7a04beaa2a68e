import base64
import logging
import mimetypes
import re
from urllib.parse import parse_qsl, unquote, urlsplit

from reportlab.graphics.utils import RenderPMError

from odoo import models
from odoo.exceptions import UserError
from odoo.http import root
from odoo.tools import file_open
from odoo.tools.image import image_guess_size_from_field_name, image_process
from odoo.tools.mimetypes import guess_mimetype

from .chromium_page import Resource

_logger = logging.getLogger(__name__)

_ASSET = re.compile(r"/web/assets/[^/]+/(?P<filename>[^/]+\.css)")
_BARCODE = re.compile(r"/report/barcode(?:/(?P<barcode_type>[^/]+)/(?P<value>.+)|/?)")
_IMAGE = re.compile(
    r"""/web/image
    (?: /(?P<model>[\w.]+)/(?P<record_id>\d+)/(?P<field>\w+) | /(?P<attachment_id>\d+)(?:-[^/]+)? | /(?P<xmlid>[^/]+) )?
    (?: /(?P<width>\d+)x(?P<height>\d+) )?
    (?: /[^/]* )?""",
    re.VERBOSE,
)
_STATIC = re.compile(r"(?P<path>/\w+/static(?:/(?!\.\.?(?:/|$))[^/]+)+)")


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _get_print_resource(self, url):
        """Return what a printed document refers to, read in this transaction and with the user's rights.

        Only style sheets, static files, pictures and barcodes of this server are answered, nothing else on it.

        :param str url: a path, or an absolute URL
        :rtype: Resource|None
        """
        parts = urlsplit(url)
        if parts.netloc and parts.netloc not in self._get_print_hosts():
            return None
        # A report may be rendered in sudo mode; what it refers to must be the user's to see.
        binary = self.sudo(False)
        path, parameters = unquote(parts.path), dict(parse_qsl(parts.query))
        for route, read in (
            (_ASSET, binary._read_print_asset),
            (_IMAGE, binary._read_print_image),
            (_BARCODE, binary._read_print_barcode),
            (_STATIC, binary._read_print_static),
        ):
            if match := route.fullmatch(path):
                return read(parameters | {name: text for name, text in match.groupdict().items() if text})
        return None

    def _get_print_hosts(self):
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return {urlsplit(get_param(name) or "").netloc for name in ("report.url", "web.base.url")}

    def _read_print_asset(self, values):
        try:
            name, rtl, _kind, autoprefix = self.env["ir.asset"]._parse_bundle_name(values["filename"], False)
        except ValueError:
            return None
        bundle = self.env["ir.qweb"]._get_asset_bundle(name, js=False, rtl=rtl, autoprefix=autoprefix)
        return Resource(bundle.css().raw, "text/css; charset=utf-8") if bundle.stylesheets else None

    def _read_print_static(self, values):
        path = root.get_static_file(values["path"])
        if not path:
            return None
        with file_open(path, "rb") as file:
            return Resource(file.read(), mimetypes.guess_type(path)[0] or "application/octet-stream")

    def _read_print_image(self, values):
        try:
            return self._process_print_image(values)
        except (UserError, ValueError) as error:
            _logger.info("A picture was left out of a PDF: %s", type(error).__name__)
            return None

    def _process_print_image(self, values):
        field = values.get("field", "raw")
        record_id = values.get("record_id") or values.get("attachment_id") or values.get("id")
        record = self._find_record(
            xmlid=values.get("xmlid"),
            res_model=values.get("model", "ir.attachment"),
            res_id=record_id and int(record_id),
            access_token=values.get("access_token"),
            field=field,
        )
        content = self._read_print_field(record, field)
        mimetype = guess_mimetype(content)
        if not mimetype.startswith("image/"):
            return None
        size = (int(values.get("width", 0)), int(values.get("height", 0)))
        if not any(size):
            size = image_guess_size_from_field_name(field)
        return Resource(image_process(content, size=size, crop="crop" in values), mimetype)

    def _read_print_field(self, record, name):
        """Read a binary field. `ir.binary` of `base` streams an attachment to a web request; a job has none.

        :rtype: bytes
        """
        field = record._fields.get(name)
        if field is None or field.type != "binary":
            return b""
        record._check_field_access(field, "read")
        if record._name == "ir.attachment":
            return record.raw or b""
        return base64.b64decode(record.with_context(bin_size=False)[name] or b"")

    def _read_print_barcode(self, values):
        kind, value = values.pop("barcode_type", None), values.pop("value", None)
        if not (kind and value):
            return None
        try:
            return Resource(self.env["ir.actions.report"].barcode(kind, value, **values), "image/png")
        except (ValueError, AttributeError) as error:
            _logger.info("A barcode was left out of a PDF: %s", type(error).__name__)
        except RenderPMError:
            _logger.warning("A barcode was left out of a PDF: reportlab needs the Python package rlPyCairo to draw it.")
        return None
