import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_audit import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditEvent(AuditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_second_company()

    # === WHAT IS LOGGED === #

    def test_finalizing_is_logged_with_number_total_and_user(self):
        invoice = self._open_invoice(100.0, 20.5)

        event = self._trail(invoice)

        self.assertRecordValues(
            event,
            [
                {
                    "kind": "finalized",
                    "sequence": 1,
                    "res_name": invoice.name,
                    "company_id": self.company.id,
                    "user_id": self.biller.id,
                    "user_name": "Biller",
                    "previous_hash": "",
                }
            ],
        )
        details = json.loads(event.details)
        self.assertEqual(details["number"], invoice.name)
        self.assertEqual((details["total"], details["currency"]), ("120.50", self.company.currency_id.name))
        self.assertEqual(details["document_hash"], invoice._get_printed_hash())

    def test_payments_are_logged_as_the_status_changes(self):
        invoice = self._open_invoice(100.0)
        self._assert_trail(invoice, "finalized")
        self._pay_invoice(invoice, 40.0)
        self._assert_trail(invoice, "finalized", "partially_paid")
        self._pay_invoice(invoice, 10.0)
        self._assert_trail(invoice, "finalized", "partially_paid")
        payment = self._pay_invoice(invoice, 50.0)
        self._assert_trail(invoice, "finalized", "partially_paid", "paid")
        payment.action_billing_remove()

        self._assert_trail(invoice, "finalized", "partially_paid", "paid", "reopened")
        self.assertEqual(json.loads(self._trail(invoice)[-1].details)["due"], "50.00")

    def test_all_in_one_transaction_is_logged_too(self):
        invoice = self._open_invoice(100.0)
        self._pay_invoice(invoice, 100.0)

        self.assertEqual(self._trail(invoice)[0].kind, "finalized")
        self.assertEqual(self._trail(invoice)[-1].kind, "paid")

    def test_what_changes_and_changes_back_is_no_event(self):
        invoice = self._open_invoice(100.0)
        self._assert_trail(invoice, "finalized")

        for payment_state in ("paid", "not_paid"):
            invoice.sudo().payment_state = payment_state
            invoice.flush_recordset(["billing_status"])

        self._assert_trail(invoice, "finalized")

    def test_changes_are_logged_where_nothing_is_tracked(self):
        invoice = self._draft_invoice(100.0).with_context(tracking_disable=True)
        invoice.action_billing_finalize()

        self._assert_trail(invoice, "finalized")

    def test_draft_is_not_logged(self):
        draft, deleted = self._draft_invoice(100.0), self._draft_invoice(50.0)
        deleted_id = deleted.id
        deleted.unlink()

        self._assert_trail(draft)
        self._assert_trail(self.env["account.move"].browse(deleted_id))

    def test_document_that_is_not_ours_is_not_logged_and_costs_nothing(self):
        self.company.billing_enabled = False
        invoices = self._draft_invoice(100.0) + self._draft_invoice(50.0)
        self.env.cr.flush()
        invoices.action_post()
        self.env.flush_all()

        self.assertNotIn("service_billing.status", self.env.cr.precommit.data)
        self._assert_trail(invoices[0])

    def test_many_documents_are_logged_in_one_statement(self):
        invoices = sum((self._draft_invoice(100.0) for _ in range(5)), self.env["account.move"])
        self.env.cr.flush()
        invoices.action_billing_finalize()
        self.env.flush_all()

        with self.assertQueryCount(2):
            self.env["account.move"]._log_status_changes()

        for invoice in invoices:
            self._assert_trail(invoice, "finalized")

    def test_nothing_is_logged_for_no_document(self):
        with self.assertQueryCount(0):
            self.assertFalse(self.env["service.billing.event"]._log("viewed", self.env["account.move"]))

    def test_amounts_are_in_the_currency_of_the_document(self):
        yen = self.setup_other_currency("JPY", rounding=1.0)
        invoice = self._open_invoice(1000.0, currency_id=yen.id)

        details = json.loads(self._trail(invoice).details)

        self.assertEqual((details["total"], details["currency"]), ("1000", "JPY"))

    # === THE CHAIN === #

    def test_events_of_a_document_follow_each_other(self):
        invoice = self._open_invoice(100.0)
        first = self._trail(invoice)
        second = self.env["service.billing.event"]._log("viewed", invoice, {"as": "é \" \\ 'link'"})

        self.assertEqual((first.sequence, second.sequence), (1, 2))
        self.assertEqual(second.previous_hash, first.hash)

    def test_what_happens_once_is_logged_once(self):
        invoices = self._open_invoice(100.0) + self._open_invoice(50.0)
        self.env.cr.flush()
        log = self.env["service.billing.event"]

        first = log._log("viewed", invoices[0], once_key="viewed:link")
        second = log._log("viewed", invoices, once_key="viewed:link")

        self.assertEqual(first.res_id, invoices[0].id)
        self.assertEqual(second.res_id, invoices[1].id)
        self._assert_trail(invoices[0], "finalized", "viewed")

    # === WHO MAY DO WHAT === #

    def test_nobody_changes_the_log_through_the_application(self):
        event = self._trail(self._open_invoice(100.0))

        for change in (lambda: event.write({"kind": "paid"}), event.unlink, lambda: event.create({}), event.copy):
            with self._refused():
                change()

    def test_office_reads_what_happened_in_its_companies(self):
        event = self._trail(self._open_invoice(100.0))

        for user in (self.biller, self.bookkeeper, self.manager):
            self.assertEqual(self._call(user, event._name, "search", [("id", "=", event.id)]), event.ids)
        self.assertFalse(self._call(self.second_biller, event._name, "search", [("id", "=", event.id)]))
        with self.assertRaises(AccessError):
            self._call(self.technician, event._name, "search", [])

    def test_log_is_closed_to_calls_from_outside(self):
        invoice = self._open_invoice(100.0)

        with self.assertRaises(AccessError):
            self._call(self.manager, "service.billing.event", "_log", "paid", invoice)

    def test_anybody_who_does_something_is_logged(self):
        invoice = self._open_invoice(100.0)
        visitor = self.env.ref("base.public_user")

        event = self.env["service.billing.event"].with_user(visitor)._log("viewed", invoice)

        self.assertEqual(event.sudo().user_name, visitor.name)

    # === LATER === #

    def test_log_outlives_the_user(self):
        user = self._create_user("leaver", "service_billing.group_biller")
        invoice = self._open_invoice(100.0, user=user)
        event = self._trail(invoice)
        user_id = user.id

        user.unlink()

        self.assertRecordValues(event, [{"user_name": "Leaver", "user_id": user_id}])

    def test_log_stays_as_it_is_when_customers_are_merged(self):
        other = self._create_customer("Hotel Alpina GmbH")
        invoice = self._open_invoice(100.0, partner_id=other.id)
        before = self._trail(invoice).read()

        self.env["base.partner.merge.automatic.wizard"].create({})._merge([other.id, self.customer.id], self.customer)

        self.env.invalidate_all()
        self.assertEqual(self._trail(invoice).read(), before)

    def test_document_opens_from_its_event(self):
        invoice = self._open_invoice(100.0)
        event = self._trail(invoice).with_user(self.biller)

        self.assertEqual(event.action_open_document()["res_id"], invoice.id)
        self.assertEqual(invoice.action_view_billing_events()["domain"][1], ("res_id", "=", invoice.id))
