from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tools import mute_logger

from .common import SIGNATURE
from .common_money import MoneyCommon


class QuotationCommon(MoneyCommon):
    """A quotation of 3 hours at 50.00, 2 valves at 40.00 less 10 % and a check-up at 90.00, which plans one order.

    Without taxes that is 312.00, with the tax of 15 % 358.80.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.labor.service_tracking = "service_order"
        cls.salesperson = cls._create_user("salesperson", "sales_team.group_sale_salesman")

    @classmethod
    def _create_quotation(cls, **values):
        """Return a new quotation of the salesperson's."""
        lines = [
            {"product_id": cls.labor.id, "product_uom_qty": 3, "price_unit": 50.0},
            {"product_id": cls.part.id, "product_uom_qty": 2, "price_unit": 40.0, "discount": 10.0},
            {"product_id": cls.service.id, "product_uom_qty": 1, "price_unit": 90.0},
        ]
        quotations = cls.env["sale.order"].with_user(cls.salesperson)
        return quotations.create(
            {"partner_id": cls.customer.id, "order_line": [Command.create(line) for line in lines], **values}
        )

    @classmethod
    def _confirmed_order(cls, **values):
        """Return the order of a confirmed quotation, as the biller sees it."""
        quotation = cls._create_quotation()
        quotation.action_confirm()
        order = quotation.sudo().service_order_ids.with_user(cls.biller).sudo(False)
        order.write({"technician_id": cls.technician.id, "type_id": cls.type_quick.id, **values})
        return order

    @classmethod
    def _log(cls, order, *, hours=0, parts=0):
        """Let the technician log hours and parts on the planned lines."""
        lines = order.with_user(cls.technician).line_ids
        if hours:
            lines.filtered(lambda line: line.kind == "labor")[0].quantity = hours
        if parts:
            lines.filtered(lambda line: line.kind == "part")[0].quantity = parts
        order.with_user(cls.technician).write({"report": "<p>Done.</p>", "signature": SIGNATURE})

    @contextmanager
    def _refused_by_database(self):
        """Expect that a unique index of ours refuses what is tried inside."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            yield
