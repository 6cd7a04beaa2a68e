from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    # === GETTERS === #

    def _find_service_use(self):
        # In sudo mode to see the charges of every company.
        charges_sudo = self.env["service.charge"].sudo()
        return super()._find_service_use() or charges_sudo.search([("product_id", "in", self.ids)], limit=1)
