from odoo import fields
from odoo.tests import tagged

from .common_refund import RefundCommon


@tagged("post_install", "-at_install")
class TestPayout(RefundCommon):
    """Money that Stripe sends to the bank."""

    def _pay_out(self):
        """Let Stripe pay out, and return the payouts of the company."""
        self.double.payout()
        self._sync()
        return self.env["service.payout"].search([("company_id", "=", self.company.id)], order="id")

    def _get_clearing(self):
        """Return what is on the clearing account, by currency."""
        clearing = self.provider._get_clearing_account()
        lines = self.env["account.move.line"].search(
            [("account_id", "=", clearing.id), ("parent_state", "=", "posted")]
        )
        return {
            currency.name: round(sum(same.mapped("amount_currency")), 2)
            for currency, same in lines.grouped("currency_id").items()
        }

    def _get_transit(self, payout):
        account = self.company.transfer_account_id
        return payout.entry_id.line_ids.filtered(lambda line: line.account_id == account)

    def test_payout_of_payments_empties_the_clearing_account(self):
        first, second = self._open_invoice(60.0), self._open_invoice(40.0)
        self._pay_by_card(first)
        self._pay_by_card(second)

        payout = self._pay_out()

        self.assertRecordValues(payout, [{"state": "booked", "amount_gross": 100.0, "difference": 0.0}])
        self.assertAlmostEqual(payout.amount, 100.0 - payout.amount_fee)
        self.assertEqual(self._get_clearing(), {"USD": 0.0})
        self.assertAlmostEqual(self._get_transit(payout).amount_residual, payout.amount)
        fees = payout.entry_id.line_ids.filtered(
            lambda line: line.account_id == self.company.billing_stripe_fee_account_id
        )
        self.assertAlmostEqual(fees.balance, payout.amount_fee)
        self.assertEqual((first.payment_state, second.payment_state), ("paid", "paid"))

    def test_second_delivery_books_nothing(self):
        self._pay_by_card(self._open_invoice(60.0))
        payout = self._pay_out()
        entry = payout.entry_id

        self._sync()
        for event in self._get_events("payout.paid"):
            self.receive({**event, "id": "evt_again"})
        payout.action_check()

        self.assertEqual(payout.entry_id, entry)
        self.assertEqual(self.env["service.payout"].search_count([("payout_ref", "=", payout.payout_ref)]), 1)

    def test_refund_dispute_and_another_currency_leave_nothing(self):
        [rate] = self._set_rates(EUR=0.9)
        _invoice, _payment, credit_note = self._paid_credit(60.0, credited=25.0)
        self._refund(credit_note, 25.0)
        disputed = self._pay_by_card(self._open_invoice(40.0))
        self.double.dispute(disputed.provider_reference)
        self._pay_by_card(self._open_invoice(30.0, currency_id=rate.currency_id.id))
        self._sync()

        payouts = self._pay_out()

        self.assertEqual(payouts.mapped("state"), ["booked", "booked"], payouts.mapped("reason"))
        self.assertEqual(self._get_clearing(), {"USD": 0.0, "EUR": 0.0})
        for payout in payouts:
            transit = self._get_transit(payout)
            self.assertAlmostEqual(transit.amount_currency, payout.amount)
            self.assertEqual(transit.currency_id, payout.currency_id)

    def test_payout_in_another_currency_than_the_charge_and_the_company(self):
        """Charged in euros and refunded at another rate, held in pounds, booked in dollars."""
        rates = self._set_rates(EUR=0.9, GBP=0.8)
        self.double.settle(currency="eur", into="gbp", rate=0.85)
        invoice = self._open_invoice(60.0, currency_id=self.env.ref("base.EUR").id)
        self._pay_by_card(invoice)
        credit_note = self._finalized_credit(invoice, 25.0)
        rates[0].rate = 0.75
        self._refund(credit_note, 25.0)

        payout = self._pay_out()

        self.assertRecordValues(payout, [{"state": "booked", "currency_id": self.env.ref("base.GBP").id}])
        self.assertAlmostEqual(payout.amount, (60.0 - 25.0) * 0.85 - payout.amount_fee)
        self.assertFalse(any(self._get_clearing().values()), self._get_clearing())
        self.assertEqual((invoice.amount_residual, credit_note.amount_residual), (0.0, 0.0))
        transit = self._get_transit(payout)
        self.assertEqual((transit.currency_id, transit.amount_currency), (payout.currency_id, payout.amount))

    def test_currencies_without_decimals_and_with_three_leave_nothing(self):
        for code, amount, part in (("JPY", 5000.0, 1200.0), ("KWD", 12.34, 4.56)):
            with self.subTest(code):
                self._set_rates(**{code: 0.5})
                invoice = self._open_invoice(amount, currency_id=self.env.ref(f"base.{code}").id)
                self._pay_by_card(invoice)
                credit_note = self._finalized_credit(invoice, part)
                self._refund(credit_note, part)

                payout = self._pay_out().filtered(lambda payout, code=code: payout.currency_id.name == code)

                self.assertEqual(payout.state, "booked", payout.reason)
                self.assertAlmostEqual(payout.amount, amount - part - payout.amount_fee)
                self.assertEqual((invoice.amount_residual, credit_note.amount_residual), (0.0, 0.0))
                self.assertFalse(any(self._get_clearing().values()), self._get_clearing())

    def test_bank_line_of_the_net_amount_empties_the_account_for_transfers(self):
        self._pay_by_card(self._open_invoice(60.0))
        payout = self._pay_out()
        transit = self._get_transit(payout)
        journal = self.company_data["default_journal_bank"]
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "amount": payout.amount,
                "payment_ref": "STRIPE PAYOUT",
                "date": payout.arrival_on,
            }
        )

        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = transit.account_id
        (suspense + transit).reconcile()

        self.assertTrue(line.is_reconciled)
        self.assertEqual((transit.amount_residual, transit.reconciled), (0.0, True))
        posted = [("account_id", "=", transit.account_id.id), ("parent_state", "=", "posted")]
        self.assertEqual(sum(self.env["account.move.line"].search(posted).mapped("balance")), 0.0)
        self.assertEqual(self._get_clearing(), {"USD": 0.0})

    def _set_rates(self, **rates):
        """Have currencies that cost so much of the company's today, and return their rates."""
        self.env["res.currency.rate"].search([("name", "=", fields.Date.today())]).unlink()
        for code in rates:
            self.env.ref(f"base.{code}").active = True
        common = {"name": fields.Date.today(), "company_id": self.company.id}
        return self.env["res.currency.rate"].create(
            [{**common, "rate": rate, "currency_id": self.env.ref(f"base.{code}").id} for code, rate in rates.items()]
        )

    def test_payout_with_unknown_parts_is_shown_and_not_booked(self):
        self.double.pay(self._open_invoice(60.0)._start_checkout(60.0), "4242424242424242")
        self.double.payout()

        self._sync("payout.paid")
        payout = self.env["service.payout"].search([("company_id", "=", self.company.id)])

        self.assertEqual(payout.state, "check")
        self.assertTrue(payout.reason and payout.activity_ids)
        self.assertFalse(payout.entry_id)

        self._sync()
        payout.with_user(self.bookkeeper).action_check()

        self.assertEqual(payout.state, "booked")
        self.assertEqual(self._get_clearing(), {"USD": 0.0})

    def test_payout_that_comes_back_is_in_the_next_one(self):
        self._pay_by_card(self._open_invoice(60.0))
        first = self._pay_out()
        self.double.fail_payout(first.payout_ref)
        self._sync()
        self.assertEqual(first.state, "failed")

        second = self._pay_out() - first

        self.assertEqual(second.state, "booked")
        self.assertFalse(self._get_transit(first).amount_residual)
        open_transit = self._get_transit(second).filtered(lambda line: not line.reconciled)
        self.assertAlmostEqual(sum(open_transit.mapped("amount_residual")), second.amount)

    def test_refund_that_comes_back_is_in_a_later_payout(self):
        _invoice, _payment, credit_note = self._paid_credit(60.0)
        refund = self._refund(credit_note, 60.0)
        self._pay_out()
        self.double.fail_refund(refund.provider_reference)
        self._sync()

        payouts = self._pay_out()

        self.assertEqual(payouts.mapped("state"), ["booked", "booked"], payouts.mapped("reason"))
        self.assertEqual(self._get_clearing(), {"USD": 0.0})
