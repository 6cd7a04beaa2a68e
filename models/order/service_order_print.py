import base64
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_time, formatLang
from odoo.tools.image import image_data_uri, image_process

from ..logic import work_time

PHOTO_SIZE = (1200, 1200)
PHOTO_QUALITY = 80


class ServiceOrder(models.Model):
    """What documents print of an order, in the language of the environment and on the company's clock."""

    _inherit = "service.order"

    # === GETTERS === #

    def _get_print_date(self):
        """Return the day of the work: when it was done, else for when it is planned; empty if neither is known.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        return self._format_print_moment(self.done_on or self.scheduled_start)[0]

    def _get_print_place(self):
        """Return where the work was done, name and address on one line.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        place = self.partner_shipping_id
        lines = [place.display_name, *place._display_address(without_company=True).split("\n")]
        return ", ".join(filter(None, (line.strip() for line in lines)))

    def _get_print_times(self):
        """Return the time that was worked; a timer that still runs is left out.

        Note: `self.ensure_one()`

        :return: Rows as `_prepare_print_time_values` prepares them.
        :rtype: list[dict]
        """
        self.ensure_one()
        return [
            self._prepare_print_time_values(
                line, day=self._get_print_date(), logged=line.quantity, billed=line.billed_quantity
            )
            for line in self.line_ids
            if line.kind == "labor" and line.quantity
        ]

    def _prepare_print_time_values(self, work, *, day, logged, billed):
        """Prepare one row of time.

        :param work: A record with `technician_id`, `started_at` and `stopped_at`.
        :param str day: The day of hours that were typed in; they have no times.
        :param float logged: Hours worked.
        :param float billed: Hours billed.
        :return: `{'technician': str, 'date': str, 'started': str, 'stopped': str, 'logged': 'H:MM', 'billed': 'H:MM'}`
        :rtype: dict[str, str]
        """
        first_day, started = self._format_print_moment(work.started_at)
        last_day, stopped = self._format_print_moment(work.stopped_at)
        return {
            "technician": work.technician_id.name or "",
            "date": first_day or day,
            "started": started,
            "stopped": stopped if first_day == last_day else f"{last_day} {stopped}",
            "logged": work_time.format_hours(Decimal(str(logged))),
            "billed": work_time.format_hours(Decimal(str(billed))),
        }

    def _get_print_parts(self):
        """Return the parts and fixed-price services that were used.

        Note: `self.ensure_one()`

        :return: `{'name': str, 'quantity': str, 'serial': str}`, a row each, the quantity with its unit.
        :rtype: list[dict]
        """
        self.ensure_one()
        return [
            {
                "name": line.name or "",
                "quantity": self._format_print_quantity(line),
                "serial": line.lot_id.name or "",
            }
            for line in self.line_ids
            if line.kind != "labor" and line.quantity
        ]

    def _get_print_signature(self):
        """Return the customer's signature.

        Note: `self.ensure_one()`

        :return: `{'image': str, 'name': str, 'time': str}`, the image as a `data:` address; empty if nobody signed.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        signature = self.with_context(bin_size=False).signature
        if not signature:
            return {}
        return {
            "image": image_data_uri(signature),
            "name": self.signed_by or "",
            "time": " ".join(self._format_print_moment(self.signed_on)),
        }

    def _get_print_photos(self):
        """Return the photos, small enough for a PDF that goes by mail. A file that is no picture is left out.

        Note: `self.ensure_one()`

        :return: `data:` addresses.
        :rtype: list[str]
        """
        self.ensure_one()
        # In sudo mode because a colleague may have taken them; who may read the order may see its photos.
        addresses = (self._prepare_print_photo(photo) for photo in self.sudo().photo_ids.sorted("id"))
        return [address for address in addresses if address]

    def _prepare_print_photo(self, photo):
        try:
            picture = image_process(photo.raw, size=PHOTO_SIZE, quality=PHOTO_QUALITY)
        except UserError:
            return ""
        return image_data_uri(base64.b64encode(picture)) if picture else ""

    def _format_print_quantity(self, line):
        digits = 0 if line.quantity.is_integer() else self.env["decimal.precision"].precision_get("Product Unit")
        return f"{formatLang(self.env, line.quantity, digits=digits)} {line.product_uom_id.name}"

    def _format_print_moment(self, moment):
        """Write a moment the way the company's clock and calendar show it.

        Note: `self.ensure_one()`

        :param datetime|False moment: Naive UTC.
        :return: The day and the time of day; both empty without a moment.
        :rtype: tuple[str, str]
        """
        self.ensure_one()
        if not moment:
            return "", ""
        tz = self.company_id.partner_id.tz or self.technician_id.tz
        local = fields.Datetime.context_timestamp(self.with_context(tz=tz), moment)
        return format_date(self.env, local), format_time(self.env, local.timetz(), time_format="short")
