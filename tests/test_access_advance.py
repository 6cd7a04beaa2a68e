from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_advance import AdvanceCommon

# model -> what the office may do: read, write, create, unlink; others may do nothing
MATRIX = {"service.deposit.use": "r", "service.order.milestone": "rwcu"}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccessAdvance(AdvanceCommon):
    """Who breaks into billing plans and deposits is shown out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_second_company()
        cls.order = cls._confirmed_order()
        cls.invoice = cls._invoice_deposit(cls.order)
        cls.deposit = cls.invoice.sudo().billing_charge_ids
        cls.milestone = cls.order.milestone_ids
        cls._finish(cls.order)
        cls.draft = cls._invoice_order(cls.order)
        cls.use = cls.deposit.deposit_use_ids

    def test_office_works_with_billing_plans_and_nobody_else_does(self):
        office = self.biller | self.bookkeeper | self.manager
        others = self.technician | self.salesperson | self._create_new_portal_user()
        for model, rights in MATRIX.items():
            for code, operation in OPERATIONS.items():
                for user in office | others:
                    with self.subTest(model, operation=operation, user=user.login):
                        allowed = self.env[model].with_user(user).has_access(operation)
                        self.assertEqual(allowed, user in office and code in rights)

    def test_technician_has_no_access_to_plans_deposits_and_amounts(self):
        for model, record in (("service.order.milestone", self.milestone), ("service.deposit.use", self.use)):
            with self.subTest(model=model):
                with self.assertRaises(AccessError):
                    self._call(self.technician, model, "search_read", [], ["id"])
                with self.assertRaises(AccessError):
                    self._call(self.technician, model, "write", record.ids, {"sequence": 1})
        with self.assertRaises(AccessError):
            self._call(self.technician, "service.order.milestone", "action_bill", self.milestone.ids)
        for name in ("milestone_ids", "agreed_amount", "billed_total", "billed_text"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self._call(self.technician, "service.order", "read", self.order.ids, [name])

    def test_biller_of_another_company_sees_none_of_it(self):
        for model in ("service.order.milestone", "service.deposit.use"):
            with self.subTest(model=model):
                self.assertFalse(self._call(self.second_biller, model, "search_read", [], ["id"]))
        with self.assertRaises(AccessError):
            self._call(self.second_biller, "service.order.milestone", "action_bill", self.milestone.ids)
        with self.assertRaises(AccessError):
            self._call(self.second_biller, "service.order.milestone", "create", [{"order_id": self.order.id}])

    def test_biller_writes_no_ledger_by_hand(self):
        values = {"partner_id": self.customer.id, "name": "Deposit", "price_unit": 100}
        for extra in (
            {"kind": "deposit"},
            {"kind": "deduction", "quantity": -1},
            {"milestone_id": self.milestone.id},
            {"order_id": self.order.id},
            {"extra_tax_data": {"computation_key": "mine"}},
        ):
            with self.subTest(extra=extra), self._refused():
                self._call(self.biller, "service.charge", "create", [{**values, **extra}])
        with self.assertRaises(AccessError):
            self._call(self.biller, "service.deposit.use", "write", self.use.ids, {"amount": 1})
        with self.assertRaises(AccessError):
            self._call(self.biller, "service.deposit.use", "unlink", self.use.ids)

    def test_biller_changes_no_deduction_on_draft_or_charge(self):
        deduction = self._deductions(self.draft)

        with self._refused():
            self._call(self.biller, "service.charge", "write", deduction.ids, {"price_unit": 500})
        with self._refused():
            self._call(self.biller, "service.charge", "write", deduction.ids, {"quantity": -5})
        with self._refused():
            self._call(self.biller, "account.move.line", "write", deduction.invoice_line_id.ids, {"price_unit": 500})

    def test_open_deposit_keeps_its_amount(self):
        order = self._confirmed_order()
        milestone = self._plan(order)
        milestone.action_bill()

        with self._refused():
            self._call(self.biller, "service.charge", "write", milestone.charge_ids.ids, {"price_unit": 9999})
        with self._refused():
            self._call(self.biller, "service.order.milestone", "write", milestone.ids, {"state": "planned"})

    def test_deposit_is_shared_with_no_other_customer(self):
        stranger = self._create_order(partner_id=self._create_customer("Stranger").id)

        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.milestone.shared_order_ids = [Command.set(stranger.ids)]
