from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    service_van_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="Van",
        company_dependent=True,
        domain="[('usage', '=', 'internal')]",
        help="The stock location that the technician's parts are taken from.",
    )

    # === GETTERS === #

    def _get_service_stock_location(self, company):
        """Return where a technician's parts come from: the van, else the stock of the company's first warehouse.

        :param company: The company of the service order.
        :return: An internal location, in sudo mode since technicians have no rights on stock; empty if there is none.
        :rtype: recordset of `stock.location`
        """
        van = self.sudo().with_company(company).service_van_location_id
        if van:
            return van
        warehouse = self.env["stock.warehouse"].sudo().search([("company_id", "=", company.id)], limit=1)
        return warehouse.lot_stock_id
