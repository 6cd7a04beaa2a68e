from odoo import api, fields, models


class ServiceSubscriptionStep(models.TransientModel):
    """Pause, resume or cancel a subscription from a day on."""

    _name = "service.subscription.step"
    _description = "Pause, Resume or Cancel a Subscription"

    subscription_id = fields.Many2one(
        comodel_name="service.subscription",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    step = fields.Selection(
        selection=[("pause", "Pause"), ("resume", "Resume"), ("cancel", "Cancel")], required=True, readonly=True
    )
    moment = fields.Selection(
        selection=[("now", "At once"), ("period", "At the end of the period"), ("day", "On another day")],
        string="Ends",
        default="period",
        required=True,
    )
    date = fields.Date(compute="_compute_date", store=True, readonly=False, required=True)
    date_to = fields.Date(string="Until", help="The last day that is not billed; empty: until you resume it.")
    reason = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends("subscription_id", "moment", "step")
    def _compute_date(self):
        for wizard in self:
            today = wizard.subscription_id._get_today()
            if wizard.step == "cancel" and wizard.moment == "period" and wizard.subscription_id:
                wizard.date = wizard.subscription_id._get_period_end()
            elif wizard.moment != "day" or not wizard.date:
                wizard.date = today

    # === ACTION METHODS === #

    def action_confirm(self):
        """Do the step.

        :rtype: dict
        """
        self.ensure_one()
        subscription = self.subscription_id
        if self.step == "pause":
            notice = subscription.action_pause(self.date, self.date_to)
        elif self.step == "resume":
            notice = subscription.action_resume(self.date)
        else:
            notice = subscription.action_cancel(self.date, self.reason)
        return notice or {"type": "ir.actions.act_window_close"}
