from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    # === GETTERS === #

    def session_info(self):
        """Let technicians who have chosen no home of their own begin with their orders of the day."""
        info = super().session_info()
        user = self.env.user
        if user.has_group("service_billing.group_technician") and not user.action_id:
            info["home_action_id"] = self.env.ref("service_billing.service_order_action_my").id
        return info
