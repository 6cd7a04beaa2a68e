from odoo import fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    service_order_ids = fields.One2many("service.order", "calendar_event_id", string="Service Orders")

    # === CRUD METHODS === #

    def write(self, vals):
        res = super().write(vals)
        if {"start", "stop"} & vals.keys():
            # In sudo mode to find the visit behind an event, whoever moves the event.
            for order in self.sudo().service_order_ids:
                order._apply_event_times()
        return res
