from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    service_tracking = fields.Selection(
        selection_add=[("service_order", "Service Order")], ondelete={"service_order": "set default"}
    )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked_with(self):
        self.with_context(active_test=False).product_variant_ids._unlink_except_worked_with()

    # === GETTERS === #

    @api.model
    def _get_saleable_tracking_types(self):
        return [*super()._get_saleable_tracking_types(), "service_order"]

    def _prepare_service_tracking_tooltip(self):
        if self.service_tracking == "service_order":
            return self.env._("Confirming the quotation creates one service order with all that it plans.")
        return super()._prepare_service_tracking_tooltip()
