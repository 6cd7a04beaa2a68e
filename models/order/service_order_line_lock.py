from odoo import api, models
from odoo.exceptions import UserError


class ServiceOrderLine(models.Model):
    """What may change on a line: nothing once the order is done; what it is of, never after it was handed over."""

    _inherit = "service.order.line"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._check_open()
        return lines

    def write(self, vals):
        if self._get_work_fields() & vals.keys() and not self.env.su:
            self.order_id._check_open()
        self._check_accounted_fields(vals)
        res = super().write(vals)
        if "order_id" in vals:
            self.order_id._check_open()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self.order_id._check_open()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accounted(self):
        accounted = self._filter_accounted()[:1]
        if accounted:
            raise UserError(
                self.env._(
                    "“%(line)s” was handed over already: set its quantity to 0 instead of deleting it.",
                    line=accounted.product_id.display_name,
                )
            )

    # === BUSINESS METHODS - LOCK === #

    def _remove(self):
        """Delete the lines; what was handed over already is set to 0 instead."""
        accounted = self._filter_accounted()
        accounted.quantity = 0
        (self - accounted).unlink()

    def _check_accounted_fields(self, vals):
        for name in self._get_accounted_fields() & vals.keys():
            field = self._fields[name]
            accounted = self._filter_accounted().filtered(
                lambda line, field=field: field.convert_to_write(line[field.name], line) != vals[field.name]
            )
            if accounted:
                raise UserError(
                    self.env._(
                        "“%(line)s” was handed over already: set its quantity to 0 and add a new line.",
                        line=accounted[0].product_id.display_name,
                    )
                )

    # === GETTERS === #

    @api.model
    def _get_work_fields(self):
        """Return the fields that tell what was done; they rest once the order is done or cancelled.

        :rtype: set[str]
        """
        return {
            "kind", "product_id", "name", "quantity", "billed_quantity", "product_uom_id", "price_unit", "discount",
            "tax_ids", "billing_decision", "started_at", "stopped_at", "technician_id", "lot_id", "order_id",
            "sale_line_id",
        }  # fmt: skip

    @api.model
    def _get_accounted_fields(self):
        """Return the fields that tell what was handed over; they rest once goods or charges hang on the line.

        :rtype: set[str]
        """
        return {"order_id", "kind", "product_id", "product_uom_id", "lot_id"}

    def _filter_accounted(self):
        """Return those of the lines that have consequences elsewhere, which must be undone there before the line
        goes. Later stages add theirs.

        :rtype: recordset of `service.order.line`
        """
        return self.browse()
