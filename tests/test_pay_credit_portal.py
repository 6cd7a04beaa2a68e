from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged

from .common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestPayCreditPortal(CreditCommon, HttpCase):
    """What else customers see about paying: other ways to pay, and their credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, "guest", groups="base.group_portal", partner_id=cls.customer.id, lang="en_US")
        cls.env["service.payment.method"].create(
            {
                "name": "PayPal",
                "url_template": "https://paypal.me/firm/{amount}{currency}",
                "instructions": "Write <b>nothing</b> else.",
                "journal_id": cls.bank.id,
                "company_id": cls.company.id,
            }
        )
        cls.env["res.partner.bank"].create({"acc_number": "1000", "partner_id": cls.company.partner_id.id})
        cls.invoice = cls._open_invoice(100.0)
        cls._prepay(20.0)

    def _get_page(self, path):
        return html.fromstring(self.url_open(path).text)

    def test_customer_sees_other_ways_to_pay(self):
        self.authenticate("guest", "guest")

        [methods] = self._get_page(f"/my/invoices/{self.invoice.id}").xpath("//div[@name='payment_methods']")

        self.assertEqual(methods.xpath(".//a/@href"), ["https://paypal.me/firm/100.00USD"])
        self.assertIn("Write <b>nothing</b> else.", methods.text_content())

    def test_customer_sees_the_credit_in_the_account_area(self):
        self.authenticate("guest", "guest")

        [section] = self._get_page("/service/account").xpath("//section[@aria-labelledby='credit']")

        self.assertIn("20.00", section.text_content())
        self.assertIn(self.company.name, section.text_content())

    def test_who_sees_a_part_of_the_documents_sees_no_credit(self):
        self.authenticate("guest", "guest")
        for role in ("own", "site"):
            self.customer.billing_portal_role = role
            with self.subTest(role):
                page = self._get_page("/service/account")
                self.assertFalse(page.xpath("//section[@aria-labelledby='credit']"))

    def test_page_of_the_invoice_offers_other_ways_to_pay(self):
        self.invoice.partner_bank_id.clearing_number = "021000021"

        page = html.fromstring(self.url_open(self.invoice.sudo()._get_pay_path()).text)

        [section] = page.xpath("//section[@aria-labelledby='methods']")
        self.assertEqual(section.xpath(".//a/@href"), ["https://paypal.me/firm/100.00USD"])
        self.assertIn("Write <b>nothing</b> else.", section.text_content())
        self.assertIn("021000021", page.text_content())
        self.assertNotIn("Your credit", page.text_content())

    def test_page_of_a_paid_invoice_offers_nothing(self):
        self._pay_invoice(self.invoice, 100.0)

        page = html.fromstring(self.url_open(self.invoice.sudo()._get_pay_path()).text)

        self.assertFalse(page.xpath("//section[@aria-labelledby='methods']"))
        self.assertIn("(", page.xpath("//*[contains(@class, 'good')]")[0].text_content())
