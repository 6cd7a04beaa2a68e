from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_template import TemplateCommon


@tagged("post_install", "-at_install")
class TestInvoiceTemplate(TemplateCommon):
    # === USE === #

    def test_using_template_on_draft_brings_terms_note_and_lines(self):
        draft = self._draft()

        self._use(draft)

        self.assertRecordValues(
            draft,
            [{"billing_template_id": self.template.id, "invoice_payment_term_id": self.pay_terms_b.id}],
        )
        self.assertIn("Thank you for your contract.", draft.narration)
        self.assertRecordValues(
            draft.invoice_line_ids.sorted("sequence"),
            [
                {"name": "Maintenance", "display_type": "product", "quantity": 1, "price_unit": 100.0},
                {"name": "Contract", "display_type": "line_section", "quantity": 0, "price_unit": 0.0},
                {"name": "Check-up", "display_type": "product", "quantity": 2, "price_unit": 90.0},
                {"name": "Flat rate for travel", "display_type": "product", "quantity": 1, "price_unit": 35.0},
            ],
        )

    def test_using_template_twice_adds_its_lines_once_and_says_so(self):
        draft = self._draft()
        self._use(draft)

        notice = self._use(draft)

        self.assertEqual(notice["params"]["type"], "warning")
        self.assertEqual(len(draft.invoice_line_ids), 4)

    def test_template_is_not_used_on_finalized_invoice(self):
        invoice = self._draft()
        action = invoice.action_billing_choose_template()
        invoice.action_billing_finalize()

        with self.assertRaises(UserError):
            self.template.with_user(self.biller).with_context(**action["context"]).action_use()

        self.assertFalse(invoice.billing_template_id)

    def test_price_of_line_is_converted_to_the_currency_of_the_draft(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        draft = self._draft(currency_id=currency.id)

        self._use(draft)

        self.assertEqual(draft.invoice_line_ids.filtered(lambda line: "travel" in line.name).price_unit, 17.5)

    def test_line_says_it_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template.line_ids[2].with_context(lang="fr_FR").name = "Forfait de déplacement"
        self.template.with_context(lang="fr_FR").note = "<p>Merci.</p>"
        self.customer.lang = "fr_FR"
        draft = self._draft()

        self._use(draft)

        self.assertIn("Forfait de déplacement", draft.invoice_line_ids.mapped("name"))
        self.assertIn("Merci.", draft.narration)

    # === DEFAULT === #

    def test_draft_from_charges_has_the_template_of_the_customer(self):
        self.customer.with_company(self.company).billing_template_id = self.template

        draft = self._invoice_order(self._done_order())

        self.assertEqual(draft.billing_template_id, self.template)
        self.assertEqual(draft.invoice_payment_term_id, self.pay_terms_b)
        self.assertIn("Thank you for your contract.", draft.narration)
        self.assertEqual(len(draft.invoice_line_ids), 1)

    def test_terms_of_the_customer_go_before_those_of_the_template(self):
        self.customer.with_company(self.company).billing_template_id = self.template
        self.customer.with_company(self.company).property_payment_term_id = self.pay_terms_a

        self.assertEqual(self._draft().invoice_payment_term_id, self.pay_terms_a)

    def test_company_has_a_template_for_customers_without_one(self):
        other = self.template.copy({"name": "Other"})
        self.company.billing_template_id = other

        self.assertEqual(self._draft().billing_template_id, other)

    def test_contact_of_a_customer_has_its_template(self):
        self.customer.with_company(self.company).billing_template_id = self.template
        contact = self._create_customer("Reception", parent_id=self.customer.id)

        self.assertEqual(self._draft(partner_id=contact.id).billing_template_id, self.template)

    def test_template_of_a_customer_holds_in_one_company_only(self):
        self._set_up_second_company()
        self.customer.with_company(self.company).billing_template_id = self.template

        draft = (
            self.env["account.move"]
            .with_user(self.second_biller)
            .create({"move_type": "out_invoice", "partner_id": self.customer.id})
        )

        self.assertFalse(draft.billing_template_id)

    def test_archived_template_is_no_default(self):
        self.customer.with_company(self.company).billing_template_id = self.template
        self.template.active = False

        self.assertFalse(self._draft().billing_template_id)

    def test_template_costs_no_query_more_for_each_draft(self):
        extra = []
        for template in (self.template.browse(), self.template):
            self.company.billing_template_id = template
            self._count_queries(1)
            extra.append(self._count_queries(6) - self._count_queries(2))

        self.assertLessEqual(extra[1], extra[0])

    def _count_queries(self, count):
        """Return how many queries it takes to make so many drafts."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        documents = self.env["account.move"].with_user(self.biller)
        documents.create([{"move_type": "out_invoice", "partner_id": self.customer.id}] * count)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    # === LOCK AND LIMITS === #

    def test_template_and_custom_fields_are_locked_after_finalize(self):
        invoice = self._draft()
        self._use(invoice)
        invoice.billing_properties = {self.keys[0]: "CC-12"}
        invoice.action_billing_finalize()

        for values in (
            {"billing_template_id": False},
            {"billing_properties": {self.keys[0]: "CC-13"}},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                invoice.write(values)
        invoice.write({"billing_properties": {self.keys[0]: "CC-12"}})

    def test_form_of_draft_fills_custom_fields(self):
        draft = self._draft()
        self._use(draft)

        with Form(draft) as form:
            form.ref = "PO-1"

        self.assertEqual(draft.billing_template_id, self.template)

    def test_twentyfirst_custom_field_is_refused(self):
        with self.assertRaises(ValidationError):
            self.template.field_ids = [Command.create({"name": f"Field {number}"}) for number in range(17)]

    def test_choice_without_choices_is_refused(self):
        with self.assertRaises(ValidationError):
            self.template.field_ids = [Command.create({"name": "Site", "kind": "selection", "choices": " \n"})]

    def test_colour_that_is_none_is_refused(self):
        with self.assertRaises(ValidationError):
            self.template.primary_color = "red;background:url(http://example.com)"

    def test_used_template_is_archived_and_not_deleted(self):
        self._use(self._draft())

        with self.assertRaises(UserError):
            self.template.unlink()

    def test_biller_uses_templates_and_does_not_change_them(self):
        with self.assertRaises(AccessError):
            self.template.with_user(self.biller).footer = "<p>Mine</p>"

    def test_template_of_another_company_is_refused(self):
        self._set_up_second_company()
        foreign = self.env["service.invoice.template"].create({"name": "Foreign", "company_id": self.second_company.id})

        with self.assertRaises(UserError):
            self._draft().sudo().billing_template_id = foreign

    def test_invoice_that_is_not_managed_has_no_template(self):
        self.company.billing_template_id = self.template
        self.company.billing_enabled = False

        self.assertFalse(self._draft().billing_template_id)
