from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    # === ACTION METHODS === #

    def create_invoices(self):
        if self.advance_payment_method != "delivered":
            self.sale_order_ids._check_advance_invoice()
        return super().create_invoices()
