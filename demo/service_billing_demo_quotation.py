from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

MODULE = "service_billing"


class ServiceBillingDemo(models.AbstractModel):
    """Quotations that became orders: one that waits for its visit, one that runs and is billed in parts."""

    _inherit = "service.billing.demo"

    # === BUSINESS METHODS - QUOTATIONS === #

    @api.model
    def _load_quotations(self):
        """Confirm two quotations, start the work of one, and bill its deposit."""
        self._confirm_quotation(
            "vossen_thermostats",
            self._create_quotation("vossen", 4, labor=3, thermostat=2, radiator_valve=6, callout=1),
            day=-2,
        )
        order = self._confirm_quotation(
            "builder_show_house",
            self._create_quotation("builder", -1, labor=12, heat_pump=1, vessel=1, callout=1),
            day=-8,
        )
        self._bill_in_parts(order)
        self._start_installation(order)

    def _create_quotation(self, customer, visit_day, **products):
        """Return a quotation for a visit on a day.

        :param products: Quantities by the name of the product.
        """
        lines = [
            {"product_id": self._get_product(name).id, "product_uom_qty": quantity}
            for name, quantity in products.items()
        ]
        return self._as("office", "sale.order").create(
            {
                "partner_id": self._get_record(f"partner_{customer}").id,
                "user_id": self._get_record("user_office").id,
                "commitment_date": self._get_moment(visit_day, "08:00"),
                "order_line": [Command.create(line) for line in lines],
            }
        )

    def _confirm_quotation(self, key, quotation, *, day):
        """Return the service order of a quotation that was confirmed on a day."""
        quotation.action_confirm()
        quotation.date_order = self._get_moment(day, "11:20")
        order = quotation.service_order_ids
        order.technician_id = self._get_record("user_karim")
        order.type_id = self.env.ref(f"{MODULE}.order_type_installation")
        order.action_schedule()
        self._keep_history(quotation, self._get_moment(day, "11:20"))
        self._keep_history(order, self._get_moment(day, "11:25"))
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": f"{MODULE}.demo_quotation_{key}", "record": quotation, "noupdate": True},
                {"xml_id": f"{MODULE}.demo_order_{key}", "record": order, "noupdate": True},
            ]
        )
        return order

    def _bill_in_parts(self, order):
        milestones = self._as("office", "service.order.milestone").create(
            [
                {"order_id": order.id, "name": "Deposit", "percentage": 30.0},
                {
                    "order_id": order.id,
                    "name": "Heat pump on site",
                    "kind": "progress",
                    "percentage": 40.0,
                    "due_on": "date",
                    "date": self._get_day(1),
                },
                {"order_id": order.id, "name": "Rest", "kind": "progress", "percentage": 30.0, "due_on": "done"},
            ]
        )
        milestones[0].action_bill()
        invoice = milestones[0].charge_ids._create_invoices()
        invoice.invoice_date = self._get_day(-7)
        invoice.action_billing_finalize()
        self._keep_history(invoice, self._get_moment(-7, "09:15"))

    def _start_installation(self, order):
        own = order.with_user(order.technician_id)
        own.action_start()
        start = self._get_moment(-1, "08:00")
        own.running_line_id.write({"started_at": start, "stopped_at": start + timedelta(hours=6, minutes=30)})
        own.part_line_ids.filtered(lambda line: line.product_id == self._get_product("heat_pump")).quantity = 1
        self._keep_history(order, start)

    # === GETTERS === #

    def _get_product(self, name):
        return self.env.ref(f"{MODULE}.product_labor") if name == "labor" else self._get_record(f"product_{name}")
