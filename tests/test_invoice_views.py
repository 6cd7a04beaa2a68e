from ast import literal_eval

from lxml import etree

from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import ServiceBillingCommon

LISTS = (
    "service_charge_action",
    "account_move_action_invoices",
    "account_move_action_credit_notes",
    "account_payment_action",
)


@tagged("post_install", "-at_install")
class TestInvoiceViews(ServiceBillingCommon):
    def _load_list(self, xmlid, user=None):
        """Return the records of an action as the user's list of them loads them, every column filled."""
        env = self.env(user=user or self.biller)
        action = env["ir.actions.act_window"]._for_xml_id(f"service_billing.{xmlid}")
        arch = env[action["res_model"]].get_views(action["views"])["views"]["list"]["arch"]
        columns = {field.get("name"): {} for field in etree.fromstring(arch).iterfind("field")}
        return env[action["res_model"]].web_search_read(literal_eval(action["domain"] or "[]"), columns)["records"]

    def _draft_invoice(self, user=None, **values):
        return (
            self.env["account.move"]
            .with_user(user or self.biller)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [Command.create({"name": "Check-up", "price_unit": 90.0, "tax_ids": []})],
                    **values,
                }
            )
        )

    def _open_invoice(self, **values):
        invoice = self._draft_invoice(**values)
        invoice.action_billing_finalize()
        return invoice

    def test_every_list_opens_for_a_biller(self):
        self._done_order()
        invoice = self._open_invoice()
        self._pay_invoice(invoice, 10.0)
        self._credit_invoice(invoice)

        sizes = [len(self._load_list(xmlid)) for xmlid in LISTS]

        self.assertTrue(all(sizes), sizes)

    def test_every_form_opens_for_a_biller(self):
        charge = self._done_order(hours=1.0, parts=1).charge_ids[:1]
        invoice = self._open_invoice()
        records = (
            charge,
            self._draft_invoice(),
            invoice,
            self._credit_invoice(invoice),
            self._pay_invoice(invoice, 10.0),
            self.customer,
        )

        for record in records:
            with self.subTest(model=record._name):
                Form(record.with_user(self.biller))

    def test_list_holds_twenty_invoices_a_page(self):
        view = self.env.ref("service_billing.account_move_view_list")

        arch = etree.fromstring(self.env["account.move"].get_view(view.id, "list")["arch"])

        self.assertEqual((arch.get("limit"), arch.get("js_class")), ("20", "service_invoice_list"))

    def test_list_can_be_narrowed_by_what_was_sold(self):
        invoice = self._draft_invoice(invoice_line_ids=[Command.create({"product_id": self.part.id})])
        self._draft_invoice()
        view = self.env.ref("service_billing.account_move_view_search")
        fields = etree.fromstring(self.env["account.move"].get_view(view.id, "search")["arch"]).iterfind("field")
        domains = {field.get("string"): field.get("filter_domain") for field in fields}

        for label in ("Product", "Product Variant", "Line"):
            with self.subTest(label=label):
                domain = literal_eval(domains[label].replace("self", "'Valve'"))
                self.assertEqual(self.env["account.move"].search(domain), invoice)

    def test_overdue_invoices_can_be_found(self):
        late = self._open_invoice(invoice_date="2026-01-05", invoice_date_due="2026-01-15")
        self._open_invoice(invoice_date_due="2999-01-01")
        self._draft_invoice(invoice_date="2026-01-05", invoice_date_due="2026-01-15")
        view = self.env.ref("service_billing.account_move_view_search")
        arch = etree.fromstring(self.env["account.move"].get_view(view.id, "search")["arch"])

        domain = literal_eval(arch.find(".//filter[@name='overdue']").get("domain"))

        self.assertEqual(self.env["account.move"].search(domain), late)

    def test_draft_is_finalized_and_never_just_confirmed(self):
        draft, invoice = self._draft_invoice(), self._open_invoice()

        self.assertTrue(draft.hide_post_button)
        self.assertFalse(invoice.show_reset_to_draft_button)

    def test_cancelled_draft_whose_charges_went_back_offers_no_way_back(self):
        charged = self._invoice_order(self._done_order())
        plain = self._draft_invoice()

        (charged + plain).button_cancel()

        self.assertEqual((charged + plain).mapped("show_reset_to_draft_button"), [False, True])

    def test_documents_of_others_keep_the_buttons_of_core(self):
        bill = self.init_invoice("in_invoice", amounts=[50.0])
        self.company.billing_enabled = False
        invoice = self._draft_invoice()

        self.assertEqual((bill + invoice).mapped("hide_post_button"), [False, False])
        invoice.action_post()
        self.assertTrue(invoice.show_reset_to_draft_button)

    def test_accountant_without_rights_on_charges_opens_an_invoice_of_charges(self):
        invoice = self._invoice_order(self._done_order())
        accountant = new_test_user(
            self.env, "accountant", groups="account.group_account_invoice", company_id=self.company.id
        )

        form = Form(invoice.with_user(accountant))

        self.assertEqual(form.partner_id, self.customer)

    def test_biller_reads_the_journal_entry_with_what_the_goods_cost(self):
        self.part.categ_id.property_valuation = "real_time"
        invoice = self._finalize_order(self._done_order(hours=0, parts=2, type_id=self.type_quick.id))

        action = invoice.action_view_journal_items()
        lines = self.env["account.move.line"].with_user(self.biller)
        views = lines.get_views(action["views"] + [action["search_view_id"]])["views"]
        columns = {node.get("name"): {} for node in etree.fromstring(views["list"]["arch"]).iterfind("field")}
        entry = lines.web_search_read(action["domain"], columns)["records"]

        kinds = [line["display_type"] for line in entry]
        self.assertCountEqual(kinds, ["product", "tax", "payment_term", "cogs", "cogs"])
        self.assertEqual([line["debit"] for line in entry if line["display_type"] == "cogs" and line["debit"]], [40.0])
        self.assertEqual(sum(line["debit"] for line in entry), sum(line["credit"] for line in entry))

    def test_customers_documents_open_in_the_list_with_their_status(self):
        action = self.customer.with_user(self.biller).action_view_partner_invoices()

        self.assertEqual(action["views"][0][0], self.env.ref("service_billing.account_move_view_list").id)
        self.assertIn(self._draft_invoice(), self.env["account.move"].search(action["domain"]))

    def test_only_what_comes_from_no_charge_can_be_credited_and_written_anew(self):
        invoices = self._finalize_order(self._done_order()) + self._open_invoice()

        wizards = [
            self.env["account.move.reversal"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
            for invoice in invoices
        ]

        self.assertEqual([wizard.billing_has_charges for wizard in wizards], [True, False])
