from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class ServiceOrder(models.Model):
    """The order that a confirmed quotation makes: once, with the work that was agreed."""

    _inherit = "service.order"

    is_from_quotation = fields.Boolean(string="Made by the Quotation", readonly=True, copy=False)

    _quotation_uniq = models.UniqueIndex(
        "(sale_order_id) WHERE is_from_quotation AND sale_order_id IS NOT NULL",
        "A quotation makes one service order.",
    )

    # === ACTION METHODS === #

    def action_view_quotation(self):
        """Open the quotation that the order comes from.

        :rtype: dict
        """
        self.ensure_one()
        return self.sale_order_id._get_records_action()

    # === BUSINESS METHODS - QUOTATION === #

    def _cancel_with_quotation(self):
        """Cancel the orders because their quotation is.

        :raise UserError: If there is work on one.
        """
        worked = self.filtered(lambda order: order._is_worked())[:1]
        if worked:
            raise UserError(
                self.env._("There is work on %(order)s: finish or cancel that order first.", order=worked.display_name)
            )
        self.filtered(lambda order: order.state != "cancelled").action_cancel()

    def _revive_planned(self):
        """Take cancelled orders up again, without what was planned before: their quotation plans anew."""
        self._set_state("new", allowed=("cancelled",))
        self.line_ids.filtered(lambda line: not line._is_worked()).unlink()

    # === BUSINESS METHODS - LOCK === #

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | {"is_from_quotation"}

    # === GETTERS === #

    def _is_worked(self):
        """Tell whether somebody did something on the order. Later stages add what they did.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        if self.state == "cancelled":
            return False
        written = not is_html_empty(self.report) or self.signature or self.photo_ids
        return self.state == "done" or bool(written) or any(line._is_worked() for line in self.line_ids)
