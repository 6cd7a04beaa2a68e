from odoo import fields, models


class ServiceSubscriptionReminder(models.Model):
    """A reminder of an end that went out. The row is what makes it go out once."""

    _name = "service.subscription.reminder"
    _description = "Renewal Reminder"
    _order = "id desc"

    subscription_id = fields.Many2one("service.subscription", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="subscription_id.company_id", store=True, index=True)
    end_date = fields.Date(string="End", required=True)
    days = fields.Integer(string="Days Before", required=True)

    _once = models.UniqueIndex("(subscription_id, end_date, days)", "Of this end was reminded already.")
