from odoo.exceptions import UserError
from odoo.tests import tagged

from .print_common import PrintCommon


@tagged("post_install", "-at_install")
class TestPrintCustomer(PrintCommon):
    """A finalized document prints what its customer and its products were called then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"street": "Seestrasse 1", "city": "Zug", "vat": "CHE-123.456.788 TVA"})

    def _bill(self, **values):
        return self._create_invoice_of([("Maintenance", 100.0, self.tax_of_ten)], move=values)

    def _get_text(self, invoice):
        self.env.invalidate_all()
        return " ".join(self._print_html(invoice).text_content().split())

    def test_customer_with_a_new_name_keeps_the_old_one_on_finalized_invoices(self):
        finalized = self._bill()
        draft = finalized.copy()
        before = self._get_text(finalized)

        self.customer.with_user(self.biller).write({"name": "Alpina Hotels Ltd", "street": "Bergstrasse 2"})

        self.assertEqual(self._get_text(finalized), before)
        self.assertIn("Alpina Hotels Ltd", self._get_text(draft))
        self.assertIn("Bergstrasse 2", self._get_text(draft))

    def test_customer_that_is_merged_keeps_its_name_on_finalized_invoices(self):
        finalized = self._bill()
        before = self._get_text(finalized)
        other = self._create_customer("Somebody Else")

        self.env["base.partner.merge.automatic.wizard"]._merge((self.customer | other).ids, other)

        self.assertEqual(finalized.partner_id, other)
        self.assertEqual(self._get_text(finalized), before)

    def test_second_new_name_changes_nothing_either(self):
        invoices = []
        for name in ("Second", "Third"):
            invoices.append(self._bill())
            self.customer.name = name
        self.customer.street = "Elsewhere 3"

        texts = [self._get_text(invoice) for invoice in invoices]

        self.assertIn("Hotel Alpina", texts[0])
        self.assertIn("Second", texts[1])
        self.assertNotIn("Elsewhere", "".join(texts))

    def test_contact_keeps_the_old_name_of_its_company(self):
        self.customer.is_company = True
        contact = self._create_customer("Reception", parent_id=self.customer.id)
        invoice = self._bill(partner_id=contact.id)
        before = self._get_text(invoice)

        self.customer.name = "Alpina Hotels Ltd"

        self.assertEqual(self._get_text(invoice), before)

    def test_delivery_address_stays(self):
        self.biller.group_ids += self.env.ref("account.group_delivery_invoice_address")
        place = self._create_customer("Annex", parent_id=self.customer.id, type="delivery", street="Waldweg 5")
        invoice = self._bill(partner_shipping_id=place.id)
        before = self._get_text(invoice)

        place.street = "Waldweg 6"

        self.assertIn("Waldweg 5", before)
        self.assertEqual(self._get_text(invoice), before)

    def test_change_of_what_is_not_printed_keeps_nothing(self):
        invoice = self._bill()

        self.customer.write({"phone": "+41 41 000 00 00", "name": self.customer.name})

        self.assertFalse(invoice.billing_printed_customer)

    def test_nobody_writes_the_printed_customer_by_hand(self):
        invoice = self._bill()

        with self.assertRaises(UserError):
            invoice.billing_printed_customer = {"address": "Forged", "vat": "", "delivery": ""}

    def test_renamed_and_archived_product_prints_as_it_was_billed(self):
        invoice = self._invoice_order(self._done_order(services=1))
        invoice.action_billing_finalize()
        before = self._get_text(invoice)

        self.service.name = "Inspection"
        self.service.active = False

        self.assertIn("Check-up", before)
        self.assertEqual(self._get_text(invoice), before)

    def test_billed_product_cannot_be_deleted(self):
        self._finalize_order(self._done_order(services=1))

        with self.assertRaises(UserError):
            self.service.unlink()
