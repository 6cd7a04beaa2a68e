from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ServiceOrder(models.Model):
    """When the work is done: the visit, and its place in the technician's calendar."""

    _inherit = "service.order"

    scheduled_start = fields.Datetime(tracking=True, index="btree_not_null", copy=False)
    scheduled_stop = fields.Datetime(tracking=True, copy=False)
    calendar_event_id = fields.Many2one(
        comodel_name="calendar.event", ondelete="set null", copy=False, index="btree_not_null"
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("scheduled_start", "scheduled_stop")
    def _check_schedule(self):
        for order in self:
            if order.scheduled_start and order.scheduled_stop and order.scheduled_stop <= order.scheduled_start:
                raise ValidationError(self.env._("A visit must end after it starts."))

    # === CRUD METHODS === #

    def write(self, vals):
        res = super().write(vals)
        if {"scheduled_start", "scheduled_stop", "technician_id", "partner_id"} & vals.keys():
            self.filtered("calendar_event_id")._apply_schedule()
        return res

    # === ACTION METHODS === #

    def action_schedule(self):
        """Put the visits into the technicians' calendars.

        :raise UserError: If the technician or a time is missing.
        """
        for order in self:
            if not order._has_visit():
                raise UserError(
                    self.env._("Choose the technician, start and end of %(order)s first.", order=order.display_name)
                )
        self._set_state("scheduled", allowed=("new", "scheduled"))
        self._apply_schedule()

    def action_cancel(self):
        """Cancel the orders and take them out of the calendars."""
        res = super().action_cancel()
        # In sudo mode because the event may belong to the technician.
        self.sudo().calendar_event_id.unlink()
        return res

    # === BUSINESS METHODS - CALENDAR === #

    def _apply_schedule(self):
        """Write the visits into the technicians' calendars, without a mail to anybody. An order that lost its time or
        technician is no visit any more and leaves the calendar.
        """
        # In sudo mode because whoever plans may not own the technician's events.
        events = self.env["calendar.event"].sudo().with_context(no_mail_to_attendees=True, dont_notify=True)
        for order in self:
            event = order.calendar_event_id.with_env(events.env)
            if not order._has_visit():
                event.unlink()
            elif event:
                event.write(order._prepare_calendar_event_values())
            else:
                order.sudo().calendar_event_id = events.create(order._prepare_calendar_event_values())

    def _apply_event_times(self):
        """Take over the times of the calendar event after somebody moved it there."""
        self.ensure_one()
        if self._has_other_event_times() and self.state not in ("done", "cancelled"):
            event = self.calendar_event_id
            self.write({"scheduled_start": event.start, "scheduled_stop": event.stop})

    def _has_visit(self):
        self.ensure_one()
        return bool(self.technician_id and self.scheduled_start and self.scheduled_stop)

    def _has_other_event_times(self):
        event = self.calendar_event_id
        return (event.start, event.stop) != (self.scheduled_start, self.scheduled_stop)

    def _prepare_calendar_event_values(self, **extra):
        """Prepare the calendar event of a visit.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        return {
            "name": f"{self.name} {self.partner_id.display_name}",
            "start": self.scheduled_start,
            "stop": self.scheduled_stop,
            "user_id": self.technician_id.id,
            "partner_ids": [fields.Command.set(self.technician_id.partner_id.ids)],
            "location": self.partner_shipping_id._display_address(without_company=True).replace("\n", ", "),
            **extra,
        }
