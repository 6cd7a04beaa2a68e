from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from .common_jobs import performing_jobs
from .common_stripe_invoicing import StripeInvoicingCommon

ONE_LINE = [{"description": "Work 1", "amount": 10000}]


@tagged("post_install", "-at_install")
class TestStripeInvoicing(StripeInvoicingCommon):
    """Invoices that stand in Stripe Invoicing too: made there once, and nobody is asked who does not want it."""

    # === MADE ONCE === #

    def test_finalized_invoice_is_open_at_stripe_with_our_number_and_total(self):
        tax = self.company_data["default_tax_sale"]
        lines = [
            Command.create({"name": "Boiler service", "quantity": 3, "price_unit": 33.33, "tax_ids": tax.ids}),
            Command.create({"name": "Goodwill", "quantity": 1, "price_unit": -9.99, "tax_ids": tax.ids}),
            Command.create({"display_type": "line_note", "name": "With thanks"}),
        ]

        invoice = self._finalize(invoice_line_ids=lines)

        made = self._get_at_stripe()
        self.assertRecordValues(self._get_row(invoice), [{"state": "open", "invoice_ref": made["id"], "error": False}])
        self.assertEqual((made["status"], made["number"]), ("open", invoice.name))
        self.assertEqual(made["total"], round(invoice.amount_total * 100))
        self.assertEqual([line["amount"] for line in made["lines"]["data"]][:2], [9999, -999])
        self.assertEqual(len(made["lines"]["data"]), 3)
        self.assertEqual((made["auto_advance"], made["collection_method"]), (False, "send_invoice"))

    def test_job_that_runs_again_makes_nothing_anew(self):
        row = self._get_row(self._finalize())
        asked = len(self.double.requests())

        self._sync(row)

        self.assertEqual(self._get_at_stripe()["status"], "open")
        self.assertEqual([one["method"] for one in self.double.requests()[asked:]], ["GET"])

    def test_server_that_dies_after_any_step_makes_one_invoice(self):
        row = self._get_row(self._open_invoice()).sudo()
        gateway = self.provider._get_gateway()
        steps = (
            lambda: row._create_draft(gateway),
            lambda: gateway.act(
                "invoices", "add_lines", row._find(gateway)["id"], {"lines": ONE_LINE}, key=row._get_key("lines")
            ),
            lambda: row._finalize(gateway, row._find(gateway)),
        )
        for step in steps:
            step()

        self._sync(row)

        self.assertEqual((row.state, row.invoice_ref), ("open", self._get_at_stripe()["id"]))
        self.assertEqual(self._get_at_stripe()["total"], 10000)

    def test_draft_that_was_left_behind_is_finished(self):
        row = self._get_row(self._open_invoice()).sudo()
        row._create_draft(self.provider._get_gateway())

        self._sync(row)

        self.assertEqual((row.state, self._get_at_stripe()["total"]), ("open", 10000))

    def test_several_invoices_are_finalized_at_once(self):
        drafts = self._draft_invoice(10.0) + self._draft_invoice(20.0)
        with performing_jobs():
            drafts.action_billing_finalize()

        self.assertEqual(sorted(one["total"] for one in self.double.find("invoice")), [1000, 2000])
        self.assertFalse(drafts.browse()._get_stripe_invoices())

    def test_currency_without_decimals_is_sent_as_it_is(self):
        invoice = self._finalize(500.0, currency_id=self.setup_other_currency("JPY", rounding=1.0).id)

        self.assertEqual((self._get_at_stripe()["total"], self._get_row(invoice).state), (500, "open"))

    def test_nothing_goes_to_stripe_that_is_not_to_be_paid_there(self):
        self.provider.available_currency_ids = self.setup_other_currency("GBP")
        invoice = self._finalize()
        self.assertFalse(self._get_row(invoice))

        self.provider.available_currency_ids = False
        foreign = self._finalize(user=self.second_biller)
        self.assertFalse(self._get_row(foreign))

        self.assertFalse(self.double.requests())

    # === A COMPANY THAT DOES NOT WANT IT === #

    def test_company_without_the_switch_asks_neither_stripe_nor_the_database(self):
        companies = self.env.companies | self.company
        companies.write({"billing_stripe_invoicing": False, "billing_has_stripe_invoices": False})
        invoice = self._finalize()
        self.assertFalse(self._get_row(invoice))
        self.assertFalse(self.double.requests())
        self.assertTrue(invoice.company_id.name, "An invoice that is worked on has its company at hand.")

        with self.assertQueryCount(0):
            invoice._start_stripe_invoices()
            invoice._get_stripe_invoices()

    def test_switch_that_was_turned_off_keeps_what_is_there_up_to_date(self):
        invoice = self._finalize()
        self.company.billing_stripe_invoicing = False

        self._pay_by_bank(invoice, 100.0)

        self.assertEqual(self._get_at_stripe()["status"], "paid")

    # === WHAT GOES WRONG === #

    def test_refusal_is_shown_and_tried_again_and_the_invoice_stands(self):
        invoice = self._finalize(0.20)

        self.assertEqual((invoice.state, invoice.billing_stripe_invoice_state), ("posted", "failed"))
        self.assertIn("0.00", invoice.billing_stripe_invoice_error)
        self.assertFalse(self.double.find("invoice"))
        with performing_jobs():
            self._call(self.biller, "account.move", "action_billing_stripe_again", invoice.ids)
        self.assertEqual(self._get_row(invoice).try_count, 2)

    def test_refused_key_fails_the_job_and_trying_again_makes_the_invoice(self):
        self.double.fail_next("key")
        invoice = self._finalize()
        self.assertEqual((invoice.state, invoice.billing_stripe_invoice_state), ("posted", "failed"))

        with performing_jobs():
            invoice.action_billing_stripe_again()

        self.env.invalidate_all()
        self.assertEqual((self._get_row(invoice).state, self._get_row(invoice).error), ("open", False))
        with self._refused():
            invoice.action_billing_stripe_again()

    def test_customer_who_was_deleted_at_stripe_is_made_anew(self):
        self._finalize()
        gone = self._get_at_stripe()["customer"]
        self.provider._get_gateway().act("customers", "delete", gone)

        invoice = self._finalize(50.0)

        self.assertEqual(self._get_row(invoice).state, "open")
        self.assertNotEqual(self.double.find("invoice")[-1]["customer"], gone)

    def test_job_waits_while_stripe_is_down(self):
        row = self._get_row(self._open_invoice()).sudo()
        self.double.fail_next("server", times=6)

        with self.assertRaises(RetryableJobError):
            row._job_sync()

        self.assertEqual(row.state, "waiting")

    def test_page_that_stripe_does_not_close_is_told_to_somebody(self):
        invoice = self._finalize()
        self.double.fail_next("key", path=f"/v1/invoices/{self._get_at_stripe()['id']}/pay")

        self._pay_by_bank(invoice, 100.0)

        self.assertEqual(self._get_row(invoice).state, "failed")
        self.assertEqual(len(invoice.activity_ids), 1)
        with performing_jobs():
            invoice.action_billing_stripe_again()
        self.assertEqual(self._get_at_stripe()["status"], "paid")

    def test_sweep_brings_to_stripe_what_no_job_did(self):
        invoice = self._open_invoice()

        with performing_jobs():
            self.env["payment.provider"]._cron_sweep()

        self.assertEqual(self._get_row(invoice).state, "open")

    # === BUTTONS AND RIGHTS === #

    def test_addresses_are_fetched_at_the_click_and_never_kept(self):
        invoice = self._finalize()
        asked = len(self.double.requests())

        page = self._call(self.biller, "account.move", "action_billing_stripe_page", invoice.ids)
        pdf = self._call(self.biller, "account.move", "action_billing_stripe_pdf", invoice.ids)

        self.assertEqual(page["url"], self._get_at_stripe()["hosted_invoice_url"])
        self.assertEqual(pdf["url"], self._get_at_stripe()["invoice_pdf"])
        self.assertEqual(len(self.double.requests()), asked + 2)

    def test_invoice_that_is_not_at_stripe_has_no_page_there(self):
        draft = self._draft_invoice()
        for method in ("action_billing_stripe_page", "action_billing_stripe_pdf", "action_billing_stripe_again"):
            with self.subTest(method), self._refused(UserError):
                getattr(draft, method)()

    def test_nobody_writes_by_hand_how_an_invoice_stands_at_stripe(self):
        row = self._get_row(self._finalize())
        with self.assertRaises(UserError):
            self._call(self.biller, row._name, "write", row.ids, {"state": "paid"})
        with self.assertRaises(AccessError):
            self._call(self.technician, row._name, "read", row.ids, ["invoice_ref"])
        with self.assertRaises(AccessError):
            self._call(self.technician, "account.move", "action_billing_stripe_page", row.move_id.ids)
        self.assertFalse(row.with_user(self.second_biller).search([("id", "=", row.id)]))
