import base64
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import file_open

from . import visits

MODULE = "service_billing"
TIMEZONE = ZoneInfo("Europe/Brussels")
PAID_SHARE = 0.4

# product: counted in the warehouse, in the vans of technician, lena and karim
STOCK = {
    "pump": (12, 3, 2, 4),
    "vessel": (15, 4, 4, 3),
    "radiator_valve": (60, 12, 10, 14),
    "safety_valve": (25, 4, 4, 4),
    "thermostat": (14, 3, 4, 2),
    "electrode": (30, 5, 4, 5),
    "oil_filter": (40, 8, 10, 6),
    "ac_filter": (24, 6, 6, 4),
    "heat_pump": (4, 1, 0, 0),
}


class ServiceBillingDemo(models.AbstractModel):
    """Tells the story of the demo firm through the buttons that its people press. Only demo data calls it."""

    _name = "service.billing.demo"
    _description = "Service Billing Demo Data"

    # === BUSINESS METHODS - USERS === #

    @api.model
    def _skip_greetings(self):
        """Spare everybody the chat window and the look-up on the network of modules that install themselves."""
        self._write_known(self.env["res.users"].search([("share", "=", False)]), odoobot_state="disabled")
        self._write_known(self.env.company, iap_enrich_auto_done=True)

    def _write_known(self, records, **values):
        records.write({name: value for name, value in values.items() if name in records._fields})

    # === BUSINESS METHODS - STOCK === #

    @api.model
    def _load_stock(self):
        """Count the parts in the warehouse and in the vans."""
        locations = [self.env.ref("stock.stock_location_stock")]
        locations += [self._get_record(f"van_{name}") for name in ("technician", "lena", "karim")]
        values = [
            {
                "product_id": self._get_record(f"product_{name}").id,
                "location_id": location.id,
                "inventory_quantity": quantity,
            }
            for name, quantities in STOCK.items()
            for location, quantity in zip(locations, quantities, strict=True)
            if quantity
        ]
        quants = self.env["stock.quant"].with_context(inventory_mode=True).create(values)
        quants.action_apply_inventory()
        domain = [("product_id", "in", quants.product_id.ids), ("is_inventory", "=", True)]
        self._set_move_date(self.env["stock.move"].search(domain), self._get_moment(-60, "18:00"))

    def _set_move_date(self, moves, moment):
        moves.date = moment
        moves.move_line_ids.date = moment

    # === BUSINESS METHODS - HISTORY === #

    def _keep_history(self, records, moment):
        """Log the changes that are tracked, as if they had been made at that moment."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        records.sudo().message_ids.filtered(lambda message: message.date > moment).date = moment

    # === BUSINESS METHODS - ORDERS === #

    @api.model
    def _load_visits(self):
        """Make the orders in the order of their visits, then the invoices, payments and credit notes."""
        for visit in sorted(visits.VISITS, key=lambda visit: (visit.day, visit.start)):
            order = self._create_order(visit)
            self._work(visit, order)
        for visit in sorted(visits.VISITS, key=lambda visit: visit.day):
            self._bill(visit)
        for visit in sorted(visits.VISITS, key=lambda visit: visit.paid_day):
            self._pay(visit)

    def _create_order(self, visit):
        technician = self._get_record(f"user_{visit.technician}") if visit.technician else self.env["res.users"]
        start = self._get_moment(visit.day, visit.start)
        values = {
            "partner_id": self._get_record(f"partner_{visit.customer}").id,
            "technician_id": technician.id,
            "type_id": self.env.ref(f"{MODULE}.order_type_{visit.type}").id,
            "description": visit.request,
            "client_order_ref": visit.reference,
            "scheduled_start": technician and start,
            "scheduled_stop": technician and start + timedelta(minutes=max(visit.minutes, 90)),
        }
        order = self._as("office", "service.order").create(values)
        self._keep_history(order, self._get_moment(min(visit.day, 0) - 2, "16:15"))
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{MODULE}.demo_order_{visit.key}", "record": order, "noupdate": True}]
        )
        return order

    def _work(self, visit, order):
        if visit.outcome == visits.NEW:
            return
        planned = self._get_moment(min(visit.day, 0) - 1, "09:40")
        order.action_schedule()
        self._keep_history(order, planned)
        own = order.with_user(order.technician_id)
        if visit.outcome == visits.CANCELLED:
            order.action_cancel()
            self._keep_history(order, planned)
        if visit.outcome in visits.WORKED:
            self._add_products(visit, own)
            self._log_time(visit, own)
            own.report = visit.report
        if visit.outcome in visits.FINISHED:
            self._finish(visit, own)

    def _add_products(self, visit, order):
        order.part_line_ids = [
            Command.create(order._prepare_product_line_values(self._get_record(f"product_{name}"), quantity=quantity))
            for name, quantity in visit.products.items()
        ]

    def _log_time(self, visit, order):
        order.action_start()
        start = self._get_moment(visit.day, visit.start)
        self._keep_history(order, start)
        if visit.outcome == visits.STARTED:
            order.running_line_id.started_at = fields.Datetime.now() - timedelta(minutes=35)
        else:
            order.running_line_id.write({"started_at": start, "stopped_at": start + timedelta(minutes=visit.minutes)})

    def _finish(self, visit, order):
        for name, decision in visit.decisions.items():
            products = order.labor_line_ids.product_id if name == "labor" else self._get_record(f"product_{name}")
            order.line_ids.filtered_domain([("product_id", "in", products.ids)]).billing_decision = decision
        stop = order.labor_line_ids.stopped_at
        order.signature = self._read_image(f"signature_{visit.signed_by}.png")
        order.signed_by = self._get_record(f"partner_{visit.signed_by}").name.split(", ")[-1]
        if order.type_id.require_photo:
            self._add_photo(order)
        order.action_done()
        self._set_move_date(order.sudo().line_ids.stock_move_ids, stop)
        order.sudo().write({"done_on": stop, "signed_on": stop})
        self._keep_history(order, stop)

    def _add_photo(self, order):
        values = {"name": "heat_pump.jpg", "datas": self._read_image("heat_pump.jpg"), "res_model": order._name}
        order.photo_ids = [Command.create({**values, "res_id": order.id})]

    # === BUSINESS METHODS - BILLING === #

    def _bill(self, visit):
        if visit.outcome not in (visits.DRAFTED, *visits.POSTED):
            return
        order = self._get_order(visit)
        order.action_create_invoice()
        invoice = order.invoice_ids
        self._keep_history(invoice, self._get_moment(visit.day + 1, "16:40"))
        if visit.outcome in visits.POSTED:
            invoice.invoice_date = self._get_day(visit.day + 1)
            invoice.action_billing_finalize()
            self._keep_history(invoice, self._get_moment(visit.day + 1, "17:00"))
            if visit.outcome == visits.CREDITED:
                self._credit(visit, invoice)

    def _pay(self, visit):
        if not visit.paid_by:
            return
        invoice = self._get_order(visit).invoice_ids
        is_partial = visit.outcome == visits.PARTLY_PAID
        journal = self._get_record("journal_cash") if visit.paid_by == "cash" else self.env.ref("account.1_bank")
        code = "service_cheque" if visit.paid_by == "cheque" else "manual"
        method = journal.inbound_payment_method_line_ids.filtered(lambda line: line.code == code)
        values = {
            "journal_id": journal.id,
            "payment_method_line_id": method.id,
            "payment_date": self._get_day(visit.paid_day),
            "amount": invoice.currency_id.round(invoice.amount_residual * (PAID_SHARE if is_partial else 1.0)),
        }
        wizard = self._as("office", "account.payment.register").with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create(values).action_create_payments()
        self._keep_history(invoice, self._get_moment(visit.paid_day, "17:00"))

    def _credit(self, visit, invoice):
        """Credit one spare valve that came back."""
        wizard = self._as("office", "account.move.reversal").with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        reversal = wizard.create(
            {
                "journal_id": invoice.journal_id.id,
                "date": self._get_day(visit.day + 6),
                "billing_credit_reason": "returned_part",
                "reason": "Spare radiator valve given back unused.",
            }
        )
        reversal.refund_moves()
        credit_note = reversal.new_move_ids
        valve = self._get_record("product_radiator_valve")
        returned = credit_note.invoice_line_ids.filtered(lambda line: line.product_id == valve)
        (credit_note.invoice_line_ids - returned).unlink()
        returned.quantity = 1.0
        credit_note.action_billing_finalize()
        self._keep_history(invoice | credit_note, self._get_moment(visit.day + 6, "17:00"))

    # === GETTERS === #

    def _get_record(self, name):
        return self.env.ref(f"{MODULE}.demo_{name}")

    def _get_order(self, visit):
        return self._get_record(f"order_{visit.key}").with_user(self._get_record("user_office"))

    def _as(self, user, model):
        return self.env[model].with_user(self._get_record(f"user_{user}"))

    def _read_image(self, name):
        with file_open(f"{MODULE}/demo/img/{name}", "rb") as image:
            return base64.b64encode(image.read())

    def _get_day(self, days):
        """Return the day that lies so many working days before (below zero) or after today; 0 is today itself."""
        day, step = datetime.now(TIMEZONE).date(), 1 if days > 0 else -1
        while days:
            day += timedelta(days=step)
            days -= step if day.weekday() < 5 else 0
        return day

    def _get_moment(self, days, time):
        """Return a local time on a working day counted from today, in UTC as Odoo stores it."""
        local = datetime.combine(self._get_day(days), datetime.strptime(time, "%H:%M").time(), TIMEZONE)
        return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
