from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common_open_item import OpenItemCommon


@tagged("post_install", "-at_install")
class TestInvoiceOpenItems(OpenItemCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_second_company()
        cls.second_company.billing_timezone = "America/Los_Angeles"
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])

    def _read(self, invoice, moment):
        with freeze_time(moment):
            invoice.invalidate_recordset()
            return invoice.read(
                ["billing_overdue", "billing_amount_overdue", "billing_amount_due_now", "billing_next_due_date"],
                load=None,
            )[0]

    # === INSTALMENTS === #

    def test_each_instalment_has_its_row(self):
        invoice = self._open_in_january(100.0)

        items = self.env["service.open.item"].search([("move_id", "=", invoice.id)])

        self.assertRecordValues(
            items,
            [
                {"position_text": "1 of 2", "date_due": invoice.invoice_date.replace(day=15), "amount": 30.0},
                {"position_text": "2 of 2", "date_due": invoice.invoice_date_due, "amount": 70.0},
            ],
        )
        self.assertEqual(items.line_id, invoice.line_ids.filtered(lambda line: line.display_type == "payment_term"))
        self.assertEqual(set(items.mapped("kind")), {"term"})
        self.assertEqual(sum(items.mapped("residual")), invoice.amount_residual)

    def test_an_instalment_is_overdue_from_the_day_after_its_due_date(self):
        invoice = self._open_in_january(100.0)

        days = ("2026-01-14", "2026-01-15", "2026-01-16", "2026-02-09", "2026-02-10")
        statuses = [self._get_statuses(invoice, day) for day in days]

        self.assertEqual(
            statuses,
            [
                ["upcoming", "upcoming"],
                ["due", "upcoming"],
                ["overdue", "upcoming"],
                ["overdue", "due"],
                ["overdue", "overdue"],
            ],
        )
        self.assertEqual([bool(self._search_overdue(day)) for day in days], [False, False, True, True, True])

    def test_payments_fill_the_oldest_instalment_first(self):
        invoice = self._open_in_january(100.0)

        self._pay_invoice(invoice, 45.0)

        items = self.env["service.open.item"].search([("move_id", "=", invoice.id)])
        self.assertEqual(items.mapped("residual"), [0.0, 55.0])
        self.assertEqual(self._get_statuses(invoice, "2026-01-20"), ["paid", "partly"])
        self.assertFalse(self._search_overdue("2026-01-20"))
        self.assertEqual(self._get_statuses(invoice, "2026-02-20"), ["paid", "overdue"])
        self.assertEqual(self._search_overdue("2026-02-20"), invoice)

    def test_what_is_due_now_is_what_is_overdue_and_what_is_due_today(self):
        invoice = self._open_in_january(100.0)

        values = self._read(invoice, "2026-02-09")

        self.assertTrue(values["billing_overdue"])
        self.assertEqual((values["billing_amount_overdue"], values["billing_amount_due_now"]), (30.0, 100.0))
        self.assertEqual(str(values["billing_next_due_date"]), "2026-01-15")

    def test_paid_invoice_is_never_overdue(self):
        invoice = self._open_in_january(100.0)
        self._pay_invoice(invoice, 100.0)

        values = self._read(invoice, "2026-06-01")

        self.assertEqual(self._get_statuses(invoice, "2026-06-01"), ["paid", "paid"])
        self.assertFalse(values["billing_overdue"] or values["billing_amount_due_now"])
        self.assertFalse(values["billing_next_due_date"])
        self.assertFalse(self._search_overdue("2026-06-01"))

    def test_invoice_of_nothing_is_paid(self):
        invoice = self._open_in_january(0.0)

        self.assertEqual(set(self._get_statuses(invoice, "2026-06-01")), {"paid"})
        self.assertFalse(self._search_overdue("2026-06-01"))

    # === WHAT IS NO DEBT === #

    def test_credit_note_is_never_overdue(self):
        invoice = self._open_in_january(100.0)
        self._pay_invoice(invoice, 100.0)
        with freeze_time("2026-01-11"):
            credit = self._credit_invoice(invoice)
            credit.action_billing_finalize()

        self.assertEqual(self._get_statuses(credit, "2026-06-01"), ["credit"])
        self.assertEqual(self.env["service.open.item"].search([("move_id", "=", credit.id)]).residual, -100.0)
        self.assertFalse(self._search_overdue("2026-06-01"))

    def test_credit_note_takes_from_what_is_due(self):
        invoice = self._open_in_january(100.0)
        with freeze_time("2026-01-11"):
            credit = self._credit_invoice(invoice)
            credit.invoice_line_ids.price_unit = 30.0
            credit.action_billing_finalize()

        self.assertEqual(self._get_statuses(invoice, "2026-01-20"), ["paid", "upcoming"])
        self.assertFalse(self._search_overdue("2026-01-20"))

    def test_void_and_uncollectible_invoices_are_never_overdue(self):
        invoices = self._open_in_january(100.0) + self._open_in_january(50.0)
        with freeze_time("2026-01-11"):
            invoices[0].with_user(self.manager).action_billing_void("duplicate", "Made twice")
            invoices[1].with_user(self.manager).action_billing_write_off("insolvent", "Bankrupt")
        self.env.invalidate_all()

        self.assertEqual(set(self._get_statuses(invoices, "2026-06-01")), {"closed"})
        self.assertEqual(invoices.mapped("billing_balance_due"), [0.0, 0.0])
        self.assertFalse(self._search_overdue("2026-06-01"))

    def test_draft_and_cancelled_draft_have_nothing_due(self):
        drafts = self._draft_invoice(invoice_date="2026-01-10") + self._draft_invoice(invoice_date="2026-01-10")
        drafts[1].button_cancel()

        self.assertFalse(self._get_statuses(drafts, "2026-06-01"))
        self.assertFalse(self._search_overdue("2026-06-01"))
        self.assertEqual(drafts.mapped("billing_balance_due"), [0.0, 0.0])

    def test_document_from_before_is_left_to_core(self):
        self.company.billing_enabled = False
        invoice = self._draft_invoice(invoice_date="2026-01-10")
        invoice.action_post()

        self.assertFalse(self._get_statuses(invoice, "2026-06-01"))
        self.assertFalse(invoice.billing_overdue)

    def test_nothing_asked_is_nothing_due(self):
        nothing = self.env["account.move"]

        self.assertEqual(nothing._get_due(), {})
        self.assertEqual(nothing.mapped("billing_overdue"), [])

    # === COMPANIES AND CURRENCIES === #

    def test_the_day_of_each_company_decides(self):
        here = self._open_in_january(100.0)
        there = self._open_in_january(100.0, user=self.second_biller)
        late_evening_there = "2026-01-16 07:30:00"

        self.assertEqual(self._get_statuses(here, late_evening_there), ["overdue", "upcoming"])
        self.assertEqual(self._get_statuses(there, late_evening_there), ["due", "upcoming"])
        self.assertEqual(self._search_overdue(late_evening_there), here)
        self.assertEqual(self._search_overdue("2026-01-16 08:30:00"), here + there)

    def test_time_zone_that_is_changed_counts_at_once(self):
        invoice = self._open_in_january(100.0, user=self.second_biller)
        late_evening_there = "2026-01-16 07:30:00"
        self.assertEqual(self._get_statuses(invoice, late_evening_there)[0], "due")

        self.second_company.billing_timezone = "UTC"

        self.assertEqual(self._get_statuses(invoice, late_evening_there)[0], "overdue")

    def test_company_that_is_new_has_its_own_day(self):
        zones = self.env["res.company"]._get_billing_zones()
        self.assertNotIn("Pacific/Kiritimati", zones)

        company = self.env["res.company"].create({"name": "Far East", "billing_timezone": "Pacific/Kiritimati"})

        self.assertEqual(self.env["res.company"]._get_billing_zones()["Pacific/Kiritimati"], company.ids)

    def test_filter_and_badge_agree(self):
        invoices = self._open_in_january(100.0) + self._open_in_january(50.0, user=self.second_biller)
        self._pay_invoice(self._open_in_january(20.0), 20.0)

        for moment in ("2026-01-15 12:00:00", "2026-01-16 07:30:00", "2026-01-16 12:00:00"):
            with self.subTest(moment), freeze_time(moment):
                invoices.invalidate_recordset()
                self.assertEqual(self._search_overdue(moment), invoices.filtered("billing_overdue").sorted())
                self.assertFalse(self._search_overdue(moment, value=False) & self._search_overdue(moment))

    def test_amounts_are_in_the_currency_of_the_document_and_of_the_company(self):
        invoice = self._open_in_january(100.0, currency_id=self.euro.id)

        items = self.env["service.open.item"].search([("move_id", "=", invoice.id)])

        self.assertRecordValues(
            items,
            [
                {"amount": 30.0, "residual": 30.0, "amount_company": 15.0, "residual_company": 15.0},
                {"amount": 70.0, "residual": 70.0, "amount_company": 35.0, "residual_company": 35.0},
            ],
        )
        self.assertEqual(self._read(invoice, "2026-01-20")["billing_amount_overdue"], 30.0)

    def test_customer_owes_what_its_contacts_owe(self):
        contact = self._create_customer("Branch", parent_id=self.customer.id, type="invoice")
        self._open_in_january(100.0)
        self._open_in_january(200.0, partner_id=contact.id, currency_id=self.euro.id)

        with freeze_time("2026-01-20"):
            customer = self.customer.with_user(self.biller)
            overdue = customer.billing_overdue_total
            found = self.env["account.move"].search(customer.action_view_billing_overdue()["domain"])

        self.assertEqual(overdue, 30.0 + 60.0 / 2)
        self.assertEqual(len(found), 2)

    # === WHO SEES IT === #

    def test_biller_of_another_company_sees_none_of_it(self):
        invoice = self._open_in_january(100.0)

        items = self.env["service.open.item"].with_user(self.second_biller)

        self.assertFalse(items.search([("move_id", "=", invoice.id)]))

    def test_technician_and_customer_cannot_ask(self):
        portal_user = self._create_new_portal_user()

        for user in (self.technician, portal_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._call(user, "service.open.item", "search", [])

    def test_nobody_writes_what_is_open(self):
        invoice = self._open_in_january(100.0)
        item = self.env["service.open.item"].search([("move_id", "=", invoice.id)], limit=1)

        for user in (self.biller, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._call(user, "service.open.item", "write", item.ids, {"residual": 0.0})

    # === THE LIST === #

    def _load_page(self, moves, **limits):
        columns = ("name", "billing_status", "billing_overdue", "billing_next_due_date")
        moves.env.invalidate_all()
        return moves.web_search_read([], {name: {} for name in columns}, **limits)

    def test_page_of_many_invoices_needs_no_more_queries_than_one(self):
        moves = self.env["account.move"].with_user(self.biller).with_context(billing_pages=True)
        for _number in range(4):
            self._open_in_january(10.0)
        counts = []
        for limit in (4, 4, 1):
            before = self.env.cr.sql_log_count
            self._load_page(moves, limit=limit, count_limit=1)
            counts.append(self.env.cr.sql_log_count - before)

        self.assertEqual(counts[1], counts[2])

    def test_page_holds_a_hundred_invoices_and_no_more(self):
        values = {"move_type": "out_invoice", "partner_id": self.customer.id}
        line = {"name": "Work", "price_unit": 1.0, "tax_ids": [Command.clear()]}
        self.env["account.move"].create([{**values, "invoice_line_ids": [Command.create(line)]} for _ in range(101)])

        moves = self.env["account.move"].with_user(self.biller).with_context(billing_pages=True)
        sizes = [len(self._load_page(moves, **limit)["records"]) for limit in ({}, {"limit": 500}, {"limit": 20})]

        self.assertEqual(sizes, [100, 100, 20])
