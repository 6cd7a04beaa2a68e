from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ProductProduct(models.Model):
    _inherit = "product.product"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked_with(self):
        use = self._find_service_use()
        if use:
            raise UserError(
                self.env._(
                    "%(product)s is on service orders or charges: archive it instead.",
                    product=use.product_id.display_name,
                )
            )

    # === GETTERS === #

    def _find_service_use(self):
        """Return a record of ours that one of the products is on; empty if there is none. Later stages look further.

        :return: A record with `product_id`, in sudo mode, of whichever company.
        """
        # In sudo mode to see the orders of every company and technician.
        return self.env["service.order.line"].sudo().search([("product_id", "in", self.ids)], limit=1)

    def _get_by_barcode(self, barcode, company):
        """Return the one product that carries a barcode, or a product of which a packaging carries it.

        :param str barcode: The code as scanned or typed.
        :param company: The company in which the product is to be used.
        :return: One product, or an empty recordset if the code is not known.
        :rtype: recordset of `product.product`
        """
        code = (barcode or "").strip()
        if not code:
            return self.browse()
        domain = Domain(self._check_company_domain(company)) & Domain("sale_ok", "=", True)
        product = self.search(domain & Domain("barcode", "=", code), limit=1)
        return product or self.search(domain & Domain("product_uom_ids.barcode", "=", code), limit=1)
