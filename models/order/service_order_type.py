from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceOrderType(models.Model):
    _name = "service.order.type"
    _description = "Service Order Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for every company.")
    labor_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Labor",
        domain="[('type', '=', 'service')]",
        check_company=True,
        help="The service that time is billed as. Empty: the company's.",
    )

    # what must be there before an order of this type is done
    require_time = fields.Boolean(string="Time Logged", default=True)
    require_report = fields.Boolean(string="Intervention Report", default=True)
    require_signature = fields.Boolean(string="Customer Signature", default=True)
    require_photo = fields.Boolean(string="Photo")

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # In sudo mode to see the orders of every company.
        orders = self.env["service.order"].sudo().search([("type_id", "in", self.ids)], limit=1)
        if orders:
            raise UserError(
                self.env._("“%(type)s” is used by service orders: archive it instead.", type=orders.type_id.name)
            )
