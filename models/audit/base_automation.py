from odoo import api, fields, models
from odoo.exceptions import ValidationError

ON_EVENT = "on_billing_event"


class BaseAutomation(models.Model):
    _name = "base.automation"
    _inherit = ["base.automation", "service.cached.mixin"]

    trigger = fields.Selection(selection_add=[(ON_EVENT, "Billing event")], ondelete={ON_EVENT: "cascade"})
    billing_event_kind = fields.Selection(
        selection="_get_billing_event_kinds",
        string="Billing Event",
        compute="_compute_billing_event_kind",
        store=True,
        readonly=False,
        help="The rule runs on the document, in the background, once for each such event.",
    )

    # === COMPUTE METHODS === #

    @api.depends("trigger")
    def _compute_billing_event_kind(self):
        self.filtered(lambda rule: rule.trigger != ON_EVENT).billing_event_kind = False

    # === CONSTRAINT METHODS === #

    @api.constrains("trigger", "billing_event_kind")
    def _check_billing_event_kind(self):
        if any(rule.trigger == ON_EVENT and not rule.billing_event_kind for rule in self):
            raise ValidationError(self.env._("Choose the billing event that the rule waits for."))

    # === GETTERS === #

    @api.model
    def _get_billing_event_kinds(self):
        return self.env["service.billing.event"]._fields["kind"]._description_selection(self.env)
