import contextlib

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon


@tagged("post_install", "-at_install")
class TestAccessCompanies(ServiceBillingCommon):
    """The same customer in two firms, and a biller of the second who tries to reach into the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_second_company()
        cls.order = cls._done_order(hours=1, parts=1)
        cls.charge = cls.order.charge_ids[0]
        cls.own_order = cls.env["service.order"].with_user(cls.second_biller).create({"partner_id": cls.customer.id})
        cls.own_order.line_ids = [Command.create({"kind": "labor", "quantity": 1})]
        cls.both = cls._create_user("both", "service_billing.group_biller")
        cls.both.company_ids += cls.second_company

    # === BREAKING IN === #

    def test_nothing_of_another_company_is_found(self):
        for model, own in (("service.order", self.own_order), ("service.order.line", self.own_order.line_ids)):
            with self.subTest(model=model):
                self.assertEqual(self._call(self.second_biller, model, "search", []), own.ids)
        for model in ("service.charge", "service.charge.credit", "account.move"):
            with self.subTest(model=model):
                self.assertFalse(self._call(self.second_biller, model, "search", []))
        types = self._call(self.second_biller, "service.order.type", "search", [])
        self.assertFalse({self.type_repair.id, self.type_quick.id}.intersection(types))

    def test_records_of_another_company_are_out_of_reach(self):
        calls = (
            ("service.order", self.order, "read", ["name"]),
            ("service.order", self.order, "write", {"description": "Mine."}),
            ("service.order", self.order, "action_reopen"),
            ("service.order", self.order, "action_create_invoice"),
            ("service.order", self.order, "action_view_charges"),
            ("service.order", self.order, "copy"),
            ("service.order", self.order, "unlink"),
            ("service.order.line", self.order.line_ids, "read", ["name"]),
            ("service.order.line", self.order.line_ids, "write", {"quantity": 9}),
            ("service.charge", self.charge, "read", ["name"]),
            ("service.charge", self.charge, "write", {"discount": 100}),
            ("service.charge", self.charge, "action_waive", "Mine."),
            ("service.charge", self.charge, "action_create_invoices"),
            ("service.charge", self.charge, "copy"),
            ("service.charge", self.charge, "unlink"),
        )
        for model, records, method, *arguments in calls:
            with self.subTest(model=model, method=method), self.assertRaises(AccessError):
                self._call(self.second_biller, model, method, records.ids, *arguments)

    def test_nothing_is_made_in_another_company(self):
        calls = (
            ("service.order", "create", [{"partner_id": self.customer.id, "company_id": self.company.id}]),
            ("service.order.line", "create", [{"order_id": self.order.id, "product_id": self.part.id}]),
            (
                "service.charge",
                "create",
                [{"partner_id": self.customer.id, "product_id": self.service.id, "company_id": self.company.id}],
            ),
            ("service.order", "write", self.own_order.ids, {"company_id": self.company.id}),
            ("service.order.line", "write", self.own_order.line_ids.ids, {"order_id": self.order.id}),
        )
        for model, method, *arguments in calls:
            with self.subTest(model=model, method=method), self.assertRaises(UserError):
                self._call(self.second_biller, model, method, *arguments)

    def test_company_is_not_switched_on_by_asking_for_it(self):
        env = self.env(user=self.second_biller, context={"allowed_company_ids": self.company.ids})

        with self.assertRaises(AccessError):
            env["service.order"].search([])
        with self.assertRaises(AccessError):
            env["service.charge"].create({"partner_id": self.customer.id, "product_id": self.service.id})

    def test_wizards_bill_and_waive_nothing_of_another_company(self):
        for model, values in (("service.charge.invoice", {}), ("service.charge.waive", {"reason": "Mine."})):
            with self.subTest(model=model):
                with contextlib.suppress(UserError):
                    wizard = self._call(
                        self.second_biller, model, "create", [{"charge_ids": self.charge.ids, **values}]
                    )
                    self._call(self.second_biller, model, "action_confirm", wizard)
                self.assertRecordValues(self.charge, [{"state": "open", "invoice_line_id": False}])

    def test_timer_of_another_company_is_not_started_through_the_switch(self):
        with self.assertRaises(UserError):
            wizard = self._call(
                self.second_technician,
                "service.timer.switch",
                "create",
                [{"order_id": self.order.id, "running_line_id": self.order.line_ids[0].id}],
            )
            self._call(self.second_technician, "service.timer.switch", "action_switch", wizard)

        self.assertFalse(self.order.line_ids.filtered("is_running"))

    # === MIXING === #

    def test_order_holds_nothing_of_another_company(self):
        partner = self._create_customer("Ours alone", company_id=self.company.id)
        product = self._create_product(name="Ours alone", company_id=self.company.id)
        pricelist = self._create_pricelist(company_id=self.company.id)
        position = self.env["account.fiscal.position"].create({"name": "Ours", "company_id": self.company.id})
        lot = self.env["stock.lot"].create({"name": "L-1", "product_id": self.part.id, "company_id": self.company.id})
        order_values = (
            {"partner_id": partner.id},
            {"partner_invoice_id": partner.id},
            {"type_id": self.type_repair.id},
            {"technician_id": self.technician.id},
            {"pricelist_id": pricelist.id},
            {"fiscal_position_id": position.id},
        )
        line_values = ({"product_id": product.id}, {"tax_ids": [Command.set(self.tax_sale_a.ids)]}, {"lot_id": lot.id})
        for values in order_values:
            with self.subTest(values=values), self.assertRaises(UserError):
                self._call(self.second_biller, "service.order", "write", self.own_order.ids, values)
        for values in line_values:
            with self.subTest(values=values), self.assertRaises(UserError):
                self._call(self.second_biller, "service.order.line", "write", self.own_order.line_ids.ids, values)

    def test_charge_holds_nothing_of_another_company(self):
        product = self._create_product(name="Ours alone", company_id=self.company.id)
        for values in (
            {"product_id": product.id},
            {"tax_ids": [Command.set(self.tax_sale_a.ids)]},
            {"partner_id": self._create_customer("Ours alone", company_id=self.company.id).id},
        ):
            base = {"partner_id": self.customer.id, "product_id": self.service.id}
            with self.subTest(values=values), self.assertRaises(UserError):
                self._call(self.second_biller, "service.charge", "create", [{**base, **values}])

    def test_order_of_a_shared_product_uses_the_taxes_of_its_company_only(self):
        self.service.taxes_id += self.second_company.account_sale_tax_id

        self.own_order.line_ids = [Command.create({"kind": "fixed", "product_id": self.service.id})]

        taxes = self.own_order.line_ids.tax_ids
        self.assertEqual(taxes.company_id, self.second_company)

    # === ONE USER IN BOTH === #

    def test_customers_charges_are_counted_by_company(self):
        here = self.customer.with_user(self.both).with_context(allowed_company_ids=self.company.ids)
        there = self.customer.with_user(self.both).with_context(allowed_company_ids=self.second_company.ids)

        self.assertEqual((here.billing_open_charge_count, there.billing_open_charge_count), (2, 0))

    def test_parts_last_used_are_suggested_within_the_company(self):
        order = self.own_order.with_user(self.both).with_context(
            allowed_company_ids=(self.second_company + self.company).ids
        )

        self.assertFalse(order.recent_product_ids)

    def test_numbers_of_the_companies_are_apart(self):
        self.assertTrue(self.own_order.name.endswith("/0001"))
        self.assertTrue(self.order.name.endswith("/0001"))

    def test_drafts_of_the_companies_are_apart(self):
        draft = self._invoice_order(self.order)
        values = {"partner_id": self.customer.id, "product_id": self.service.id}
        charge = self.env["service.charge"].with_user(self.second_biller).create(values)

        other = charge._create_invoices()

        self.assertEqual((draft.company_id, other.company_id), (self.company, self.second_company))
        self.assertNotEqual(draft.journal_id, other.journal_id)
