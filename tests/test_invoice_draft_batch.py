from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_jobs import performing_jobs
from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestInvoiceDraftBatch(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.customer | cls._create_customer("Bakery Berger") | cls._create_customer("Garage Lang")

    def _batch(self, **values):
        return (
            self.env["service.draft.batch"]
            .with_user(self.biller)
            .create(
                {
                    "name": "Yearly check-up",
                    "partner_ids": [Command.set(self.customers.ids)],
                    "item_ids": [
                        Command.create({"product_id": self.service.id}),
                        Command.create({"name": "Travel", "quantity": 2, "price_unit": 5.0}),
                    ],
                    **values,
                }
            )
        )

    def _run(self, batch):
        with performing_jobs():
            return batch.action_run()

    # === DRAFTS === #

    def test_each_customer_gets_one_managed_draft(self):
        batch = self._batch(invoice_date="2026-03-01", note="Thank you.")
        self.assertRecordValues(batch, [{"status": "draft", "partner_count": 3, "amount": 100.0}])

        self._run(batch)

        invoices = batch.line_ids.move_id
        self.assertRecordValues(batch, [{"status": "done", "done_count": 3}])
        self.assertEqual(invoices.partner_id, self.customers)
        self.assertEqual(set(invoices.mapped("state")), {"draft"})
        self.assertTrue(all(invoices.mapped("billing_managed")))
        self.assertEqual(set(invoices.mapped("amount_untaxed")), {100.0})
        self.assertIn("Thank you.", invoices[0].narration)
        self.assertEqual(batch.action_view_drafts()["domain"], [("id", "in", invoices.ids)])

    def test_taxes_are_those_of_the_customer(self):
        position = self.env["account.fiscal.position"].create({"name": "Abroad", "company_id": self.company.id})
        abroad = self.company.account_sale_tax_id.copy(
            {"name": "Abroad", "amount": 0.0, "fiscal_position_ids": [Command.set(position.ids)]}
        )
        abroad.original_tax_ids = self.company.account_sale_tax_id
        self.customers[1].property_account_position_id = position

        batch = self._batch()
        self._run(batch)

        invoices = batch.line_ids.move_id.grouped("partner_id")
        first, second = invoices[self.customers[0]], invoices[self.customers[1]]
        self.assertEqual(first.invoice_line_ids.tax_ids, self.company.account_sale_tax_id)
        self.assertEqual(second.invoice_line_ids.tax_ids, abroad)
        self.assertEqual(len(second.invoice_line_ids.filtered("tax_ids")), 2)

    def test_text_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.service.with_context(lang="fr_FR").name = "Entretien"
        self.customers[1].lang = "fr_FR"

        batch = self._batch()
        self._run(batch)

        names = {invoice.partner_id: invoice.invoice_line_ids[0].name for invoice in batch.line_ids.move_id}
        self.assertEqual([names[customer] for customer in self.customers], ["Check-up", "Entretien", "Check-up"])

    def test_one_that_fails_stops_no_other(self):
        batch = self._batch()
        create = type(self.env["account.move"]).create
        reason = "Not this one."

        def refuse_second(moves, vals_list):
            vals_list = vals_list if isinstance(vals_list, list) else [vals_list]
            if vals_list[0].get("partner_id") == self.customers[1].id:
                raise UserError(reason)
            return create(moves, vals_list)

        with patch.object(type(self.env["account.move"]), "create", refuse_second):
            self._run(batch)

        failed = batch.line_ids.filtered(lambda line: line.state == "failed")
        self.assertRecordValues(failed, [{"partner_id": self.customers[1].id, "reason": reason, "move_id": False}])
        with performing_jobs():
            batch.action_retry()
        self.assertRecordValues(batch, [{"status": "done", "done_count": 3}])
        self.assertEqual(len(batch.line_ids.move_id), 3)

    # === TWICE === #

    def test_second_click_and_second_job_make_nothing_new(self):
        batch = self._batch()
        self._run(batch)

        notice = self._run(batch)
        for line in batch.line_ids:
            line._job_run()

        self.assertIn(self.biller.name, notice["params"]["message"])
        self.assertEqual(self.env["account.move"].search_count([("partner_id", "in", self.customers.ids)]), 3)

    def test_what_was_started_is_kept_as_it_is(self):
        batch = self._batch()
        self._run(batch)
        for change in (
            lambda: batch.write({"partner_ids": [Command.clear()]}),
            lambda: batch.item_ids[0].write({"price_unit": 1.0}),
            batch.item_ids[0].unlink,
            lambda: batch.write({"item_ids": [Command.create({"name": "More"})]}),
            batch.unlink,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()

    def test_duplicate_starts_anew(self):
        batch = self._batch()
        self._run(batch)

        again = batch.copy()

        self.assertRecordValues(again, [{"status": "draft", "partner_count": 3, "amount": 100.0, "line_ids": []}])

    # === INPUT === #

    def test_nobody_or_nothing_to_invoice_is_refused(self):
        for values in ({"partner_ids": False}, {"item_ids": False}):
            with self.subTest(values), self._refused():
                self._batch(**values).action_run()
        with self._refused():
            self._batch(item_ids=[Command.create({"price_unit": 5.0})])

    def test_product_fills_the_price_on_the_form(self):
        with Form(self.env["service.draft.batch"].with_user(self.biller)) as form:
            form.name = "Yearly"
            form.partner_ids.add(self.customer)
            with form.item_ids.new() as item:
                item.product_id = self.service
                item.quantity = 2

        self.assertEqual(form.record.amount, 180.0)

    # === RIGHTS === #

    def test_technician_drafts_nothing(self):
        batch = self._batch()
        for model, method, arguments in (
            ("service.draft.batch", "action_run", [batch.ids]),
            ("service.draft.batch", "create", [{"name": "x"}]),
            ("service.draft.item", "read", [batch.item_ids.ids]),
            ("service.draft.line", "search", [[]]),
        ):
            with self.subTest(model, method=method), self.assertRaises(AccessError):
                self._call(self.technician, model, method, *arguments)

    def test_other_company_drafts_and_reads_nothing(self):
        self._set_up_second_company()
        batch = self._batch()
        for model, method, arguments in (
            ("service.draft.batch", "action_run", [batch.ids]),
            ("service.draft.batch", "read", [batch.ids]),
            ("service.draft.item", "write", [batch.item_ids.ids, {"price_unit": 0.0}]),
        ):
            with self.subTest(model, method=method), self.assertRaises(AccessError):
                self._call(self.second_biller, model, method, *arguments)
        theirs = self._create_customer("Theirs", company_id=self.second_company.id)
        with self.assertRaises(UserError):
            self._batch(partner_ids=[Command.set(theirs.ids)])

    def test_results_are_not_written_by_hand(self):
        batch = self._batch()
        self._run(batch)
        line = batch.line_ids[0]
        for values in ({"state": "waiting"}, {"move_id": False}):
            with self.subTest(values), self.assertRaises(UserError):
                self._call(self.biller, line._name, "write", line.ids, values)
        with self.assertRaises(UserError):
            self._call(self.biller, batch._name, "write", batch.ids, {"started_at": False})
