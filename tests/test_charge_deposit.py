from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import freeze_time, tagged

from .common_advance import AdvanceCommon


@tagged("post_install", "-at_install")
class TestChargeDeposit(AdvanceCommon):
    """Billing in advance, and what the work's invoice deducts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._confirmed_order()

    # === BILLING === #

    def test_bill_makes_one_charge_of_the_share_and_its_tax(self):
        milestone = self._plan(self.order)

        milestone.action_bill()

        self.assertRecordValues(
            milestone.charge_ids,
            [{"kind": "deposit", "price_subtotal": 93.60, "price_total": 107.64, "state": "open"}],
        )
        self.assertEqual((milestone.total, milestone.state), (107.64, "open"))
        self.assertEqual(self.order.invoice_status, "to_invoice")

    def test_paid_deposit_is_no_credit_besides(self):
        invoice = self._invoice_deposit(self.order)

        self._pay_invoice(invoice, invoice.amount_total)

        self.assertEqual(invoice.commercial_partner_id._get_credit_balance(), {})

    def test_second_click_changes_nothing_and_says_so(self):
        milestone = self._plan(self.order)
        milestone.action_bill()

        with self._refused():
            milestone.action_bill()

        self.assertEqual(len(milestone.charge_ids), 1)

    def test_work_of_two_taxes_is_billed_in_advance_on_both(self):
        self.order.line_ids[2].sale_line_id.sudo().tax_ids = self.tax_sale_b
        milestone = self._plan(self.order, percentage=50)

        milestone.action_bill()

        self.assertEqual(sum(milestone.charge_ids.mapped("price_total")), milestone.total)
        self.assertEqual(milestone.charge_ids.tax_ids, self.order.line_ids.sale_line_id.sudo().tax_ids)
        self.assertEqual(milestone.charge_ids.mapped("price_subtotal"), [111.0, 45.0])

    def test_plan_over_all_of_it_is_refused(self):
        self._plan(self.order, percentage=60)

        with self._refused(ValidationError):
            self._plan(self.order, percentage=40.01)
        with self._refused(ValidationError):
            self._plan(self.order, share_type="amount", amount=200)

    def test_three_thirds_are_all_of_it_to_the_cent(self):
        milestones = self.env["service.order.milestone"].union(
            *(self._plan(self.order, percentage=33.33, kind="progress") for _third in range(3))
        )

        for milestone in milestones:
            milestone.action_bill()

        self.assertEqual(milestones.mapped("total"), [119.59, 119.59, 119.62])
        self.assertEqual(sum(milestones.charge_ids.mapped("price_total")), 358.80)
        self.assertEqual(self.order.remaining_total, 0.0)

    def test_order_without_plan_bills_a_deposit_of_what_was_agreed(self):
        order = self._create_order()
        with self._refused():
            self._plan(order).action_bill()
        order.agreed_amount = 1000

        invoice = self._invoice_deposit(order, percentage=30)

        self.assertEqual((invoice.amount_total, order.billed_percent, order.remaining_total), (300, 30, 700))

    def test_billed_milestone_rests(self):
        milestone = self._plan(self.order)
        milestone.action_bill()

        with self._refused():
            milestone.percentage = 50
        with self._refused():
            milestone.unlink()
        milestone.charge_ids.unlink()
        milestone.percentage = 50

    @freeze_time("2026-11-20")
    def test_due_milestones_are_collected_once(self):
        milestone = self._plan(self.order, due_on="date", date=Date.to_date("2026-11-30"))
        charges = self.env["service.charge"].with_user(self.biller)
        self.assertFalse(charges._collect(self.customer, self.company, Date.to_date("2026-11-29")))

        self.assertIn(self.customer, charges._get_collect_partners(self.company, Date.to_date("2026-11-30")))
        collected = charges._collect(self.customer, self.company, Date.to_date("2026-11-30"))

        self.assertEqual(collected, milestone.charge_ids)
        self.assertFalse(charges._collect(self.customer, self.company, Date.to_date("2026-11-30")))

    def test_milestone_is_billed_when_the_work_starts(self):
        milestone = self._plan(self.order, due_on="started")

        self.order.with_user(self.technician).action_start()

        self.assertEqual(milestone.state, "open")

    def test_what_was_not_invoiced_in_advance_is_left_to_the_final_invoice(self):
        milestone = self._plan(self.order)
        milestone.action_bill()

        self._finish(self.order)

        self.assertEqual(milestone.state, "planned")
        self.assertEqual(self._finalize_order(self.order).amount_total, 358.80)

    # === DEDUCTION === #

    def test_final_invoice_deducts_the_deposit_by_number_and_date(self):
        deposit = self._invoice_deposit(self.order)
        self._finish(self.order)

        invoice = self._finalize_order(self.order)

        self.assertEqual(invoice.amount_total, 251.16)
        self.assertEqual(invoice.amount_untaxed, 312 - 93.60)
        self.assertIn(deposit.name, invoice.invoice_line_ids[-1].name)
        self.assertEqual(self.order.billed_total, 358.80)
        self.assertEqual(self.order.sale_order_id.order_line.mapped("qty_invoiced"), [3, 2, 1])

    def test_deleting_the_draft_gives_the_deposit_back(self):
        deposit = self._invoice_deposit(self.order).sudo().billing_charge_ids
        self._finish(self.order)
        draft = self._invoice_order(self.order)
        self.assertEqual(deposit._get_deductible(), 0)

        draft.unlink()

        self.assertEqual(deposit._get_deductible(), 107.64)
        self.assertEqual(self._invoice_order(self.order).amount_total, 251.16)

    def test_cancelling_the_draft_gives_the_deposit_back(self):
        deposit = self._invoice_deposit(self.order).sudo().billing_charge_ids
        self._finish(self.order)

        self._invoice_order(self.order).button_cancel()

        self.assertEqual(deposit._get_deductible(), 107.64)

    def test_deposit_on_a_draft_keeps_the_final_invoice_waiting(self):
        milestone = self._plan(self.order)
        milestone.action_bill()
        draft = milestone.charge_ids._create_invoices()
        self._finish(self.order)

        with self._refused():
            self._create_final_draft()

        draft.action_billing_finalize()
        self.assertEqual(self._create_final_draft().amount_total, 251.16)

    def _create_final_draft(self):
        work = self.order.charge_ids.filtered("order_line_id")
        return work._create_invoices()

    def test_credited_deposit_is_not_deducted(self):
        credit_note = self._credit_invoice(self._invoice_deposit(self.order))
        credit_note.action_billing_finalize()
        self._finish(self.order)

        self.assertEqual(self._finalize_order(self.order).amount_total, 358.80)

    def test_deducted_deposit_is_not_credited(self):
        deposit = self._invoice_deposit(self.order)
        self._finish(self.order)
        self._finalize_order(self.order)

        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._credit_invoice(deposit)

    def test_credited_final_invoice_gives_the_deposit_back(self):
        deposit = self._invoice_deposit(self.order).sudo().billing_charge_ids
        self._finish(self.order)
        credit_note = self._credit_invoice(self._finalize_order(self.order))

        credit_note.action_billing_finalize()

        self.assertEqual(credit_note.amount_total, 251.16)
        self.assertEqual(deposit._get_deductible(), 107.64)

    def test_less_work_than_deposited_leaves_zero_and_the_rest_of_the_deposit(self):
        deposit = self._invoice_deposit(self.order, percentage=100).sudo().billing_charge_ids
        self._finish(self.order, hours=2)

        invoice = self._finalize_order(self.order)

        self.assertEqual((invoice.amount_total, invoice.billing_status), (0.0, "paid"))
        self.assertEqual(deposit._get_deductible(), 57.50)

    def test_corrected_hours_on_the_draft_take_more_of_the_deposit(self):
        deposit = self._invoice_deposit(self.order, percentage=100).sudo().billing_charge_ids
        self._finish(self.order, hours=2)
        draft = self._invoice_order(self.order)

        self.order.charge_ids.filtered(lambda charge: charge.kind == "labor").quantity = 3

        self.assertEqual((draft.amount_total, deposit._get_deductible()), (0.0, 0.0))

    def test_deposit_of_another_tax_than_the_work_is_refused_with_an_explanation(self):
        deposit = self._invoice_deposit(self.order, tax_ids=[Command.set(self.tax_sale_b.ids)])
        self._finish(self.order)

        with self._refused() as caught:
            self._invoice_order(self.order)

        self.assertIn(deposit.name, str(caught.exception))

    def test_tax_below_zero_keeps_a_draft_from_being_finalized(self):
        self._invoice_deposit(self.order, percentage=100)
        self._finish(self.order)
        draft = self._invoice_order(self.order)
        draft.invoice_line_ids = [
            Command.create(
                {"name": "Discount", "price_unit": -10, "tax_ids": [Command.set(draft.invoice_line_ids[0].tax_ids.ids)]}
            ),
            Command.create({"name": "Fee", "price_unit": 100, "tax_ids": [Command.clear()]}),
        ]

        with self._refused():
            draft.action_billing_finalize()

    def test_two_orders_of_a_customer_share_a_deposit(self):
        other = self._confirmed_order()
        deposit = self._invoice_deposit(self.order, percentage=100, shared_order_ids=[Command.set(other.ids)])
        self._finish(self.order, hours=2)
        self._finish(other)

        first, second = self._finalize_order(self.order), self._finalize_order(other)

        self.assertEqual((first.amount_total, second.amount_total), (0.0, 358.80 - 57.50))
        uses = deposit.sudo().billing_charge_ids.deposit_use_ids
        self.assertEqual(uses.mapped("amount"), [301.30, 57.50])
