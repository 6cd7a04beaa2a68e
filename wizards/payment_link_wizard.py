from odoo import api, models


class PaymentLinkWizard(models.TransientModel):
    _inherit = "payment.link.wizard"

    # === COMPUTE METHODS === #

    @api.depends("res_model", "res_id")
    def _compute_link(self):
        """Override of `payment` to lead to the page on which a document of ours is paid."""
        ours = self.filtered(lambda wizard: wizard._get_managed_invoice())
        for wizard in ours:
            wizard.link = wizard._get_managed_invoice()._get_portal_payment_link()
        super(PaymentLinkWizard, self - ours)._compute_link()

    # === GETTERS === #

    def _get_managed_invoice(self):
        invoice = self.env["account.move"].browse(self.res_id if self.res_model == "account.move" else None)
        return invoice.filtered("billing_managed")
