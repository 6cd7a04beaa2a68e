from odoo import api, models
from odoo.exceptions import UserError


class ServiceCharge(models.Model):
    """Charges of service orders: the order says what was done, and bills what is corrected on its charges."""

    _inherit = "service.charge"

    # === CRUD METHODS === #

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        self._check_order_fields(vals)
        quantities = {charge: charge.quantity for charge in self}
        res = super().write(vals)
        self._apply_to_order_lines(vals, quantities)
        return res

    # === ACTION METHODS === #

    def action_unwaive(self):
        """Make waived charges billable again, as far as their work was not reduced or charged otherwise meanwhile."""
        waived = self.filtered("is_waived")
        res = super().action_unwaive()
        # In sudo mode to write the ledger, which nobody may write by hand.
        waived_sudo = waived.sudo().filtered("order_line_id")
        waived_sudo.is_ready = False
        waived_sudo.order_line_id.filtered(lambda line: line.state == "done")._apply_to_charges()
        return res

    # === BUSINESS METHODS - ORDERS === #

    def _waits_for_done(self):
        """Tell whether an order that is opened again takes the charge back until it is done. Later files decide.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.state == "open"

    @api.model
    def _get_order_fields(self):
        """Return the fields that a charge has from its service order and that change there only.

        :rtype: set[str]
        """
        return {
            "company_id", "partner_id", "currency_id", "fiscal_position_id", "kind", "product_id", "product_uom_id",
        }  # fmt: skip

    def _check_order_fields(self, vals):
        for charge in self if self._get_order_fields() & vals.keys() else ():
            if charge.sudo().order_line_id and charge._get_changed_fields(vals) & self._get_order_fields():
                raise UserError(
                    self.env._("“%(charge)s” comes from a service order: re-open that.", charge=charge._get_title())
                )

    def _apply_to_order_lines(self, vals, quantities):
        """Let the orders bill what somebody corrected on their charges; so it outlives that an order is re-opened.

        :param dict vals: What was written on the charges.
        :param dict quantities: The quantity that each charge had before.
        """
        corrected = {"name", "price_unit", "discount", "tax_ids", "billing_decision"} & vals.keys()
        # In sudo mode because the work of a done order rests for everybody.
        for charge in self.sudo().filtered("order_line_id"):
            line = charge.order_line_id
            values = {name: vals[name] for name in corrected}
            if charge.quantity != quantities[charge]:
                values["billed_quantity"] = line.billed_quantity + charge.quantity - quantities[charge]
            line.write(values)
