from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Command

from .service_billing_demo import MODULE
from .subscriptions import AGREEMENTS


class ServiceBillingDemo(models.AbstractModel):
    """What customers of the demo firm agreed to pay again and again."""

    _inherit = "service.billing.demo"

    # === BUSINESS METHODS - SUBSCRIPTIONS === #

    @api.model
    def _load_subscriptions(self):
        """Make the subscriptions; what is due of them waits among the open charges."""
        for agreement in AGREEMENTS:
            subscription = self._as("office", "service.subscription").create(self._prepare_subscription(agreement))
            self.env["ir.model.data"]._update_xmlids(
                [{"xml_id": f"{MODULE}.demo_subscription_{agreement.key}", "record": subscription, "noupdate": True}]
            )
            if not agreement.is_draft:
                subscription.action_activate()
            if agreement.pause_days:
                subscription.action_pause(self._get_day(0) + timedelta(days=agreement.pause_days))
            self._keep_history(subscription, self._get_moment(-30, "10:20"))

    def _prepare_subscription(self, agreement):
        today = self._get_day(0)
        start = today.replace(day=1) + relativedelta(months=agreement.months)
        if agreement.days is not None:
            start = today + timedelta(days=agreement.days)
        return {
            "partner_id": self._get_record(f"partner_{agreement.customer}").id,
            "unit": agreement.unit,
            "interval": agreement.interval,
            "billing_time": agreement.billing_time,
            "start_date": start,
            "end_date": agreement.end_days and today + timedelta(days=agreement.end_days),
            "client_order_ref": agreement.reference,
            "note": agreement.note,
            "line_ids": [
                Command.create({"product_id": self._get_record(f"product_{name}").id, "price_unit": price})
                for name, price in agreement.products.items()
            ],
        }
