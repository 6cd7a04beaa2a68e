from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command, Date
from odoo.tests import Form, tagged

from .common_jobs import performing_jobs
from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestInvoicePreflight(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_second_company()

    def _find(self, drafts):
        """Return the codes of the findings of each draft."""
        findings = drafts._get_preflight_findings()
        return [[finding["code"] for finding in findings.get(draft, [])] for draft in drafts]

    def _set_level(self, check, level, company=None):
        company = company or self.company
        self.env["service.preflight.rule"].create({"company_id": company.id, "check": check, "level": level})

    def _history(self, *totals, days=100):
        """Let the customer have invoices of the past."""
        with freeze_time(Date.today() - timedelta(days=days)):
            return [self._open_invoice(total) for total in totals]

    # === CHECKS === #

    def test_ordinary_draft_has_no_finding(self):
        self.assertEqual(self._find(self._draft_invoice(100.0)), [[]])

    def test_nothing_asked_is_nothing_found(self):
        self.assertEqual(self.env["account.move"]._get_preflight_findings(), {})

    def test_business_customer_without_vat_number(self):
        self.company.vat = "BE0477472701"
        person, business = self.customer, self._create_customer("Garage", is_company=True)
        drafts = self._draft_invoice(partner_id=person.id) + self._draft_invoice(partner_id=business.id)

        self.assertEqual(self._find(drafts), [[], ["vat"]])
        business.vat = "BE0246697724"
        self.assertEqual(self._find(drafts), [[], []])

    def test_customer_without_address_and_customer_whose_mail_came_back(self):
        silent = self._create_customer("No Mail", email=False)
        moved = self._create_customer("Moved", message_bounce=1)

        drafts = self._draft_invoice(partner_id=silent.id) + self._draft_invoice(partner_id=moved.id)

        self.assertEqual(self._find(drafts), [["email"], ["bounced"]])

    def test_reference_that_the_customer_wants_blocks(self):
        self.customer.billing_reference_required = True
        draft = self._draft_invoice(100.0)

        finding = draft._get_preflight_findings()[draft][0]

        self.assertEqual((finding["code"], finding["level"], finding["has_fix"]), ("reference", "blocking", True))

    def test_same_total_for_the_same_customer_within_thirty_days(self):
        with freeze_time(Date.today() - timedelta(days=29)):
            self._open_invoice(100.0)
        other = self._create_customer("Somebody Else")

        drafts = (
            self._draft_invoice(100.0) + self._draft_invoice(101.0) + self._draft_invoice(100.0, partner_id=other.id)
        )

        self.assertEqual(self._find(drafts), [["duplicate"], [], []])

    def test_same_total_long_ago_in_another_company_or_cancelled_is_none(self):
        self._history(100.0, days=31)
        self._draft_invoice(100.0, user=self.second_biller)
        self._draft_invoice(100.0).button_cancel()

        self.assertEqual(self._find(self._draft_invoice(100.0)), [[]])

    def test_same_number_in_another_currency_is_no_duplicate(self):
        euro = self.setup_other_currency("EUR")
        self._open_invoice(100.0)

        self.assertEqual(self._find(self._draft_invoice(100.0, currency_id=euro.id)), [[]])

    def test_line_without_price_unless_the_work_is_given_away(self):
        order = self._create_order(type_id=self.type_quick.id)
        self._work_order(order, parts=1)
        order.line_ids.filtered(lambda line: line.kind == "part").write(
            {"billing_decision": "warranty", "price_unit": 0.0}
        )
        order.with_user(self.technician).action_done()
        given = self._invoice_order(order)

        self.assertEqual(self._find(self._draft_invoice(0.0) + given), [["price"], []])

    def test_taxes_of_another_fiscal_position(self):
        abroad = self.env["account.fiscal.position"].create({"name": "Abroad", "company_id": self.company.id})
        draft = self._draft_invoice(invoice_line_ids=[Command.create({"product_id": self.service.id})])
        self.assertEqual(self._find(draft), [[]])

        self.customer.with_company(self.company).property_account_position_id = abroad

        self.assertEqual(self._find(draft), [["tax"]])
        draft.action_fix_preflight("tax")
        self.assertEqual(self._find(draft), [[]])
        self.assertEqual(draft.fiscal_position_id, abroad)
        self.assertFalse(draft.invoice_line_ids.tax_ids)

    def test_taxes_of_charges_are_asked_for(self):
        draft = self._invoice_order(self._done_order())
        abroad = self.env["account.fiscal.position"].create({"name": "Abroad", "company_id": self.company.id})
        self.customer.with_company(self.company).property_account_position_id = abroad

        action = draft.action_fix_preflight("tax")

        self.assertEqual(action["res_model"], "service.invoice.tax")
        self.assertEqual(draft.fiscal_position_id, abroad)

    def test_total_of_more_than_three_times_the_usual_one(self):
        self._history(90.0, 100.0, 110.0)

        drafts = self._draft_invoice(300.0) + self._draft_invoice(301.0)

        self.assertEqual(self._find(drafts), [[], ["unusual"]])

    def test_two_invoices_are_no_usual_total(self):
        self._history(90.0, 100.0)

        self.assertEqual(self._find(self._draft_invoice(1000.0)), [[]])

    def test_report_of_the_order_that_nobody_signed(self):
        self.type_quick.require_signature = False
        order = self._create_order(type_id=self.type_quick.id)
        self._work_order(order)
        order.with_user(self.technician).signature = False
        order.with_user(self.technician).action_done()
        draft = self._invoice_order(order)

        self.assertEqual(self._find(draft), [["report"]])
        self.assertEqual(draft.action_fix_preflight("report")["res_id"], order.id)

    # === WHAT A FINDING DOES === #

    def test_warning_keeps_nobody_from_finalizing(self):
        draft = self._draft_invoice(0.0)

        draft.action_billing_finalize()

        self.assertEqual(draft.state, "posted")

    def test_what_must_be_mended_keeps_the_draft(self):
        self._set_level("price", "blocking")
        draft, fine = self._draft_invoice(0.0), self._draft_invoice(10.0)

        with self._refused():
            draft.action_billing_finalize()
        with self._refused():
            draft.action_post()
        fine.action_billing_finalize()

        self.assertEqual((draft + fine).mapped("state"), ["draft", "posted"])
        self.assertEqual(draft._get_preflight_findings()[draft][0]["level"], "blocking")

    def test_check_that_is_off_finds_nothing(self):
        self._set_level("price", "off")

        self.assertEqual(self._find(self._draft_invoice(0.0)), [[]])

    def test_level_holds_in_its_company_only(self):
        self._set_level("price", "blocking", self.second_company)

        self._draft_invoice(0.0).action_billing_finalize()
        with self._refused():
            self._draft_invoice(0.0, user=self.second_biller).action_billing_finalize()

    def test_background_work_says_what_must_be_mended(self):
        self._set_level("price", "blocking")
        drafts = self._draft_invoice(0.0) + self._draft_invoice(10.0)

        with performing_jobs():
            batch = drafts._finalize_in_background()

        lines = batch.line_ids.sorted("move_id")
        self.assertEqual(lines.mapped("state"), ["failed", "done"])
        self.assertIn("price", lines[0].reason)

    def test_windows_that_finalize_many_list_what_is_found(self):
        self._set_level("price", "blocking")
        silent = self._create_customer("No Mail", email=False)
        drafts = self._draft_invoice(10.0, partner_id=silent.id) + self._draft_invoice(0.0)

        for window in ("service.finalize", "service.send"):
            wizard = self.env[window].with_user(self.biller).create({"move_ids": drafts.ids})

            self.assertEqual([finding["level"] for finding in wizard.findings], ["blocking", "warning"])
            self.assertEqual(wizard.finding_count, 2)

    def test_documents_of_others_are_not_checked(self):
        self.company.billing_enabled = False

        self.assertEqual(self._find(self._draft_invoice(0.0)), [[]])

    def test_many_drafts_need_no_more_queries_than_a_few(self):
        def count(drafts):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            drafts._get_check_messages(("warning",))
            return self.env.cr.sql_log_count - before

        few = self._draft_invoice(1.0) + self._draft_invoice(2.0)
        many = few + self._draft_invoice(3.0) + self._draft_invoice(4.0) + self._draft_invoice(5.0)
        count(many)

        self.assertEqual(count(many), count(few))

    def test_finalizing_asks_nothing_of_the_database_for_warnings(self):
        draft = self._draft_invoice(1.0)
        draft._get_check_messages(("blocking",))

        with self.assertQueryCount(0):
            draft._get_check_messages(("blocking",))

    # === FIX === #

    def test_fix_opens_what_is_to_be_mended(self):
        self._open_invoice(100.0)
        draft = self._draft_invoice(100.0)
        for code, model in (
            ("email", "res.partner"),
            ("bounced", "res.partner"),
            ("vat", "res.partner"),
            ("duplicate", "account.move"),
            ("unusual", "account.move"),
            ("reference", "account.move"),
            ("locked_period", "account.move"),
        ):
            with self.subTest(code):
                self.assertEqual(draft.action_fix_preflight(code)["res_model"], model)

    def test_price_is_mended_on_the_line_or_on_its_charge(self):
        draft = self._draft_invoice(0.0)
        action = draft.action_fix_preflight("price")
        with Form(self.env["account.move.line"].browse(action["res_id"]), action["views"][0][0]) as form:
            form.price_unit = 10.0

        self.assertEqual(self._find(draft), [[]])
        self.assertEqual(draft.amount_total, 10.0)

    def test_there_is_nothing_to_open_for_an_empty_draft(self):
        draft = self._draft_invoice()

        for code in ("lines", "no such code", "fix_preflight"):
            with self.subTest(code), self._refused():
                draft.action_fix_preflight(code)

    def test_technician_mends_nothing(self):
        draft = self._draft_invoice(0.0)

        with self.assertRaises(AccessError):
            self._call(self.technician, "account.move", "action_fix_preflight", draft.ids, "tax")

    # === RULES === #

    def test_manager_finds_every_check_in_the_settings(self):
        rules = self.env["service.preflight.rule"].with_user(self.manager)

        for _again in range(2):
            action = rules.action_open()

        found = rules.search(action["domain"])
        self.assertEqual(found.mapped("check"), [code for code, _label in rules._fields["check"].selection])
        self.assertEqual(set(found.mapped("level")), {"warning"})

    def test_biller_changes_no_rule(self):
        with self.assertRaises(AccessError):
            self._call(self.biller, "service.preflight.rule", "action_open")
