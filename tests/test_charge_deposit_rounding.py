from odoo.fields import Command
from odoo.tests import tagged

from .common_advance import AdvanceCommon

HALF_CENTS = ((3, 0.335), (7, 1.115), (1, 12.345), (11, 0.455))


@tagged("post_install", "-at_install")
class TestChargeDepositRounding(AdvanceCommon):
    """All of it billed in advance: the final invoice is 0.00, and never a cent in either direction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["decimal.precision"].search([("name", "=", "Product Price")]).digits = 3
        cls.reduced = cls.tax_sale_a.copy({"name": "Reduced", "amount": 5.5})
        cls.included = cls.tax_sale_a.copy(
            {"name": "Included", "amount": 21.0, "price_include_override": "tax_included"}
        )

    def _order_of(self, *taxes):
        order = self._create_order(type_id=self.type_quick.id)
        lines = [
            {
                "kind": "fixed",
                "product_id": self.service.id,
                "planned_quantity": quantity,
                "quantity": quantity,
                "price_unit": price,
                "tax_ids": [Command.set(taxes[index % len(taxes)].ids)],
            }
            for index, (quantity, price) in enumerate(HALF_CENTS)
        ]
        order.line_ids = [Command.create(line) for line in lines]
        return order

    def _assert_nothing_is_left(self, order):
        total = order.planned_total
        order.with_user(self.technician).action_done()
        invoice = self._finalize_order(order)

        self.assertEqual((invoice.amount_total, invoice.amount_untaxed, invoice.amount_tax), (0, 0, 0))
        self.assertEqual(invoice.billing_status, "paid")
        self.assertFalse(any(line.balance for line in invoice.line_ids if line.display_type == "tax"))
        self.assertEqual(order.billed_total, total)

    def test_deposit_of_everything_leaves_zero_however_taxes_are_rounded(self):
        for method in ("round_per_line", "round_globally"):
            for taxes in ((self.tax_sale_a,), (self.tax_sale_a, self.reduced), (self.included,)):
                with self.subTest(method=method, taxes=len(taxes)), self.env.cr.savepoint() as savepoint:
                    self.company.tax_calculation_rounding_method = method
                    order = self._order_of(*taxes)
                    deposit = self._invoice_deposit(order, percentage=100)

                    self.assertEqual(deposit.amount_total, order.planned_total)
                    self._assert_nothing_is_left(order)
                    savepoint.rollback()

    def test_thirds_of_everything_leave_zero(self):
        order = self._order_of(self.tax_sale_a, self.reduced)
        for _third in range(3):
            self._plan(order, percentage=33.33, kind="progress")
        order.milestone_ids.action_bill()
        order.milestone_ids.charge_ids._create_invoices().action_billing_finalize()

        self._assert_nothing_is_left(order)

    def test_deposit_without_taxes_leaves_zero(self):
        order = self._order_of(self.env["account.tax"])
        self._invoice_deposit(order, percentage=100)

        self._assert_nothing_is_left(order)
