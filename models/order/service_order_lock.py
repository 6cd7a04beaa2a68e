import base64
import io

from PIL import Image

from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class ServiceOrder(models.Model):
    """Who may change what on an order: its state nobody by hand, its work and customer until it is done."""

    _inherit = "service.order"

    # === CONSTRAINT METHODS === #

    @api.constrains("signature")
    def _check_signature(self):
        for order in self.with_context(bin_size=False):
            if order.signature and not _is_picture(order.signature):
                raise ValidationError(self.env._("The signature is not an image."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_action_fields({name for vals in vals_list for name in vals})
        orders = super().create(vals_list)
        if not self.env.su and any(order.state != "new" for order in orders):
            raise UserError(self.env._("A service order begins as a new one."))
        return orders

    def write(self, vals):
        self._check_action_fields(vals)
        if self._get_agreed_fields() & vals.keys():
            self._check_open()
        if any(order.company_id.id != vals.get("company_id", order.company_id.id) for order in self):
            raise UserError(self.env._("The company of a service order never changes: make a new order there."))
        return super().write(vals)

    # === BUSINESS METHODS - LOCK === #

    def _check_action_fields(self, names):
        touched = self._get_action_fields().intersection(names)
        if touched and not self.env.su:
            label = self._fields[min(touched)]._description_string(self.env)
            raise UserError(self.env._("%(field)s of a service order is set by its buttons only.", field=label))

    def _check_open(self):
        """Make sure that none of the orders is closed.

        :raise UserError: If one is done or cancelled.
        """
        closed = self.filtered(lambda order: order.state in ("done", "cancelled"))[:1]
        if closed:
            raise UserError(self.env._("Re-open %(order)s before you change it.", order=closed.display_name))

    # === GETTERS === #

    @api.model
    def _get_action_fields(self):
        """Return the fields that only the actions of an order write.

        :rtype: set[str]
        """
        return {"name", "state", "done_on", "signed_on", "has_negative_stock"}

    @api.model
    def _get_agreed_fields(self):
        """Return the fields that rest once the order is done or cancelled: for whom it was, and what was signed.

        :rtype: set[str]
        """
        return {
            "company_id", "partner_id", "partner_invoice_id", "partner_shipping_id", "pricelist_id",
            "fiscal_position_id", "report", "signature", "signed_by",
        }  # fmt: skip


def _is_picture(content):
    try:
        with Image.open(io.BytesIO(base64.b64decode(content))) as image:
            image.verify()
    except (OSError, SyntaxError, ValueError):
        return False
    return True
