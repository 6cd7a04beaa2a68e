from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestPayCreditRefund(CreditCommon):
    """What becomes of credit: the ledger says it, and what nobody used is paid back."""

    # === THE LEDGER === #

    def _get_events(self, invoice):
        domain = [("res_model", "=", "account.move"), ("res_id", "=", invoice.id)]
        return self.env["service.billing.event"].search(domain, order="id")

    def test_ledger_says_what_came_in_what_used_it_and_what_is_left(self):
        payment = self._prepay(100.0, date="2026-02-01")
        first, second = self._open_invoice(30.0), self._open_invoice(45.0)

        items = self.env["service.credit.item"].with_user(self.biller)
        item = items.search([("commercial_partner_id", "=", self.customer.id)])

        self.assertRecordValues(
            item,
            [{"kind": "payment", "payment_id": payment.id, "amount": 100.0, "used": 75.0, "residual": 25.0}],
        )
        self.assertRecordValues(
            item.use_ids, [{"move_id": first.id, "amount": 30.0}, {"move_id": second.id, "amount": 45.0}]
        )
        self.assertEqual(item.action_open_document()["res_model"], "account.payment")

    def test_ledger_opens_from_the_customer(self):
        self._prepay(100.0)

        action = self.customer.with_user(self.biller).action_view_billing_credit()

        items = self.env[action["res_model"]].with_user(self.biller).search(action["domain"])
        self.assertEqual(items.mapped("residual"), [100.0])

    def test_using_credit_is_in_the_audit_trail_after_finalize(self):
        payment = self._prepay(100.0)
        invoice = self._open_invoice(30.0)

        self.env.cr.flush()

        events = self._get_events(invoice)
        self.assertEqual(events.mapped("kind"), ["finalized", "paid", "credit_used"])
        self.assertEqual(events[-1]._get_details(), {"amount": "30.00", "currency": "USD", "credit": payment.name})

    def test_credit_used_by_hand_is_in_the_audit_trail(self):
        self.company.billing_use_credit = False
        credit_note, invoice = self._goodwill(30.0), self._open_invoice(100.0)

        self._call(
            self.biller,
            "account.move",
            "js_assign_outstanding_line",
            invoice.ids,
            self._get_receivable(credit_note).id,
        )
        self.env.cr.flush()

        self.assertEqual(self._get_events(invoice)[-1]._get_details()["credit"], credit_note.name)

    # === PAYING IT BACK === #

    def _open_refund(self, **values):
        wizards = self.env["service.credit.refund"].with_user(self.biller)
        return wizards.create({"partner_id": self.customer.id, **values})

    def test_balance_is_paid_back(self):
        self._prepay(30.0, date="2026-02-01")
        self._goodwill(20.0)
        wizard = self._open_refund()

        wizard.action_confirm()

        self.assertRecordValues(
            wizard.payment_ids,
            [{"amount": 50.0, "payment_type": "outbound", "partner_id": self.customer.id, "is_reconciled": True}],
        )
        self.assertEqual(self._get_balance(), {})

    def test_a_part_is_paid_back_oldest_first(self):
        old, new = self._prepay(30.0, date="2026-02-01"), self._prepay(30.0, date="2026-03-01")

        self._open_refund(amount=40.0).action_confirm()

        self.assertEqual(self._get_receivable(old.move_id).amount_residual, 0.0)
        self.assertEqual(self._get_receivable(new.move_id).amount_residual, -20.0)

    def test_never_more_is_paid_back_than_is_left(self):
        self._prepay(30.0)

        for amount in (30.01, 0.0, -1.0):
            with self.subTest(amount=amount), self._refused():
                self._open_refund(amount=amount).action_confirm()
        self.assertEqual(self._get_balance(), {"USD": 30.0})

    def test_paying_back_happens_once(self):
        self._prepay(30.0)
        wizard = self._open_refund(amount=10.0)
        wizard.action_confirm()

        notice = wizard.action_confirm()

        self.assertEqual(notice["tag"], "display_notification")
        self.assertEqual(self._get_balance(), {"USD": 20.0})

    def test_refund_is_in_the_currency_of_the_credit(self):
        euro = self.setup_other_currency("EUR")
        self._prepay(50.0, currency_id=euro.id)
        wizard = self._open_refund()

        wizard.action_confirm()

        self.assertRecordValues(wizard.payment_ids, [{"currency_id": euro.id, "amount": 50.0}])
        self.assertEqual(self._get_balance(), {})

    # === WHO MAY === #

    def test_biller_of_another_company_sees_and_moves_nothing(self):
        self._set_up_second_company()
        self._prepay(50.0)
        foreign = self.env["service.credit.item"].with_user(self.second_biller)

        self.assertFalse(foreign.search([("commercial_partner_id", "=", self.customer.id)]))
        wizard = self.env["service.credit.refund"].with_user(self.second_biller)
        for values in ({"journal_id": self.bank.id}, {"company_id": self.company.id, "journal_id": self.bank.id}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                wizard.create({"partner_id": self.customer.id, "amount": 50.0, **values}).action_confirm()

    def test_technician_neither_records_nor_pays_back(self):
        for model in ("service.prepayment", "service.credit.refund"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.technician).create({"partner_id": self.customer.id, "amount": 50.0})
