from odoo import api, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked_with(self):
        self.with_context(active_test=False).product_variant_ids._unlink_except_worked_with()
