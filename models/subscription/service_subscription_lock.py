from odoo import api, models
from odoo.exceptions import UserError


class ServiceSubscription(models.Model):
    """Who may change what on a subscription: its state nobody by hand, what was agreed until it is active."""

    _inherit = "service.subscription"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_action_fields({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        self._check_action_fields(vals)
        active = self.filtered("activated_at")[:1]
        if self._get_agreed_fields() & vals.keys() and active and not self.env.su:
            raise UserError(
                self.env._("%(subscription)s is active: use its buttons, or set it back.", subscription=active.name)
            )
        if any(
            subscription.company_id.id != vals.get("company_id", subscription.company_id.id) for subscription in self
        ):
            raise UserError(self.env._("The company of a subscription never changes: make a new one there."))
        return super().write(vals)

    # === BUSINESS METHODS - LOCK === #

    def _check_action_fields(self, names):
        touched = self._get_action_fields().intersection(names)
        if touched and not self.env.su:
            label = self._fields[min(touched)]._description_string(self.env)
            raise UserError(self.env._("%(field)s of a subscription is set by its buttons only.", field=label))

    # === GETTERS === #

    @api.model
    def _get_action_fields(self):
        """Return the fields that only the actions of a subscription write.

        :rtype: set[str]
        """
        return {"name", "state", "activated_at", "is_cancelled", "cancel_reason", "pause_ids", "reminder_ids"}

    @api.model
    def _get_agreed_fields(self):
        """Return the fields that rest once the subscription is active: what follows from them may be billed.

        :rtype: set[str]
        """
        return {
            "partner_id", "partner_invoice_id", "currency_id", "fiscal_position_id", "interval", "unit",
            "billing_time", "start_date", "anchor_date", "end_date",
        }  # fmt: skip
