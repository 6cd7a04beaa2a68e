import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .webhook_post import is_webhook_url


class ServiceWebhook(models.Model):
    """Somebody else's server that is told what happens to our documents."""

    _name = "service.webhook"
    _description = "Webhook"
    _inherit = ["mail.thread", "mail.activity.mixin", "service.cached.mixin"]
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    url = fields.Char(string="URL", required=True, tracking=True, help="Is sent a POST request for each event.")
    secret = fields.Char(
        required=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(32),
        groups="service_billing.group_manager",
        help="Signs each message, so that the receiver can tell that it comes from here.",
    )
    kind_ids = fields.Many2many(
        comodel_name="ir.model.fields.selection",
        string="Events",
        domain=[("field_id.model", "=", "service.billing.event"), ("field_id.name", "=", "kind")],
        help="Without a choice it is told of every event.",
    )
    delivery_ids = fields.One2many("service.webhook.delivery", "webhook_id", string="Deliveries")
    failed_count = fields.Integer(string="Failed", compute="_compute_failed_count")

    # === COMPUTE METHODS === #

    @api.depends("delivery_ids.state")
    def _compute_failed_count(self):
        failed = [("webhook_id", "in", self.ids), ("state", "=", "failed")]
        counts = dict(self.env["service.webhook.delivery"]._read_group(failed, ["webhook_id"], ["__count"]))
        for webhook in self:
            webhook.failed_count = counts.get(webhook, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("url")
    def _check_url(self):
        for webhook in self:
            if not is_webhook_url(webhook.url):
                raise ValidationError(
                    self.env._("“%(url)s” is no address: enter one such as https://example.com/hook.", url=webhook.url)
                )

    # === ACTION METHODS === #

    def action_view_deliveries(self):
        """Show what was sent.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_webhook_delivery_action")
        return {**action, "domain": [("webhook_id", "=", self.id)], "display_name": self.name}

    # === GETTERS === #

    def _wants(self, kind):
        """Tell whether the webhook is told of a kind of event.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return not self.kind_ids or kind in self.kind_ids.mapped("value")
