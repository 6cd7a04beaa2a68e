from freezegun import freeze_time

from odoo.tests import HttpCase, new_test_user, tagged

from .common_open_item import OpenItemCommon


@tagged("post_install", "-at_install")
class TestInvoicePortalOpen(OpenItemCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = new_test_user(
            cls.env, "guest", groups="base.group_portal", partner_id=cls.customer.id, lang="en_US"
        )

    def _get(self, path, moment):
        """Return the text of a page as the customer sees it at a moment of UTC, without its white space."""
        with freeze_time(moment):
            self.authenticate("guest", "guest")
            answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200)
        return " ".join(answer.text.split())

    def test_customer_sees_each_instalment_and_what_is_due_now(self):
        invoice = self._open_in_january(100.0)

        page = self._get(f"/my/invoices/{invoice.id}", "2026-01-20 12:00:00")

        instalments = page.partition('name="billing_instalments"')[2].partition("</table>")[0]
        self.assertIn("Overdue", instalments)
        self.assertIn("Upcoming", instalments)
        self.assertRegex(page, r'name="installment_amount".{0,160}30\.00')

    def test_customer_sees_what_is_due_today_beside_what_is_overdue(self):
        invoice = self._open_in_january(100.0)

        page = self._get(f"/my/invoices/{invoice.id}", "2026-02-09 12:00:00")

        self.assertRegex(page, r"Due now:.{0,160}100\.00")

    def test_customer_is_asked_for_the_next_instalment_until_it_is_overdue(self):
        invoice = self._open_in_january(100.0)

        self.assertIn("Next Installment", self._get(f"/my/invoices/{invoice.id}", "2026-01-15 12:00:00"))

    def test_the_day_of_the_company_decides_for_the_customer_too(self):
        self.company.billing_timezone = "America/Los_Angeles"
        invoice = self._open_in_january(100.0)

        evening = self._get(f"/my/invoices/{invoice.id}", "2026-01-16 07:30:00")

        self.assertIn("Due today", evening)
        self.assertNotIn("Overdue", evening)
        self.assertNotIn('name="billing_overdue"', self._get("/my/invoices", "2026-01-16 07:30:00"))
        self.assertIn('name="billing_overdue"', self._get("/my/invoices", "2026-01-16 08:30:00"))

    def test_customer_filters_what_is_overdue(self):
        late = self._open_in_january(100.0)
        later = self._open_in_january(50.0, invoice_payment_term_id=False, invoice_date_due="2026-03-01")

        page = self._get("/my/invoices?filterby=overdue_invoices", "2026-01-20 12:00:00")

        self.assertIn(late.name, page)
        self.assertNotIn(later.name, page)

    def test_paid_invoice_asks_for_nothing(self):
        invoice = self._open_in_january(100.0)
        self._pay_invoice(invoice, 100.0)

        page = self._get(f"/my/invoices/{invoice.id}", "2026-06-01 12:00:00")

        self.assertNotIn("Due now", page)
        self.assertNotIn("Overdue", page)
