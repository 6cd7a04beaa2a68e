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

    def _get_parts(self, path):
        """Return the texts and links of what this is about on a page."""
        page = html.fromstring(self.url_open(path).text)
        parts = {name: page.xpath(f"//div[@name='{name}']") for name in ("payment_methods", "credit")}
        texts = {name: " ".join(found[0].text_content().split()) for name, found in parts.items() if found}
        return texts, page.xpath("//div[@name='payment_methods']//a/@href")

    def test_customer_sees_other_ways_to_pay_and_the_credit(self):
        self.authenticate("guest", "guest")

        texts, links = self._get_parts(f"/my/invoices/{self.invoice.id}")

        self.assertEqual(links, ["https://paypal.me/firm/100.00USD"])
        self.assertIn("Write <b>nothing</b> else.", texts["payment_methods"])
        self.assertIn("20.00", texts["credit"])

    def test_whoever_has_the_link_sees_no_credit(self):
        self.authenticate(None, None)
        token = self.invoice._portal_ensure_token()

        texts, _links = self._get_parts(f"/my/invoices/{self.invoice.id}?access_token={token}")

        self.assertNotIn("credit", texts)

    def test_page_of_the_invoice_offers_other_ways_to_pay(self):
        self.invoice.partner_bank_id.clearing_number = "021000021"

        page = html.fromstring(self.url_open(self.invoice.sudo()._get_pay_path()).text)

        [section] = page.xpath("//section[@aria-labelledby='methods']")
        self.assertEqual(section.xpath(".//a/@href"), ["https://paypal.me/firm/100.00USD"])
        self.assertIn("Write <b>nothing</b> else.", section.text_content())
        self.assertIn("021000021", page.text_content())
        self.assertNotIn("Your Credit", page.text_content())

    def test_page_of_a_paid_invoice_offers_nothing(self):
        self._pay_invoice(self.invoice, 100.0)

        page = html.fromstring(self.url_open(self.invoice.sudo()._get_pay_path()).text)

        self.assertFalse(page.xpath("//section[@aria-labelledby='methods']"))
        self.assertIn("(", page.xpath("//*[contains(@class, 'good')]")[0].text_content())
