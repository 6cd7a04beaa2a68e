from odoo import models
from odoo.exceptions import UserError


class ServiceOrder(models.Model):
    _inherit = "service.order"

    # === BUSINESS METHODS - STATES === #

    def _set_done(self):
        super()._set_done()
        if self.type_id.on_completion in ("finalize", "send"):
            # In sudo mode because a technician has no rights on charges and invoices.
            self.sudo()._finalize_or_explain(with_mail=self.type_id.on_completion == "send")

    # === BUSINESS METHODS - INVOICING === #

    def _finalize_or_explain(self, *, with_mail):
        """Draft and finalize the invoice of a done order, and send it; what keeps it from that is written on the order,
        and the draft stays.

        Note: `self.ensure_one()`

        :param bool with_mail: Whether it is sent, or only where the customer gets invoices by themselves.
        """
        self.ensure_one()
        self._create_drafts_or_explain()
        drafts = self._get_drafts()
        try:
            with self.env.cr.savepoint():
                drafts.with_context(billing_no_auto_send=True).action_billing_finalize()
        except UserError as reason:
            self.message_post(body=self.env._("The invoice was not finalized: %(reason)s", reason=reason))
            return
        if with_mail:
            for remark in drafts._send_to_customer().values():
                self.message_post(body=remark)
        else:
            drafts._send_automatically()
