from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class ServiceOrder(models.Model):
    """Parts: how they get on the order (catalogue, barcode, last used here), and how they leave the van."""

    _name = "service.order"
    _inherit = ["service.order", "product.catalog.mixin", "barcodes.barcode_events_mixin"]

    has_negative_stock = fields.Boolean(
        copy=False, readonly=True, help="More parts were used than the van held according to the stock."
    )
    recent_product_ids = fields.Many2many(
        comodel_name="product.product", string="Last Used Here", compute="_compute_recent_product_ids"
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "company_id")
    def _compute_recent_product_ids(self):
        # In sudo mode to learn which products colleagues used here; nothing else of their orders shows.
        lines_sudo = (
            self.env["service.order.line"]
            .sudo()
            .search(
                [
                    ("order_id.partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("kind", "=", "part"),
                    ("state", "=", "done"),
                ],
                order="id desc",
                limit=200,
            )
        )
        used = lines_sudo.grouped(lambda line: (line.company_id, line.partner_id))
        for order in self:
            lines = used.get((order.company_id, order.partner_id), lines_sudo.browse())
            order.recent_product_ids = lines.product_id[:6].sudo(self.env.su)

    # === ACTION METHODS === #

    def action_add_from_catalog(self):
        """Open the catalogue in a view that asks for no rights on stock."""
        view = self.env.ref("service_billing.product_view_kanban_catalog_order")
        return {**super().action_add_from_catalog(), "views": [(view.id, "kanban"), (False, "form")]}

    def action_add_product(self, product_id):
        """Add one unit of a product to the work.

        :param int product_id: The `product.product`.
        :raise UserError: If the product was deleted.
        """
        self.ensure_one()
        product = self.env["product.product"].browse(product_id).exists()
        if not product:
            raise UserError(self.env._("This product was deleted: choose another one."))
        self._add_product(product)

    def action_add_barcode(self, barcode):
        """Add one unit of the product that carries a barcode.

        :param str barcode: The code as scanned or typed.
        :return: The name of the product that was added.
        :rtype: str
        :raise UserError: If no product has this barcode.
        """
        self.ensure_one()
        product = self.env["product.product"]._get_by_barcode(barcode, self.company_id)
        if not product:
            raise UserError(self.env._("No product has the barcode “%(barcode)s”.", barcode=barcode or ""))
        self._add_product(product)
        return product.display_name

    # === BUSINESS METHODS - CHOOSING === #

    def on_barcode_scanned(self, barcode):
        """Add the scanned product while the form is open; `barcodes.barcode_events_mixin` calls this."""
        product = self.env["product.product"]._get_by_barcode(barcode, self.company_id)
        if not product:
            message = self.env._("No product has the barcode “%(barcode)s”.", barcode=barcode)
            return {"warning": {"title": self.env._("Unknown barcode"), "message": message, "type": "notification"}}
        self._add_product(product)
        return None

    def _add_product(self, product):
        line = self._get_product_lines(product)[:1]
        if line and product.tracking != "serial":
            line.quantity += 1
        else:
            self.part_line_ids = [Command.create(self._prepare_product_line_values(product))]

    def _prepare_product_line_values(self, product, **extra):
        """Prepare a line for one unit of a product.

        :rtype: dict
        """
        kind = "fixed" if product.type == "service" else "part"
        return {"kind": kind, "product_id": product.id, "quantity": 1.0, **extra}

    def _get_product_lines(self, product):
        return self.part_line_ids.filtered(lambda line: line.product_id._origin == product)

    # === BUSINESS METHODS - CATALOGUE === #

    def _get_product_catalog_domain(self):
        labor = self.type_id.labor_product_id | self.company_id.service_labor_product_id
        return super()._get_product_catalog_domain() & Domain("sale_ok", "=", True) & Domain("id", "not in", labor.ids)

    def _get_action_add_from_catalog_extra_context(self):
        return {
            **super()._get_action_add_from_catalog_extra_context(),
            "product_catalog_currency_id": self.currency_id.id,
            "product_catalog_digits": self.line_ids._fields["price_unit"].get_digits(self.env),
        }

    def _get_product_catalog_record_lines(self, product_ids, **kwargs):
        return self.part_line_ids.filtered(lambda line: line.product_id.id in product_ids).grouped("product_id")

    def _get_product_catalog_order_data(self, products, **kwargs):
        data = super()._get_product_catalog_order_data(products, **kwargs)
        for product in products:
            data[product.id]["price"] = self._get_catalog_price(product)
        return data

    def _get_catalog_price(self, product):
        if not self.env.user.has_group("service_billing.group_prices"):
            return 0.0
        return self.pricelist_id._get_product_price(product, 1.0, currency=self.currency_id)

    def _update_order_line_info(self, product_id, quantity, **kwargs):
        product = self.env["product.product"].browse(product_id)
        line = self._get_product_lines(product)[:1]
        if line and quantity > 0:
            line.quantity = quantity
        elif line:
            line._remove()
        elif quantity > 0:
            self.part_line_ids = [Command.create(self._prepare_product_line_values(product, quantity=quantity))]
        return self._get_catalog_price(product)

    def _is_readonly(self):
        self.ensure_one()
        return self.state in ("done", "cancelled")

    # === BUSINESS METHODS - STOCK === #

    def _get_done_constraints(self):
        constraints = super()._get_done_constraints()
        used = self.part_line_ids.filtered("quantity")
        unnamed = used.filtered(lambda line: line.product_id.tracking in ("lot", "serial") and not line.lot_id)
        lumped = used.filtered(lambda line: line.product_id.tracking == "serial" and line.quantity != 1)
        if unnamed:
            names = ", ".join(unnamed.product_id.mapped("name"))
            constraints["lot"] = self.env._("Enter the serial number of %(parts)s.", parts=names)
        if lumped:
            names = ", ".join(lumped.product_id.mapped("name"))
            constraints["serial"] = self.env._("Enter each piece of %(parts)s on a line of its own.", parts=names)
        return constraints

    def _move_parts(self):
        """Take the parts that were used out of the technician's van, and bring back what a re-opened order no longer
        uses. A van may go below zero: the order is flagged and says for which part.

        Note: `self.ensure_one()`

        :raise UserError: If there is no location to take the parts from.
        """
        self.ensure_one()
        # In sudo mode because a technician has no rights on stock.
        lines = self.sudo().line_ids.filtered(lambda line: line.kind == "part" and line.product_id.type == "consu")
        van = self.technician_id._get_service_stock_location(self.company_id)
        if lines and not van:
            raise UserError(self.env._("Choose the van of %(name)s first.", name=self.technician_id.name))
        moves = lines._create_stock_moves(van)
        # As the system because valuing goods asks for rights on stock even in sudo mode.
        moves.with_user(SUPERUSER_ID).with_company(self.company_id)._action_done()
        self._flag_negative_stock(lines, van)

    def _flag_negative_stock(self, lines, van):
        domain = [("location_id", "=", van.id), ("product_id", "in", lines.product_id.ids), ("quantity", "<", 0)]
        short = self.env["stock.quant"].sudo().search(domain).product_id
        # In sudo mode to write the flag, which nobody may write by hand.
        self.sudo().has_negative_stock = bool(short)
        if short:
            names = ", ".join(short.mapped("display_name"))
            self.message_post(
                body=self.env._("%(van)s holds fewer than were used: %(parts)s.", van=van.name, parts=names)
            )
