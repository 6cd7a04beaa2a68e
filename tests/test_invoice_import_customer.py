from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.service_billing.models.invoice.res_partner_match import NamedCustomer

from .common_import import ImportCommon
from .common_jobs import performing_jobs


@tagged("post_install", "-at_install")
class TestInvoiceImportCustomer(ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.muller = cls._create_customer("Müller Heizung GmbH", vat="LU12345613", email="buero@mueller.example")
        cls.berger = cls._create_customer("Bäckerei Berger & Söhne", email="berger@example.net")

    def _match(self, name="", email="", vat="", company=None):
        customer = NamedCustomer(name, email, vat)
        match = self.env["res.partner"]._match_customers({customer}, company or self.company)[customer]
        return match.chosen, [partner_id for partner_id, _score in match.offers]

    # === RULE === #

    def test_vat_and_email_decide(self):
        self.assertEqual(self._match("Whoever", vat="LU 12.34.56-13")[0], self.muller.id)
        self.assertEqual(self._match("Whoever", email=" Buero@Mueller.example ")[0], self.muller.id)

    def test_vat_and_email_of_two_customers_are_asked(self):
        chosen, offers = self._match(email="berger@example.net", vat="LU12345613")

        self.assertFalse(chosen)
        self.assertEqual(set(offers), {self.berger.id, self.muller.id})

    def test_email_of_a_contact_means_its_company(self):
        self._create_customer("Eva", parent_id=self.berger.id, email="eva@example.net")

        self.assertEqual(self._match(email="eva@example.net")[0], self.berger.id)

    def test_name_in_another_dress_is_found(self):
        for name in ("MULLER HEIZUNG", "Müller Heizung GmbH - Accounts Payable", "Heizung Müller", "Müller Heizng"):
            with self.subTest(name):
                self.assertEqual(self._match(name)[0], self.muller.id)

    def test_name_is_found_without_trigrams_too(self):
        with patch.object(self.env.registry, "has_trigram", False):
            for name in ("MULLER HEIZUNG", "Heizung Müller", "Müller Heizng"):
                with self.subTest(name):
                    self.assertEqual(self._match(name)[0], self.muller.id)

    def test_same_name_with_another_vat_is_only_offered(self):
        self.assertEqual(self._match("Müller Heizung GmbH", vat="LU99999999"), (None, [self.muller.id]))

    def test_unknown_customer_is_never_made(self):
        count = self.env["res.partner"].search_count([])

        batch = self._import(self._row(Customer="Zyx Qwv Ltd"))

        self.assertRecordValues(batch.line_ids, [{"state": "failed", "partner_id": False, "offers": False}])
        self.assertEqual(self.env["res.partner"].search_count([]), count)

    def test_own_company_is_no_customer(self):
        self.assertEqual(self._match(self.company.name), (None, []))

    def test_name_follows_the_partner(self):
        self.berger.name = "Konditorei Sonne AG"

        self.assertEqual(self.berger.billing_match_name, "konditorei sonne")

    # === CHOICE === #

    def test_choice_counts_for_all_rows_of_that_customer(self):
        self._create_customer("Muller Heizung Ltd")
        rows = [self._row(reference, Customer="Müller Heizung SA") for reference in ("A1", "A2")]
        batch = self._check(*rows, self._row("A3"))
        first, second, _third = batch.line_ids
        self.assertEqual(first.verdict, "customer")
        self.assertIn(self.muller.id, [partner_id for partner_id, _name, _score in first.offers])

        first.action_choose(self.muller.id)

        self.assertRecordValues(first | second, [{"partner_id": self.muller.id, "verdict": "ready"}] * 2)
        self._run(batch)
        self.assertEqual(batch.line_ids.move_id.partner_id, self.muller | self.customer)

    def test_choice_after_the_run_and_retry(self):
        batch = self._import(self._row(Customer="Berger"))
        self.assertEqual(batch.line_ids.state, "failed")

        batch.line_ids.action_choose(self.berger.id)
        with performing_jobs():
            batch.action_retry()

        self.assertEqual(batch.line_ids.move_id.partner_id, self.berger)
        with self._refused():
            batch.line_ids.action_choose(self.customer.id)

    # === COMPANIES === #

    def test_nothing_of_another_company_is_matched(self):
        self._set_up_second_company()
        theirs = self._create_customer("Garage Lang", company_id=self.second_company.id, vat="LU20260743")
        self._create_product(name="Theirs", default_code="OTHER", company_id=self.second_company.id)
        tax = (
            self.env["account.tax"]
            .search([("company_id", "=", self.second_company.id)], limit=1)
            .copy({"name": "Theirs only", "amount": 3.5})
        )
        both = self._create_user("both", "service_billing.group_biller")
        both.company_ids += self.second_company

        batch = self._check(
            self._row("A1", Customer="Garage Lang", VAT="LU20260743"),
            self._row("A2", Product_code="OTHER"),
            self._row("A3", Tax=tax.name),
            self._row("A4", Tax="3.5"),
            user=both,
        )

        self.assertEqual(batch.company_id, self.company)
        self.assertEqual(batch.line_ids.mapped("verdict"), ["customer", "error", "error", "error"])
        self.assertFalse(batch.line_ids[0].offers)
        with self.assertRaises(UserError):
            batch.line_ids[0].action_choose(theirs.id)

    def test_reference_is_taken_in_its_company_only(self):
        self._set_up_second_company()
        self._import(self._row("A1"))

        there = self._import(self._row("A1"), user=self.second_biller)

        self.assertEqual(there.line_ids.move_id.company_id, self.second_company)

    # === RIGHTS === #

    def test_technician_imports_nothing(self):
        batch = self._check(self._row("A1"))
        for model, method, ids, arguments in (
            ("service.invoice.import", "action_read", batch.ids, []),
            ("service.invoice.import", "action_check", batch.ids, []),
            ("service.invoice.import", "action_run", batch.ids, []),
            ("service.invoice.import", "read", batch.ids, [["file"]]),
            ("service.invoice.import.line", "action_choose", batch.line_ids.ids, [self.customer.id]),
            ("service.invoice.import.line", "read", batch.line_ids.ids, [["data"]]),
            ("service.invoice.import.column", "read", batch.column_ids.ids, [["sample"]]),
        ):
            with self.subTest(model, method=method), self.assertRaises(AccessError):
                self._call(self.technician, model, method, ids, *arguments)

    def test_other_company_imports_and_reads_nothing(self):
        self._set_up_second_company()
        batch = self._check(self._row("A1"))
        for model, method, ids, arguments in (
            ("service.invoice.import", "action_run", batch.ids, []),
            ("service.invoice.import", "read", batch.ids, [["failed_file"]]),
            ("service.invoice.import.line", "action_choose", batch.line_ids.ids, [self.customer.id]),
            ("service.invoice.import.column", "write", batch.column_ids.ids, [{"field": False}]),
        ):
            with self.subTest(model, method=method), self.assertRaises(AccessError):
                self._call(self.second_biller, model, method, ids, *arguments)

    def test_rows_and_results_are_not_written_by_hand(self):
        batch = self._import(self._row("A1"), self._row("A2", Price="x"))
        line = batch.line_ids[1]
        for values in (
            {"state": "done"},
            {"verdict": "ready", "errors": []},
            {"reference": "B1"},
            {"move_id": batch.line_ids[0].move_id.id},
            {"data": {}},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._call(self.biller, line._name, "write", line.ids, values)
        with self.assertRaises(UserError):
            self._call(self.biller, batch._name, "write", batch.ids, {"started_at": False})
        for method in ("unlink", "copy"):
            with self.subTest(method), self.assertRaises(UserError):
                self._call(self.biller, line._name, method, line.ids)
