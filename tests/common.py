import base64

from odoo import SUPERUSER_ID
from odoo.fields import Command, Date
from odoo.service.model import call_kw
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

FIRM = "Service Firm"
BARCODE = "4006381333931"
SIGNATURE = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
)


class ServiceBillingCommon(AccountTestInvoicingCommon):
    """A firm with two technicians, a van each, and an office; users have the rights of their job and no more.

    Labor costs 60.00 an hour and is billed in steps of 15 minutes, a valve 40.00, a check-up 90.00; the tax is 15 %.
    """

    @classmethod
    def prepare_firm(cls, env):
        """Keep the firm and its users in the database, for all classes: a chart of accounts and users take seconds.

        :param env: The environment of the superuser; whoever calls this commits.
        """
        firm = type("Firm", (cls,), {"env": env(context=cls.default_env_context())})
        firm.company = firm.setup_independent_company()
        firm.company.name = FIRM
        warehouses = env["stock.warehouse"]
        if not warehouses.search_count([("company_id", "=", firm.company.id)], limit=1):
            # Stock makes one by itself only while a test runs.
            warehouses.create({"company_id": firm.company.id})
        firm._set_up_users()
        env.user.company_ids = [Command.unlink(firm.company.id)]

    @classmethod
    def setup_independent_company(cls, **kwargs):
        # In sudo mode because the user of the class is not one of the firm's yet.
        kept = cls.env["res.company"].sudo().search([("name", "=", FIRM)], limit=1).sudo(cls.env.su)
        if not kept or kwargs:
            return super().setup_independent_company(**kwargs)
        (cls.env.user | cls.env["res.users"].browse(SUPERUSER_ID)).company_ids = [Command.link(kept.id)]
        return kept

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("service_billing.group_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # So that tests may tell of the past in any order.
        cls.company.write({"billing_due_limit": 0, "billing_backdating": True})
        cls._set_up_users()
        cls._set_up_products()
        cls._set_up_vans()
        cls.customer = cls._create_customer("Hotel Alpina")
        cls.type_repair, cls.type_quick = cls.env["service.order.type"].create(
            [
                {"name": "Repair", "sequence": -2, "company_id": cls.company.id},
                {
                    "name": "No Paperwork",
                    "sequence": -1,
                    "company_id": cls.company.id,
                    "require_time": False,
                    "require_report": False,
                    "require_signature": False,
                },
            ]
        )

    @classmethod
    def _set_up_users(cls):
        cls.technician = cls._create_user("technician", "service_billing.group_technician")
        cls.other_technician = cls._create_user("other_technician", "service_billing.group_technician")
        cls.biller = cls._create_user("biller", "service_billing.group_biller")
        cls.bookkeeper = cls._create_user("bookkeeper", "service_billing.group_bookkeeper")
        cls.manager = cls._create_user("manager", "service_billing.group_manager")

    @classmethod
    def _set_up_products(cls):
        hour = cls.quick_ref("uom.product_uom_hour")
        cls.labor = cls._create_product(name="Labor", type="service", list_price=60.0, uom_id=hour.id)
        cls.part = cls._create_product(
            name="Valve", is_storable=True, list_price=40.0, standard_price=20.0, barcode=BARCODE
        )
        cls.service = cls._create_product(name="Check-up", type="service", list_price=90.0)
        cls.company.service_labor_product_id = cls.labor

    @classmethod
    def _set_up_vans(cls):
        cls.van = cls._create_van(cls.technician)
        cls.other_van = cls._create_van(cls.other_technician)
        cls._stock(cls.part, cls.van, 10)

    @classmethod
    def _set_up_second_company(cls):
        """Add a second firm with the same customers: `second_company`, `second_biller`, `second_technician`."""
        cls.second_company = cls.setup_other_company(name="Second Firm")["company"]
        cls.second_company.write({"billing_due_limit": 0, "billing_backdating": True})
        cls.second_company.service_labor_product_id = cls.quick_ref("service_billing.product_labor")
        cls.second_biller = cls._create_user("second_biller", "service_billing.group_biller", cls.second_company)
        cls.second_technician = cls._create_user(
            "second_technician", "service_billing.group_technician", cls.second_company
        )

    # === RECORDS === #

    @classmethod
    def _create_user(cls, login, group, company=None):
        """Return a new user of a firm, or the one who was kept with the firm."""
        company = company or cls.company
        kept = cls.env["res.users"].search([("login", "=", login), ("company_id", "=", company.id)])
        return kept or new_test_user(
            cls.env, login, groups=group, name=login.replace("_", " ").title(), company_id=company.id, tz="UTC"
        )

    @classmethod
    def _create_customer(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, "email": "customer@example.com", **values})

    @classmethod
    def _create_van(cls, technician):
        stock = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1).lot_stock_id
        van = cls.env["stock.location"].create(
            {"name": f"Van of {technician.name}", "usage": "internal", "location_id": stock.id}
        )
        technician.service_van_location_id = van
        return van

    @classmethod
    def _stock(cls, product, location, quantity):
        cls.env["stock.quant"]._update_available_quantity(product, location, quantity)

    @classmethod
    def _create_order(cls, **values):
        """Return a new order of the customer's, made by the biller for the technician."""
        return (
            cls.env["service.order"]
            .with_user(cls.biller)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "technician_id": cls.technician.id,
                    "type_id": cls.type_repair.id,
                    **values,
                }
            )
        )

    # === STEPS === #

    @classmethod
    def _work_order(cls, order, *, hours=1.0, parts=0, services=0):
        """Let the order's technician log hours and parts, write the report and have it signed."""
        wanted = (("labor", cls.labor, hours), ("part", cls.part, parts), ("fixed", cls.service, services))
        order.with_user(order.technician_id).write(
            {
                "line_ids": [
                    Command.create({"kind": kind, "product_id": product.id, "quantity": quantity})
                    for kind, product, quantity in wanted
                    if quantity
                ],
                "report": "<p>Replaced the valve.</p>",
                "signature": SIGNATURE,
                "signed_by": "Mr. Alpina",
            }
        )

    @classmethod
    def _done_order(cls, *, hours=1.0, parts=0, services=0, **values):
        """Return a done order, as the biller sees it."""
        order = cls._create_order(**values)
        cls._work_order(order, hours=hours, parts=parts, services=services)
        order.with_user(order.technician_id).action_done()
        return order

    @classmethod
    def _invoice_order(cls, order):
        """Return the draft that the biller gets from the orders."""
        action = order.with_user(cls.biller).action_create_invoice()
        return cls.env["account.move"].with_user(cls.biller).browse(action["res_id"])

    @classmethod
    def _finalize_order(cls, order):
        """Return the finalized invoice of the orders."""
        invoice = cls._invoice_order(order)
        invoice.action_billing_finalize()
        return invoice

    @classmethod
    def _pay_invoice(cls, invoice, amount, **values):
        """Let the biller register a payment, and return it."""
        wizard = (
            cls.env["account.payment.register"]
            .with_user(cls.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"amount": amount, "payment_date": Date.today(), **values})
        )
        return wizard._create_payments()

    @classmethod
    def _credit_invoice(cls, invoice, **values):
        """Return the draft credit note that the biller makes of the invoice."""
        wizard = (
            cls.env["account.move.reversal"]
            .with_user(cls.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "billing_credit_reason": "goodwill",
                    "reason": "The boiler failed again.",
                    "journal_id": invoice.journal_id.id,
                    **values,
                }
            )
        )
        return cls.env["account.move"].with_user(cls.biller).browse(wizard.refund_moves()["res_id"])

    # === FROM OUTSIDE === #

    @classmethod
    def _call(cls, user, model, method, *args, **kwargs):
        """Call a public method the way RPC does, with nothing left in memory of who came before."""
        env = cls.env(user=user, context={"allowed_company_ids": user.company_ids.ids})
        env.invalidate_all()
        return call_kw(env[model], method, list(args), kwargs)

    def _reopen(self, order, **quantities):
        """Open the order again, let the technician correct the quantities of the lines, and finish it."""
        order.with_user(self.technician).action_reopen()
        self._correct(order, **quantities)
        order.with_user(self.technician).action_done()

    def _correct(self, order, **quantities):
        for kind, quantity in quantities.items():
            order.with_user(self.technician).line_ids.filtered(lambda line, kind=kind: line.kind == kind).write(
                {"quantity": quantity}
            )
