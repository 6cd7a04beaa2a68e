from odoo import api, fields, models


class ServiceOrder(models.Model):
    """What the screens show of an order, and what they open."""

    _inherit = "service.order"

    is_closed = fields.Boolean(compute="_compute_is_closed")
    partner_phone = fields.Char(related="partner_shipping_id.phone")
    partner_address = fields.Char(related="partner_shipping_id.contact_address_inline", string="Address")
    partner_order_count = fields.Integer(compute="_compute_partner_order_count")
    running_since = fields.Datetime(string="Timer", compute="_compute_running_since")
    done_checks = fields.Json(
        compute="_compute_done_checks",
        help="What the order's type requires, as a list of `{'code': str, 'label': str, 'is_missing': bool}`.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state")
    def _compute_is_closed(self):
        for order in self:
            order.is_closed = order._is_readonly()

    @api.depends("partner_id")
    def _compute_partner_order_count(self):
        groups = self._read_group([("partner_id", "in", self.partner_id.ids)], ["partner_id"], ["__count"])
        counts = dict(groups)
        for order in self:
            order.partner_order_count = counts.get(order.partner_id._origin, 0)

    @api.depends("running_line_id")
    @api.depends_context("uid")
    def _compute_running_since(self):
        for order in self:
            order.running_since = order.running_line_id.started_at

    @api.depends("missing_text")
    def _compute_done_checks(self):
        for order in self:
            missing = order._get_done_constraints()
            present = {code: label for code, label in order._get_required_labels().items() if code not in missing}
            order.done_checks = [
                {"code": code, "label": label, "is_missing": code in missing}
                for code, label in {**present, **missing}.items()
            ]

    # === ACTION METHODS === #

    def action_finish(self):
        """Stop the user's timer and show what was done, for the customer to sign.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        self.action_stop()
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_order_action_finish")
        return {**action, "res_id": self.id}

    def action_finish_done(self):
        """Close the order and leave the screen on which it was signed.

        :rtype: dict
        """
        self.action_done()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(order)s is done.", order=self.name),
                "next": {"type": "ir.actions.client", "tag": "service_order_leave"},
            },
        }

    def action_view_partner_orders(self):
        """Open what was done for the customer before.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_order_action")
        return {**action, "domain": [("partner_id", "=", self.partner_id.id)]}

    # === GETTERS === #

    def _get_required_labels(self):
        """Return what the order's type requires before Done.

        Note: `self.ensure_one()`

        :return: `{code: label}`, with the codes of `_get_done_constraints`.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        return {
            field.removeprefix("require_"): self.type_id._fields[field]._description_string(self.env)
            for field in ("require_time", "require_report", "require_signature", "require_photo")
            if self.type_id[field]
        }
