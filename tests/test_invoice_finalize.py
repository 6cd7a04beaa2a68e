from unittest.mock import patch

from odoo.fields import Command, Date
from odoo.tests import tagged

from odoo.addons.service_billing.models.print import ir_actions_report

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestInvoiceFinalize(MoneyCommon):
    # === NUMBER === #

    def test_number_comes_with_finalize(self):
        invoice = self._draft_invoice()

        self.assertFalse(invoice.name)
        invoice.action_billing_finalize()

        self.assertRecordValues(invoice, [{"state": "posted", "billing_status": "open", "invoice_date": Date.today()}])
        self.assertRegex(invoice.name, r"^INV/\d{4}/00001$")

    def test_deleted_drafts_use_up_no_number(self):
        first = self._open_invoice()
        self._draft_invoice().unlink()
        kept = self._draft_invoice()
        self._draft_invoice().button_cancel()

        kept.action_billing_finalize()

        self.assertEqual(kept.sequence_number, first.sequence_number + 1)
        self.assertFalse(kept.made_sequence_gap)

    def test_drafts_are_finalized_in_one_go(self):
        drafts = self._draft_invoice() + self._draft_invoice() + self._draft_invoice()

        notice = drafts.action_billing_finalize()

        self.assertIsNone(notice)
        self.assertEqual(len(set(drafts.mapped("name"))), 3)
        self.assertEqual(set(drafts.mapped("billing_status")), {"open"})

    def test_one_bad_draft_keeps_all_from_being_finalized(self):
        good = self._draft_invoice()
        bad = self._draft_invoice(-5.0)

        with self._refused():
            (good + bad).action_billing_finalize()

        self.assertEqual((good + bad).mapped("state"), ["draft", "draft"])
        self.assertFalse(good.name)

    def test_nothing_to_finalize_is_fine(self):
        self.assertIsNone(self.env["account.move"].action_billing_finalize())

    def test_second_finalize_changes_nothing_and_names_the_number(self):
        invoice = self._open_invoice()
        before = invoice.read()

        notice = invoice.action_billing_finalize()

        self.assertIn(invoice.name, notice["params"]["message"])
        self.assertEqual(invoice.read(), before)

    def test_finalized_among_drafts_is_left_alone(self):
        finalized, draft = self._open_invoice(), self._draft_invoice()
        number = finalized.name

        notice = (finalized + draft).action_billing_finalize()

        self.assertIn(number, notice["params"]["message"])
        self.assertEqual((finalized + draft).mapped("state"), ["posted", "posted"])
        self.assertEqual(finalized.name, number)

    def test_cancelled_draft_cannot_be_finalized(self):
        invoice = self._draft_invoice()
        invoice.button_cancel()

        with self._refused():
            invoice.action_billing_finalize()

    # === WHAT KEEPS A DRAFT FROM BEING FINALIZED === #

    def _assert_not_finalized(self, invoice, code):
        self.assertEqual(list(invoice._get_finalize_constraints()), [code])
        for method in (invoice.action_billing_finalize, invoice.action_post):
            with self._refused():
                method()
        self.assertRecordValues(invoice, [{"state": "draft", "name": False}])

    def test_no_customer(self):
        self._assert_not_finalized(self._draft_invoice(partner_id=False), "customer")

    def test_no_lines(self):
        self._assert_not_finalized(self._draft_invoice(invoice_line_ids=[]), "lines")

    def test_only_notes(self):
        note = Command.create({"display_type": "line_note", "name": "See you soon"})
        self._assert_not_finalized(self._draft_invoice(invoice_line_ids=[note]), "lines")

    def test_total_below_zero(self):
        self._assert_not_finalized(self._draft_invoice(100.0, -100.01), "negative")

    def test_date_in_locked_period(self):
        self.company.sale_lock_date = "2026-06-30"
        invoice = self._draft_invoice(invoice_date="2026-06-15")

        self._assert_not_finalized(invoice, "locked_period")
        self.assertEqual(invoice._get_first_open_day(), Date.to_date("2026-07-01"))

    def test_first_open_day_is_after_every_lock(self):
        self.company.sale_lock_date = "2026-06-30"
        self.company.fiscalyear_lock_date = "2026-07-31"
        invoice = self._draft_invoice(invoice_date="2026-06-15")

        self.assertEqual(invoice._get_first_open_day(), Date.to_date("2026-08-01"))

    def test_first_open_day_can_be_used(self):
        self.company.sale_lock_date = "2026-06-30"
        invoice = self._draft_invoice(invoice_date="2026-06-15")

        invoice.invoice_date = invoice._get_first_open_day()
        invoice.action_billing_finalize()

        self.assertEqual(invoice.date, Date.to_date("2026-07-01"))

    # === AMOUNTS === #

    def test_discount_line_takes_off(self):
        invoice = self._open_invoice(100.0, -30.0)

        self.assertRecordValues(invoice, [{"amount_total": 70.0, "billing_status": "open"}])

    def test_negative_quantity_takes_off(self):
        back = Command.create({"name": "Returned", "quantity": -2.0, "price_unit": 15.0, "tax_ids": [Command.clear()]})
        invoice = self._draft_invoice()
        invoice.write({"invoice_line_ids": [back]})

        invoice.action_billing_finalize()

        self.assertEqual(invoice.amount_total, 70.0)

    def test_total_of_zero_is_paid_at_once(self):
        invoice = self._open_invoice(50.0, -50.0)

        self.assertRecordValues(invoice, [{"billing_status": "paid", "amount_residual": 0.0}])
        self.assertTrue(invoice.name)

    def test_warranty_work_makes_a_numbered_invoice_of_zero(self):
        order = self._done_order(hours=1.0)
        order.charge_ids.billing_decision = "warranty"

        invoice = self._finalize_order(order)

        self.assertRecordValues(invoice, [{"amount_total": 0.0, "billing_status": "paid"}])
        self.assertTrue(invoice.name)

    def test_five_hundred_lines(self):
        invoice = self._open_invoice(*[1.0 + index / 100 for index in range(500)])

        self.assertEqual(len(invoice.invoice_line_ids), 500)
        self.assertEqual(invoice.amount_total, 1747.5)
        self.assertTrue(self.currency.is_zero(sum(invoice.line_ids.mapped("balance"))))

    def test_amount_in_words_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        invoice = self._open_invoice(321.0)

        words = invoice.with_context(lang="de_DE")._get_amount_in_words()

        self.assertIn("dreihunderteinundzwanzig", words.lower())

    # === JOURNAL ENTRY === #

    def test_biller_sees_a_balanced_journal_entry_at_once(self):
        invoice = self._draft_invoice(100.0)
        invoice.invoice_line_ids.tax_ids = self.company_data["default_tax_sale"]

        invoice.action_billing_finalize()

        lines = self.env["account.move.line"].with_user(self.biller).search([("move_id", "=", invoice.id)])
        self.assertEqual(
            sorted((line.account_id.account_type, line.balance) for line in lines),
            [("asset_receivable", 115.0), ("income", -100.0), ("liability_current", -15.0)],
        )

    # === PDF === #

    def test_finalize_draws_no_pdf_and_sends_no_mail(self):
        invoice = self._open_invoice()

        self.assertFalse(invoice.invoice_pdf_report_id)
        mails = self.env["mail.mail"].search([("model", "=", "account.move"), ("res_id", "=", invoice.id)])
        self.assertFalse(mails)

    def test_pdf_that_cannot_be_drawn_costs_no_number(self):
        self.company.billing_pdf_engine = "chromium"
        with patch.object(ir_actions_report, "find_browser", return_value=None):
            invoice = self._open_invoice()
            report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
            with self._refused():
                report._render_qweb_pdf("account.account_invoices", invoice.ids)

        self.assertRecordValues(invoice, [{"state": "posted", "billing_status": "open"}])
        self.assertEqual(self._open_invoice().sequence_number, invoice.sequence_number + 1)

    def test_archived_product_stays_on_the_invoice(self):
        invoice = self._finalize_order(self._done_order(hours=0, parts=1, type_id=self.type_quick.id))
        name = invoice.invoice_line_ids.name

        self.part.action_archive()
        self.part.name = "Something else"

        self.assertEqual(
            self._call(self.biller, "account.move.line", "read", invoice.invoice_line_ids.ids, ["name"])[0]["name"],
            name,
        )
        html = self.env["ir.actions.report"]._render_qweb_html("account.account_invoices", invoice.ids)[0].decode()
        self.assertIn(name, html)
